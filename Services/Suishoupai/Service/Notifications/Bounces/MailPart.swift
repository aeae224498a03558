import Foundation

/// A mail or a part of one: headers, and what stands below them (RFC 5322, RFC 2046).
///
/// Reads what reports are made of, and no more: nothing in them is encoded.
struct MailPart {
    /// By lower-case name; of several the first.
    private let headers: [String: String]
    let body: [Substring]

    /// Deeper nested parts are not looked into.
    private static let deepest = 5

    init(lines: [Substring]) {
        var headers: [String: String] = [:]
        var last: String?
        let end = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
        for line in lines[..<end] {
            if line.first == " " || line.first == "\t" {
                // A header goes on.
                if let last { headers[last]?.append(" " + line.drop { $0 == " " || $0 == "\t" }) }
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            guard parts.count == 2, headers[name] == nil else {
                last = nil
                continue
            }
            headers[name] = String(parts[1].drop { $0 == " " || $0 == "\t" })
            last = name
        }
        self.headers = headers
        body = Array(lines[min(end + 1, lines.endIndex)...])
    }

    /// Lines end in CRLF or LF, and hold any bytes.
    static func lines(of mail: Data) -> [Substring] {
        String(decoding: mail, as: UTF8.self).split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }
    }

    subscript(_ name: String) -> String? { headers[name] }

    /// Such as `message/delivery-status`, in lower case.
    var type: String {
        (headers["content-type"] ?? "text/plain").prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }

    var isReport: Bool { type == "multipart/report" && parameter("report-type")?.lowercased() == "delivery-status" }

    /// What stands between boundaries; empty where it has no parts.
    var parts: [MailPart] {
        guard type.hasPrefix("multipart/"), let boundary = parameter("boundary") else { return [] }
        var parts: [[Substring]] = []
        for line in body {
            // Spaces may follow a boundary.
            var text = line
            while text.last == " " || text.last == "\t" { text.removeLast() }
            if text == "--\(boundary)--" { break }
            if text == "--\(boundary)" {
                parts.append([])
            } else if let last = parts.indices.last {
                parts[last].append(line)
            }
        }
        return parts.map(MailPart.init)
    }

    /// Groups of lines of the body, with empty lines between.
    var blocks: [[Substring]] { body.split { $0.isEmpty }.map(Array.init) }

    /// This part or the first within it that fits.
    func first(where fits: (MailPart) -> Bool, depth: Int = 0) -> MailPart? {
        if fits(self) { return self }
        guard depth < Self.deepest else { return nil }
        for part in parts {
            if let found = part.first(where: fits, depth: depth + 1) { return found }
        }
        return nil
    }

    /// A parameter of the type, with or without quotation marks.
    private func parameter(_ name: String) -> String? {
        let pieces = (headers["content-type"] ?? "").split(separator: ";").dropFirst()
        for piece in pieces {
            let sides = piece.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0].filter({ !$0.isWhitespace }).lowercased() == name else { continue }
            var value = sides[1]
            while value.first?.isWhitespace == true { value.removeFirst() }
            while value.last?.isWhitespace == true { value.removeLast() }
            return value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
                ? String(value.dropFirst().dropLast()) : String(value)
        }
        return nil
    }
}
