package import Foundation
package import Logging

/// One JSON object a line, for machines: `time`, `level`, `service`, `logger`, `message`, and the metadata beside them.
///
/// Nested metadata is flattened with dots. A metadata key that has the name of one of the five is written as
/// `metadata.<name>`.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let service: String
    private let output: any LogOutput
    private let now: @Sendable () -> Date

    package init(
        label: String, service: String, output: any LogOutput, now: @escaping @Sendable () -> Date
    ) {
        self.label = label
        self.service = service
        self.output = output
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members: [String: JSONValue] = [
            "time": .string(RFC3339.text(now())),
            "level": .string(event.level.rawValue),
            "service": .string(service),
            "logger": .string(label),
            "message": .string(event.message.description),
        ]
        for (key, value) in LogMetadata.flattened(metadata, metadataProvider, event) {
            members[members[key] == nil ? key : "metadata.\(key)"] = .string(value)
        }
        output.write(JSONValue.object(members).text())
    }
}
