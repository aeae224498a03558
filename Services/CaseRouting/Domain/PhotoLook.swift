import Contracts

/// What a photo looks like: 64 bits, of which copies of one photo differ in a few.
package struct PhotoLook: Hashable, Sendable {
    package let bits: UInt64

    /// Two that differ in so many bits are one photo.
    package static let mostSame = 4
    /// Beyond so many they have no more in common than any two.
    package static let mostAlike = 10

    /// Of 16 hexadecimal digits; nil where they are none.
    package init?(_ text: String) {
        guard text.utf8.count == 16, !text.hasPrefix("+"), !text.hasPrefix("-"), let bits = UInt64(text, radix: 16)
        else { return nil }
        self.bits = bits
    }

    package init(bits: UInt64) {
        self.bits = bits
    }

    package func difference(from other: PhotoLook) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// The least difference between any of these and any of those; nil where there are none.
    static func leastDifference(_ some: [PhotoLook], _ others: [PhotoLook]) -> Int? {
        some.compactMap { look in others.map { look.difference(from: $0) }.min() }.min()
    }

    /// The look in five pieces, each with its ordinal before it: of two looks that are one photo at least one piece is equal.
    package var pieces: [Int] {
        let widths = [13, 13, 13, 13, 12]
        var rest = bits
        return widths.enumerated().map { ordinal, width in
            let piece = Int(rest & ((1 << UInt64(width)) - 1))
            rest >>= UInt64(width)
            return ordinal << 13 | piece
        }
    }
}

extension Case {
    /// The looks of its photos, in order of coming.
    package var looks: [PhotoLook] { (photos ?? []).compactMap { $0.look.flatMap { PhotoLook($0) } } }
}

extension ArrivingReport {
    package var looks: [PhotoLook] { photos.compactMap { PhotoLook($0.look) } }
}
