import Foundation

/// Writes JSON objects member by member, byte for byte as ``ContractCoding`` would.
///
/// Foundation's encoder makes a box for every value of an object before it writes the first. So what every record has, and
/// what is written once for each posting, is written by hand; tests hold both ways side by side.
struct JSONText {
    private var bytes: [UInt8] = []
    private var isFirst = true

    /// - Parameter capacity: how many bytes it will have, about.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Adds a member; the caller names the keys in their order.
    mutating func add(_ key: StaticString, _ text: String) throws {
        begin(key)
        guard text.utf8.allSatisfy(Self.isPlain) else {
            bytes.append(contentsOf: try ContractCoding.encode(text))
            return
        }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds a member where there is one.
    mutating func addIfPresent(_ key: StaticString, _ text: String?) throws {
        if let text { try add(key, text) }
    }

    mutating func add(_ key: StaticString, _ number: Int) {
        begin(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func add(_ key: StaticString, _ isSo: Bool) {
        begin(key)
        bytes.append(contentsOf: (isSo ? "true" : "false").utf8)
    }

    /// Adds a member that is an object.
    mutating func add<Item>(
        object key: StaticString, _ item: Item, _ write: (inout JSONText, Item) throws -> Void
    ) rethrows {
        begin(key)
        try object(item, write)
    }

    /// Adds a member that is a list of objects.
    mutating func add<Item>(
        objects key: StaticString, _ items: [Item], _ write: (inout JSONText, Item) throws -> Void
    ) rethrows {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try object(item, write)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func object<Item>(_ item: Item, _ write: (inout JSONText, Item) throws -> Void) rethrows {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        try write(&self, item)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    /// Adds a member whose value is JSON already.
    mutating func add(_ key: StaticString, json: Data) {
        begin(key)
        bytes.append(contentsOf: json)
    }

    mutating func end() -> Data {
        bytes.append(UInt8(ascii: "}"))
        return Data(bytes)
    }

    private mutating func begin(_ key: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Whether a byte stands in JSON as it is (RFC 8259, section 7).
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}

extension Data {
    /// This object of JSON with sorted keys, with one more member at its place.
    func inserting(_ key: StaticString, json: Data) -> Data {
        let place = withUnsafeBytes { bytes in
            key.withUTF8Buffer { Self.place(of: $0, in: bytes) }
        }
        let member = Data("\"\(key)\":".utf8) + json
        let comma = Data([UInt8(ascii: ",")])
        var whole = Data(capacity: count + member.count + 1)
        whole.append(self[startIndex..<(startIndex + place)])
        if place == count - 1 {
            // After the last member, if there is one.
            if count > 2 { whole.append(comma) }
            whole.append(member)
        } else {
            whole.append(member)
            whole.append(comma)
        }
        whole.append(self[(startIndex + place)...])
        return whole
    }

    /// Where the first member with a greater key begins; else the closing brace.
    private static func place(of key: UnsafeBufferPointer<UInt8>, in bytes: UnsafeRawBufferPointer) -> Int {
        var depth = 0
        var position = 0
        var expectsKey = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let start = position
                position += 1
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                if expectsKey, key.lexicographicallyPrecedes(bytes[(start + 1)..<position]) { return start }
                expectsKey = false
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                expectsKey = depth == 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: ","):
                expectsKey = depth == 1
            default:
                break
            }
            position += 1
        }
        return bytes.count - 1
    }
}
