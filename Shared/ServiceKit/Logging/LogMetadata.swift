import Logging

enum LogMetadata {
    /// Names that never reach a log, wherever they come from: what stands under them opens doors.
    private static let secrets = ["authorization", "cookie", "set-cookie", "password", "secret", "token", "api_key"]

    /// All metadata of a line, flattened with dots and sorted by key: the event's own over the provider's over the
    /// logger's.
    static func flattened(
        _ metadata: Logger.Metadata, _ provider: Logger.MetadataProvider?, _ event: LogEvent
    ) -> [(key: String, value: String)] {
        var all = metadata
        if let provider { all.merge(provider.get()) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        var pairs: [(key: String, value: String)] = []
        for (key, value) in all { flatten(key, value, into: &pairs) }
        if let error = event.error { pairs.append(("error", String(describing: error))) }
        return pairs.sorted { $0.key < $1.key }
    }

    private static func flatten(
        _ key: String, _ value: Logger.MetadataValue, into pairs: inout [(key: String, value: String)]
    ) {
        if isSecret(key) {
            pairs.append((key, "***"))
            return
        }
        switch value {
        case .string(let text): pairs.append((key, text))
        case .stringConvertible(let value): pairs.append((key, value.description))
        case .array(let values):
            for (index, value) in values.enumerated() { flatten("\(key).\(index)", value, into: &pairs) }
        case .dictionary(let values):
            for (name, value) in values { flatten("\(key).\(name)", value, into: &pairs) }
        }
    }

    private static func isSecret(_ key: String) -> Bool {
        guard let last = key.lowercased().split(separator: ".").last else { return false }
        return secrets.contains(String(last))
    }
}
