/// One event of a `text/event-stream`.
package struct ServerSentEvent: Hashable, Sendable {
    /// Where a client that reconnects goes on; sent back as `Last-Event-ID`.
    package let id: String?
    package let event: String?
    package let data: String

    package init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The event on the wire.
    ///
    /// Each line of the data is a line of its own; line breaks in id and event are dropped,
    /// since they would begin another field.
    package var frame: String {
        var lines: [String] = []
        if let id { lines.append("id: \(Self.oneLine(id))") }
        if let event { lines.append("event: \(Self.oneLine(event))") }
        lines += Self.lines(of: data).map { "data: \($0)" }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }))
    }

    private static func lines(of text: String) -> [String] {
        text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
