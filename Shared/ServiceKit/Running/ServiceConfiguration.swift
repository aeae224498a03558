package import Configuration
package import Foundation
package import Logging

/// What every program of the project can be told.
///
/// ## Configuration keys
/// Each key is an option (`--data`), or an environment variable (`SUISHOUPAI_DATA`); the option goes first. Only
/// `log.*` (`LOG_LEVEL`, `LOG_FORMAT`), `kafka.*` (`KAFKA_BOOTSTRAP_SERVERS`), `aws.*` and `oidc.*` have variables without
/// a prefix.
/// - `data` (required): the data folder.
/// - `http.host` (`127.0.0.1`): the address to listen at.
/// - `http.port` (given by the program): the port; 0 lets the system choose.
/// - `http.patience` (60): for so many seconds a sender may keep the program waiting for the rest of a request, or for
///   the next one.
/// - `address.file` (none): where to write `{"url", "pid"}` once it listens.
/// - `log.level` (`info`): trace, debug, info, notice, warning, error or critical.
/// - `log.format` (`console` on a terminal, else `json`): json or console.
/// - `jwt.jwks` (none): file or https URL (http on this machine) of the public keys that tokens are checked with,
///   instead of the key in the data folder.
/// - `jwt.issuer` (`suishoupai`; none with `jwt.jwks`): what `iss` must be.
/// - `replica` (host name and process id): the name of this process among its like; the store of an edge is called by it.
///   `lowest-free` takes the first number of which no other process has the store open.
/// - `broker.file` (`broker.json` in the data folder): where the embedded broker writes its address; one elsewhere means
///   that other hosts' replicas have data folders of their own.
/// - `snapshots` (none): where snapshots of stores go: a folder, or `s3://bucket/prefix`.
/// - `snapshot.records` (20000), `snapshot.seconds` (600), `snapshot.kilobytes` (none): how often one is taken.
/// - `stop.with.stdin` (`false`): stop when standard input ends, so that no child outlives its supervisor.
package struct ServiceConfiguration: Sendable {
    /// Where the public keys of tokens come from.
    package enum TokenKeys: Hashable, Sendable {
        case dataFolder
        case file(URL)
        case provider(KeyProvider)
    }

    package static let usualPatience = Duration.seconds(60)

    package let data: URL
    package var host: String
    package var port: Int
    package let patience: Duration
    package var addressFile: URL?
    package let logLevel: Logger.Level
    package let logFormat: LogFormat
    package let tokenKeys: TokenKeys
    package let tokenIssuer: String?
    package var replica: String
    package let stopWithStdin: Bool
    package let brokerFile: URL?
    package let snapshots: SnapshotChoice

    /// Where snapshots go and how often, as far as it was said.
    package struct SnapshotChoice: Sendable, Equatable {
        package var place: String?
        package var records: Int?
        package var seconds: Int?
        package var kilobytes: Int?
    }

    /// - Parameter defaultPort: where the program listens when nothing is said.
    /// - Throws: ``ConfigurationError``, a sentence that names the key.
    package init(config: ConfigReader, defaultPort: Int) throws {
        let settings = Settings(config)
        data = URL(filePath: try settings.required("data"), directoryHint: .isDirectory).absoluteURL
        host = settings.text("http.host") ?? "127.0.0.1"
        port = try settings.integer("http.port", in: 0...65_535) ?? defaultPort
        patience = try settings.integer("http.patience", in: 1...3_600).map { .seconds($0) } ?? Self.usualPatience
        addressFile = settings.text("address.file").map { URL(filePath: $0) }
        logLevel = try settings.choice("log.level", Logger.Level.allCases) ?? .info
        logFormat = try settings.choice("log.format", LogFormat.allCases) ?? (isatty(2) == 1 ? .console : .json)
        tokenKeys = try Self.tokenKeys(settings.text("jwt.jwks"))
        tokenIssuer = settings.text("jwt.issuer") ?? (tokenKeys == .dataFolder ? TokenVerifier.ownIssuer : nil)
        replica =
            settings.text("replica")
            ?? "\(ProcessInfo.processInfo.hostName)-\(ProcessInfo.processInfo.processIdentifier)"
        stopWithStdin = try settings.flag("stop.with.stdin") ?? false
        brokerFile = settings.text("broker.file").map { URL(filePath: $0).absoluteURL }
        snapshots = SnapshotChoice(
            place: settings.text("snapshots"), records: try settings.integer("snapshot.records", in: 1...100_000_000),
            seconds: try settings.integer("snapshot.seconds", in: 1...86_400),
            kilobytes: try settings.integer("snapshot.kilobytes", in: 1...10_000_000))
    }

    private static func tokenKeys(_ text: String?) throws(ConfigurationError) -> TokenKeys {
        guard let text else { return .dataFolder }
        guard text.contains("://") else { return .file(URL(filePath: text)) }
        guard let url = URL(string: text), let provider = KeyProvider(url) else {
            throw ConfigurationError(
                key: "jwt.jwks", mustBe: "a file, or a URL that begins with https:// (http:// only on this machine)")
        }
        return .provider(provider)
    }

    /// Checks tokens as configured; run it beside the program's HTTP.
    ///
    /// - Parameter health: is told whether there are keys to check with.
    package func tokenVerifier(
        health: HealthRegistry, logger: Logger, now: @escaping @Sendable () -> Date
    ) throws -> TokenVerifier {
        let verifier = TokenVerifier(try verification(now), issuer: tokenIssuer, logger: logger, now: now)
        health.check("token-keys") { await verifier.health }
        return verifier
    }

    private func verification(_ now: @escaping @Sendable () -> Date) throws -> JWTVerification {
        switch tokenKeys {
        case .dataFolder: .dataFolder(try DataFolderKeys(.jwt, in: data, now: now))
        case .file(let file): .jwks(file: file)
        case .provider(let provider): .jwks(provider)
        }
    }
}
