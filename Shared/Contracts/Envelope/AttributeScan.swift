import Foundation

/// Reads the attributes of an envelope that is written as we write it: no space between members, no key twice, no escape
/// in an attribute.
///
/// Every record's attributes are read before anyone knows what its `data` is, and a coder would read that `data` to its end
/// for them. Whatever is written otherwise is left to the coder, which also says what is wrong with it.
struct AttributeScan {
    private enum Key: Int, CaseIterable {
        case causationid
        case correlationid
        case data
        case datacontenttype
        case dataschema
        case id
        case request
        case source
        case specversion
        case subject
        case time
        case traceparent
        case type
    }

    private static let names = Key.allCases.map { Array("\($0)".utf8) }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var texts = [String?](repeating: nil, count: Key.allCases.count)

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Nil where the coder is to be asked.
    static func attributes(of value: Data) -> MessageAttributes? {
        value.withUnsafeBytes { bytes in
            var scan = AttributeScan(bytes)
            return scan.readMembers() ? scan.attributes : nil
        }
    }

    private subscript(_ key: Key) -> String? { texts[key.rawValue] }

    private var attributes: MessageAttributes? {
        guard self[.specversion] == "1.0", let id = self[.id].flatMap({ MessageID($0) }), let type = self[.type],
            let version = self[.dataschema].flatMap({ SchemaReference.version(of: $0, type: type) }),
            let source = self[.source], let time = self[.time].flatMap({ Timestamp($0) }), self[.data] != nil
        else { return nil }
        let correlation = self[.correlationid].map { MessageID($0) }
        let causation = self[.causationid].map { MessageID($0) }
        // There, and none: the coder says so.
        if case .some(.none) = correlation { return nil }
        if case .some(.none) = causation { return nil }
        return MessageAttributes(
            id: id, source: source, type: type, version: version, subject: self[.subject] ?? "", time: time,
            correlationID: correlation.flatMap { $0 } ?? id, causationID: causation.flatMap { $0 },
            traceParent: self[.traceparent], request: self[.request])
    }

    // MARK: - The object

    private mutating func readMembers() -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard let name = plainText(), take(UInt8(ascii: ":")), readValue(of: name) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) && position == bytes.count
    }

    private mutating func readValue(of name: Range<Int>) -> Bool {
        guard let key = Self.names.firstIndex(where: { $0.elementsEqual(bytes[name]) }), texts[key] == nil else {
            return false
        }
        if key == Key.data.rawValue {
            texts[key] = ""
            return passObject()
        }
        guard let text = plainText() else { return false }
        texts[key] = String(validating: bytes[text], as: UTF8.self)
        return texts[key] != nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// The bytes between two quotes, nothing of which is escaped.
    private mutating func plainText() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            guard bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\\") else { return nil }
            position += 1
        }
        let end = position
        return take(UInt8(ascii: "\"")) ? start..<end : nil
    }

    /// Goes to the end of an object, whatever stands in it.
    private mutating func passObject() -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return false }
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""): passText()
            default: break
            }
            position += 1
            if depth == 0 { return true }
        }
        return false
    }

    /// Goes to the closing quote.
    private mutating func passText() {
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
    }
}
