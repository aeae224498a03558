/// What a picture looks like, in 64 bits: alike for copies that were made smaller, brighter or saved anew.
///
/// Each bit says whether of two neighbours among 9 × 8 grey fields the left one is brighter ("dHash", Neal Krawetz, 2013).
package struct DifferenceHash: Hashable, Sendable, CustomStringConvertible {
    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits
    }

    package init(_ picture: Picture) {
        let small = picture.scaled(width: min(9, picture.width), height: min(8, picture.height))
        var bits: UInt64 = 0
        for row in 0..<8 {
            for column in 0..<8 {
                bits <<= 1
                if small.grey(column, row) > small.grey(column + 1, row) { bits |= 1 }
            }
        }
        self.bits = bits
    }

    /// How many bits differ: up to about 10 of 64 two pictures are likely one.
    package func distance(to other: DifferenceHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// 16 hexadecimal digits.
    package var description: String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}

extension Picture {
    /// Brightness by ITU-R BT.601, in thousandths; beyond an edge that of the edge.
    fileprivate func grey(_ column: Int, _ row: Int) -> Int {
        let position = (min(row, height - 1) * width + min(column, width - 1)) * 3
        return 299 * Int(pixels[position]) + 587 * Int(pixels[position + 1]) + 114 * Int(pixels[position + 2])
    }
}
