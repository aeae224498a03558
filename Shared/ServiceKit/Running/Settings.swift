package import Configuration
import Foundation

/// A setting that is missing or cannot be used, as a sentence that names its key.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package let key: String
    package let mustBe: String

    package init(key: String, mustBe: String) {
        self.key = key
        self.mustBe = mustBe
    }

    package var description: String {
        "The setting \(key) (option \(Settings.option(key)), environment variable \(Settings.variable(key))) "
            + "must be \(mustBe)."
    }
}

/// Reads settings; an unusable one is an error, never silently the default.
package struct Settings: Sendable {
    /// Keys that begin so are known by their own names everywhere, hence their variables have no prefix.
    private static let unprefixed: Set<String> = ["aws", "kafka", "log", "oidc"]

    private let config: ConfigReader

    package init(_ config: ConfigReader) {
        self.config = config
    }

    /// The reader of every program: what was said on the command line, then the environment.
    ///
    /// - Parameter options: by key (`http.port`), only those that were given.
    package static func reader(
        options: [String: String?], environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ConfigReader {
        let given = options.compactMapValues { $0 }
        let values = given.map { (AbsoluteConfigKey($0.split(separator: ".").map(String.init)), $1) }
        return ConfigReader(providers: [
            InMemoryProvider(
                name: "command line",
                values: Dictionary(
                    values.map { ($0, ConfigValue(.string($1), isSecret: false)) }, uniquingKeysWith: { $1 })),
            EnvironmentVariablesProvider(environmentVariables: environment).mapKeys { key in
                guard let first = key.components.first, !unprefixed.contains(first) else { return key }
                return AbsoluteConfigKey(["suishoupai"] + key.components, context: key.context)
            },
        ])
    }

    /// The option of a key: `address.file` is `--address-file`; of `http.port` it is the short `--port`.
    package static func option(_ key: String) -> String {
        let name = key.hasPrefix("http.") ? String(key.dropFirst("http.".count)) : key
        return "--" + name.replacing(".", with: "-")
    }

    /// The environment variable of a key: `http.port` is `SUISHOUPAI_HTTP_PORT`.
    package static func variable(_ key: String) -> String {
        let name = key.uppercased().replacing(".", with: "_").replacing("-", with: "_")
        let isUnprefixed = key.split(separator: ".").first.map { unprefixed.contains(String($0)) } ?? false
        return isUnprefixed ? name : "SUISHOUPAI_\(name)"
    }

    /// The setting, or nil when it is not given; an empty one counts as not given.
    package func text(_ key: String) -> String? {
        let name = ConfigKey(key.split(separator: ".").map(String.init))
        guard let text = config.string(forKey: name), !text.isEmpty else { return nil }
        return text
    }

    package func required(_ key: String) throws(ConfigurationError) -> String {
        guard let text = text(key) else { throw ConfigurationError(key: key, mustBe: "given") }
        return text
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationError(
                key: key, mustBe: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func flag(_ key: String) throws(ConfigurationError) -> Bool? {
        switch text(key)?.lowercased() {
        case nil: return nil
        case "true", "yes", "1", "on": return true
        case "false", "no", "0", "off": return false
        default: throw ConfigurationError(key: key, mustBe: "true or false")
        }
    }

    package func choice<Choice: RawRepresentable<String>>(
        _ key: String, _ choices: [Choice]
    ) throws(ConfigurationError) -> Choice? {
        guard let text = text(key) else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == text.lowercased() }) else {
            throw ConfigurationError(key: key, mustBe: "one of \(choices.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }
}
