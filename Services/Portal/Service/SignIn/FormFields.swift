import Foundation
import NIOCore
import ServiceKit

/// The fields of a form that a browser sent, and its files.
struct FormFields: Sendable {
    /// A file of a form.
    struct File: Sendable {
        let name: String
        let type: String
        let bytes: [UInt8]
    }

    private var texts: [String: [String]] = [:]
    private(set) var files: [File] = []

    /// Nil where the body is no form, or is cut off.
    init?(_ body: ByteBuffer, type: String) {
        if type.hasPrefix("application/x-www-form-urlencoded") {
            readPairs(String(buffer: body))
        } else if let boundary = Self.boundary(of: type) {
            guard readParts(Data(body.readableBytesView), boundary: boundary) else { return nil }
        } else {
            return nil
        }
    }

    /// The first text of a field, without blanks around it; nil where there is none.
    subscript(_ name: String) -> String? {
        texts[name]?.first.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Every text of a field that may come more than once.
    func all(_ name: String) -> [String] { texts[name, default: []].filter { !$0.isEmpty } }

    private mutating func readPairs(_ text: String) {
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]) else { continue }
            texts[name, default: []].append(halves.count == 2 ? Self.decoded(halves[1]) ?? "" : "")
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    private static func boundary(of type: String) -> String? {
        guard type.hasPrefix("multipart/form-data"), let found = type.range(of: "boundary=") else { return nil }
        let rest = type[found.upperBound...].prefix { $0 != ";" }
        let boundary = rest.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
        return (1...70).contains(boundary.utf8.count) ? boundary : nil
    }

    /// RFC 7578, as browsers write it.
    private mutating func readParts(_ body: Data, boundary: String) -> Bool {
        let delimiter = Data("\r\n--\(boundary)".utf8)
        let whole = Data("\r\n".utf8) + body
        guard var line = whole.range(of: delimiter) else { return false }
        while !whole[line.upperBound...].starts(with: Data("--".utf8)) {
            guard let next = whole.range(of: delimiter, in: line.upperBound..<whole.endIndex) else { return false }
            readPart(whole[line.upperBound..<next.lowerBound])
            line = next
        }
        return true
    }

    private mutating func readPart(_ part: Data) {
        guard let blank = part.range(of: Data("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: part[..<blank.lowerBound], as: UTF8.self)
        let content = part[blank.upperBound...]
        guard let name = head.firstMatch(of: /[; ]name="([^"]*)"/)?.1 else { return }
        if head.contains("filename=") {
            guard !content.isEmpty else { return }
            let type = head.firstMatch(of: /(?i)content-type: *([^\r\n;]+)/)?.1 ?? "application/octet-stream"
            files.append(File(name: String(name), type: String(type), bytes: Array(content)))
        } else {
            texts[String(name), default: []].append(String(decoding: content, as: UTF8.self))
        }
    }
}
