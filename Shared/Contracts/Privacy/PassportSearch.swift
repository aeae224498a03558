/// Finds the numbers of Chinese passports and of permits for Hong Kong, Macau and Taiwan: E12345678, EA1234567, H1234567890.
enum PassportSearch {
    /// What such a number begins with: E and G ordinary, D diplomatic, S and P of services, H and M permits.
    private static let first = Set("EGDSPHM".utf8)

    static func findings(in scalars: [Unicode.Scalar]) -> [PersonalFinding] {
        scalars.indices.compactMap { start -> PersonalFinding? in
            guard let letter = Signs.letter(scalars[start]), first.contains(letter) else { return nil }
            if start > 0, Signs.isLetter(scalars[start - 1]) { return nil }
            var end = start + 1
            // A second letter, as newer passports have.
            let hasSecond = letter == UInt8(ascii: "E") && end < scalars.count && Signs.isLetter(scalars[end])
            if hasSecond { end += 1 }
            let digits = scalars[end...].prefix { Signs.digit($0) != nil }.count
            let isPermit = letter == UInt8(ascii: "H") || letter == UInt8(ascii: "M")
            guard hasSecond ? digits == 7 : digits == 8 || (isPermit && digits == 10) else { return nil }
            end += digits
            if end < scalars.count, Signs.isLetter(scalars[end]) { return nil }
            return PersonalFinding(kind: .passport, positions: Array(start..<end))
        }
    }
}
