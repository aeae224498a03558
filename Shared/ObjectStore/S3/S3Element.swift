/// An element of what S3 answers.
///
/// Read here, because Foundation's XML would need libxml2 on every machine that runs the programs; S3's answers are
/// elements and text, without comments, sections or document types.
struct S3Element: Equatable {
    let name: String
    var text = ""
    var children: [S3Element] = []

    /// Nil where the bytes are not such a document.
    static func root(of bytes: some Sequence<UInt8>) -> S3Element? {
        guard let text = String(validating: Array(bytes), as: UTF8.self) else { return nil }
        var open: [S3Element] = []
        var rest = text.utf8[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")),
            let end = rest[start...].firstIndex(of: UInt8(ascii: ">"))
        {
            if !open.isEmpty { open[open.count - 1].text += unescaped(Substring(rest[..<start])) }
            let tag = Substring(rest[rest.index(after: start)..<end])
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            guard !tag.hasPrefix("!") else { return nil }
            if !tag.hasPrefix("/") {
                open.append(S3Element(name: String(tag.prefix { !$0.isWhitespace && $0 != "/" })))
                guard tag.hasSuffix("/") else { continue }
            }
            guard let closed = open.popLast(), tag.hasSuffix("/") || tag.dropFirst() == closed.name else { return nil }
            guard !open.isEmpty else { return closed }
            open[open.count - 1].children.append(closed)
        }
        return nil
    }

    /// The text of the first child of that name.
    subscript(_ name: String) -> String? {
        children.first { $0.name == name }?.text
    }

    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static func unescaped(_ text: Substring) -> String {
        var parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var plain = String(parts.removeFirst())
        for part in parts {
            let name = part.prefix { $0 != ";" }
            if name.endIndex < part.endIndex, let meant = entities[String(name)] ?? character(name) {
                plain += meant + part[part.index(after: name.endIndex)...]
            } else {
                plain += "&" + part
            }
        }
        return plain
    }

    private static func character(_ name: Substring) -> String? {
        let isHex = name.hasPrefix("#x")
        guard name.hasPrefix("#"), let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10) else {
            return nil
        }
        return Unicode.Scalar(number).map(String.init)
    }
}
