package import Foundation
package import Logging

/// One short line for people: `08:30:00.123 INFO  report-intake  Report stored  report.id=…`.
///
/// Line breaks in values are written as `\n`, so that a line stays a line.
package struct ConsoleLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let service: String
    private let output: any LogOutput
    private let now: @Sendable () -> Date

    package init(service: String, output: any LogOutput, now: @escaping @Sendable () -> Date) {
        self.service = service
        self.output = output
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = RFC3339.text(now()).dropFirst(11)
        let level = event.level.rawValue.uppercased().padding(toLength: 8, withPad: " ", startingAt: 0)
        let pairs = LogMetadata.flattened(metadata, metadataProvider, event)
            .map { "\($0.key)=\(Self.quoted($0.value))" }
        let parts = ["\(time) \(level) \(service)", Self.oneLine(event.message.description)] + pairs
        output.write(parts.joined(separator: "  "))
    }

    private static func quoted(_ value: String) -> String {
        let line = oneLine(value)
        return line.contains(" ") || line.isEmpty ? "\"\(line)\"" : line
    }

    private static func oneLine(_ text: String) -> String {
        text.replacing("\r", with: "\\r").replacing("\n", with: "\\n")
    }
}
