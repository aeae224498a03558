/// Cuts a `multipart/form-data` body (RFC 7578) into its parts.
enum MultipartForm {
    struct Part: Equatable {
        let name: String
        /// Whether it has a file name, be it an empty one.
        let isFile: Bool
        let bytes: ArraySlice<UInt8>
    }

    private static let mostParts = 200

    /// The boundary that a content type names; nil where it is another type or names none.
    static func boundary(of contentType: String) -> String? {
        let pieces = contentType.split(separator: ";", maxSplits: 1)
        guard pieces.count == 2, pieces[0].lowercased().trimming == "multipart/form-data" else { return nil }
        guard let boundary = parameters(pieces[1])["boundary"], (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        return boundary
    }

    /// - Throws: `Open311Fault` 400 where the body is cut off or a part has no name.
    static func parts(of body: [UInt8], boundary: String) throws(Open311Fault) -> [Part] {
        // A line end before the first delimiter, too, so that all look the same.
        let bytes = lineEnd + body
        let delimiter = lineEnd + Array("--\(boundary)".utf8)
        guard var end = range(of: delimiter, in: bytes[...])?.upperBound else { throw malformed }
        var parts: [Part] = []
        while !bytes[end...].starts(with: "--".utf8) {
            guard parts.count < mostParts, let start = range(of: lineEnd, in: bytes[end...])?.upperBound,
                let next = range(of: delimiter, in: bytes[(start - lineEnd.count)...])
            else { throw malformed }
            parts.append(try part(bytes[start..<max(start, next.lowerBound)]))
            end = next.upperBound
        }
        return parts
    }

    private static let lineEnd = Array("\r\n".utf8)
    private static let malformed = Open311Fault.badRequest(
        "The form is cut off or has no parts: send multipart/form-data as RFC 7578 describes it.")

    private static func part(_ bytes: ArraySlice<UInt8>) throws(Open311Fault) -> Part {
        guard let blank = range(of: lineEnd + lineEnd, in: bytes) else { throw malformed }
        let headers = String(decoding: bytes[..<blank.lowerBound], as: UTF8.self)
        for line in headers.split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased().trimming == "content-disposition" else { continue }
            let parameters = parameters(halves[1])
            guard let name = parameters["name"] else { break }
            return Part(name: name, isFile: parameters["filename"] != nil, bytes: bytes[blank.upperBound...])
        }
        throw malformed
    }

    /// What stands as `name=value` between semicolons; a value may be in quotes.
    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var isQuoted = false
        let pieces = text.split(omittingEmptySubsequences: true) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
        for piece in pieces {
            let halves = piece.split(separator: "=", maxSplits: 1)
            guard let name = halves.first?.lowercased().trimming else { continue }
            let value = halves.count == 2 ? String(halves[1]).trimming : ""
            parameters[name] =
                value.first == "\"" && value.last == "\"" && value.count > 1
                ? String(value.dropFirst().dropLast()) : value
        }
        return parameters
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
