/// The names that every place can keep: segments of letters, digits and `._=-`, joined by `/`.
///
/// No segment is `.` or `..`, so that no key leads out of a folder; none is longer than a file's name may be.
package enum ObjectKey {
    private static let longestSegment = 255
    private static let longestKey = 768

    package static func isKey(_ text: String) -> Bool {
        text.utf8.count <= longestKey
            && text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isSegment)
    }

    /// Whether some key could begin with the text.
    package static func isPrefix(_ text: String) -> Bool {
        var segments = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let begun = segments.removeLast()
        return text.utf8.count <= longestKey && segments.allSatisfy(isSegment) && begun.allSatisfy(isAllowed)
    }

    static func check(_ key: String) throws(ObjectStoreError) {
        guard isKey(key) else { throw .badKey(key) }
    }

    static func checkPrefix(_ prefix: String) throws(ObjectStoreError) {
        guard isPrefix(prefix) else { throw .badKey(prefix) }
    }

    private static func isSegment(_ segment: Substring.UTF8View) -> Bool {
        let isDots = segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
        return (1...longestSegment).contains(segment.count) && !isDots && segment.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "="),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
