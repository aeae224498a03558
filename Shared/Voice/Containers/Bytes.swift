extension [UInt8] {
    func has(_ name: StaticString, at position: Int) -> Bool {
        let end = position + name.utf8CodeUnitCount
        return end <= count && name.withUTF8Buffer { self[position..<end].elementsEqual($0) }
    }

    /// The number that stands there, its lowest byte first; nil beyond the end.
    func littleEndian(at position: Int, bytes: Int) -> Int? {
        guard position + bytes <= count else { return nil }
        return self[position..<position + bytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The number that stands there, its highest byte first; nil beyond the end.
    func bigEndian(at position: Int, bytes: Int) -> Int? {
        guard position + bytes <= count else { return nil }
        return self[position..<position + bytes].reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number of 32 bits, its lowest byte first.
    static func littleEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
