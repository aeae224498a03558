/// Finds number plates such as 赣A12345 and 赣A·D12345.
enum PlateSearch {
    private static let provinces = Set("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领".unicodeScalars)
    private static let lastSigns = Set("挂学警港澳领使".unicodeScalars)

    static func findings(in scalars: [Unicode.Scalar]) -> [PersonalFinding] {
        scalars.indices.compactMap { start in
            provinces.contains(scalars[start]) ? plate(at: start, in: scalars) : nil
        }
    }

    private static func plate(at start: Int, in scalars: [Unicode.Scalar]) -> PersonalFinding? {
        guard start + 1 < scalars.count, Signs.isLetter(scalars[start + 1]) else { return nil }
        var position = start + 2
        if position < scalars.count, isDot(scalars[position]) { position += 1 }
        var signs: [Int] = []
        while position < scalars.count, signs.count < 6 {
            let isLast = signs.count >= 4 && lastSigns.contains(scalars[position])
            guard isLast || Signs.isLetter(scalars[position]) || Signs.digit(scalars[position]) != nil else { break }
            signs.append(position)
            position += 1
            if isLast { break }
        }
        let hasDigit = signs.contains { Signs.digit(scalars[$0]) != nil }
        guard signs.count >= 5, hasDigit else { return nil }
        return PersonalFinding(kind: .plate, positions: [start, start + 1] + signs)
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        " -\u{00B7}\u{2022}\u{30FB}\u{2027}".unicodeScalars.contains(scalar)
    }
}
