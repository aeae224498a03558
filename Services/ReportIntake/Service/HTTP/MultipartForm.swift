import ServiceKit

/// Cuts a `multipart/form-data` body (RFC 7578) into its parts.
enum MultipartForm {
    struct Part: Equatable, Sendable {
        let name: String
        /// Whether it has a file name, be it an empty one.
        let isFile: Bool
        let bytes: ArraySlice<UInt8>
    }

    /// The body is cut off, or a part has no name.
    struct Malformed: Error, Equatable {
        static let advice = "The form is cut off or has no parts: send multipart/form-data as RFC 7578 describes it."
    }

    /// Bytes of a form: two photos of the largest kind, or many of the usual ones, and words.
    ///
    /// It lies in memory as a whole.
    static let largest = 2 * PhotoRoutes.largest + 2 * ServiceRequestContext.largestBody
    static let largestAdvice = "A form with its files has at most \(largest >> 20) MB."
    private static let mostParts = 200

    /// The boundary that a content type names; nil where it is another type or names none.
    static func boundary(of contentType: String) -> String? {
        let pieces = contentType.split(separator: ";", maxSplits: 1)
        guard pieces.count == 2, isMultipart(contentType) else { return nil }
        guard let boundary = parameters(pieces[1])["boundary"], (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        return boundary
    }

    /// Whether a content type means such a form, be it without a boundary.
    static func isMultipart(_ contentType: String) -> Bool {
        contentType.split(separator: ";").first?.lowercased().trimming == "multipart/form-data"
    }

    static func parts(of body: some Sequence<UInt8>, boundary: String) throws(Malformed) -> [Part] {
        let (parts, isWhole) = try read(body, boundary: boundary)
        guard isWhole else { throw Malformed() }
        return parts
    }

    /// The parts that have come so far of a body that is still on its way.
    static func leadingParts(of body: some Sequence<UInt8>, boundary: String) throws(Malformed) -> [Part] {
        try read(body, boundary: boundary).parts
    }

    private static let lineEnd = Array("\r\n".utf8)

    private static func read(
        _ body: some Sequence<UInt8>, boundary: String
    ) throws(Malformed) -> (parts: [Part], isWhole: Bool) {
        // A line end before the first delimiter, too, so that all look the same.
        var bytes = lineEnd
        bytes.append(contentsOf: body)
        let delimiter = lineEnd + Array("--\(boundary)".utf8)
        guard var line = nextLine(delimiter, in: bytes[...]) else { return ([], false) }
        var parts: [Part] = []
        while !line.isLast {
            guard parts.count < mostParts else { throw Malformed() }
            // Its line end may be the one that the next begins with.
            guard let next = nextLine(delimiter, in: bytes[(line.end - lineEnd.count)...]) else {
                return (parts, false)
            }
            parts.append(try part(bytes[line.end..<max(line.end, next.start)]))
            line = next
        }
        return (parts, true)
    }

    /// A line between two parts, or behind the last.
    private struct Line {
        let start: Int
        let end: Int
        let isLast: Bool
    }

    /// What only begins like the delimiter is content: the boundary may be the beginning of another.
    private static func nextLine(_ delimiter: [UInt8], in bytes: ArraySlice<UInt8>) -> Line? {
        var rest = bytes
        while let found = range(of: delimiter, in: rest) {
            let isLast = bytes[found.upperBound...].starts(with: "--".utf8)
            let tail = bytes[(found.upperBound + (isLast ? 2 : 0))...].drop { $0 == 0x20 || $0 == 0x09 }
            if tail.starts(with: lineEnd) || (isLast && tail.isEmpty) {
                return Line(
                    start: found.lowerBound, end: min(tail.startIndex + lineEnd.count, bytes.endIndex), isLast: isLast)
            }
            rest = bytes[(found.lowerBound + 1)...]
        }
        return nil
    }

    private static func part(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> Part {
        guard let blank = range(of: lineEnd + lineEnd, in: bytes) else { throw Malformed() }
        let headers = String(decoding: bytes[..<blank.lowerBound], as: UTF8.self)
        for line in headers.split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased().trimming == "content-disposition" else { continue }
            let parameters = parameters(halves[1])
            guard let name = parameters["name"] else { break }
            return Part(name: name, isFile: parameters["filename"] != nil, bytes: bytes[blank.upperBound...])
        }
        throw Malformed()
    }

    /// What stands as `name=value` between semicolons; a value may be in quotes, and in them `\"` is a quote.
    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var isQuoted = false
        var isEscaped = false
        let pieces = text.split(omittingEmptySubsequences: true) { character in
            defer { isEscaped = isQuoted && character == "\\" && !isEscaped }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
        for piece in pieces {
            let halves = piece.split(separator: "=", maxSplits: 1)
            guard let name = halves.first?.lowercased().trimming else { continue }
            let value = halves.count == 2 ? String(halves[1]).trimming : ""
            parameters[name] =
                value.first == "\"" && value.last == "\"" && value.count > 1
                ? unescaped(value.dropFirst().dropLast()) : value
        }
        return parameters
    }

    /// Other backslashes stand for themselves: some browsers send a whole path of Windows.
    private static func unescaped(_ text: Substring) -> String {
        String(text.replacing(/\\(["\\])/) { $0.1 })
    }

    private static func range(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = needle.first else { return nil }
        var rest = bytes
        while let position = rest.firstIndex(of: first) {
            rest = rest[position...]
            if rest.starts(with: needle) { return position..<(position + needle.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}

extension StringProtocol {
    fileprivate var trimming: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
