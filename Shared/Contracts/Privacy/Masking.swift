/// Takes from free text what would point to a person: phone numbers, identity cards, number plates.
///
/// A text that travels beyond the office must not carry them: every edge masks what it puts on a topic. Each hidden
/// character becomes `*`, so that a reader sees that something stood there. It rather hides an order number too many than
/// a phone number too few.
package enum Masking {
    package static func masked(_ text: String) -> String {
        // Most reports have neither: they are answered without a copy.
        guard text.unicodeScalars.contains(where: { digit($0) != nil }) else { return text }
        var scalars = Array(text.unicodeScalars)
        let hidden = Set(hiddenNumbers(in: scalars) + hiddenPlates(in: scalars))
        guard !hidden.isEmpty else { return text }
        for position in hidden { scalars[position] = "*" }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    /// The value of an ASCII or full-width digit.
    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        default: nil
        }
    }

    // MARK: - Numbers

    /// Digits that stand together.
    private struct Group {
        var range: Range<Int>
        var digits: [UInt8]
    }

    private static func hiddenNumbers(in scalars: [Unicode.Scalar]) -> [Int] {
        let groups = groups(in: scalars)
        var hidden: [Int] = []
        for first in groups.indices {
            var digits: [UInt8] = []
            for last in first..<groups.count {
                if last > first, !areJoined(groups[last - 1], groups[last], scalars) { break }
                digits += groups[last].digits
                // The longest that is looked for has 18; a single longer group was judged when it stood alone.
                if last > first, digits.count > 18 { break }
                let endsInX = isX(at: groups[last].range.upperBound, scalars)
                guard isPersonal(digits, endsInX: endsInX, isOneGroup: first == last) else { continue }
                hidden += (groups[first].range.lowerBound..<groups[last].range.upperBound)
                    .filter { digit(scalars[$0]) != nil }
                if endsInX, digits.count == 17 { hidden.append(groups[last].range.upperBound) }
            }
        }
        return hidden
    }

    private static func groups(in scalars: [Unicode.Scalar]) -> [Group] {
        var groups: [Group] = []
        for (position, scalar) in scalars.enumerated() {
            guard let digit = digit(scalar) else { continue }
            if let last = groups.last, last.range.upperBound == position {
                groups[groups.count - 1].range = last.range.lowerBound..<position + 1
                groups[groups.count - 1].digits.append(digit)
            } else {
                groups.append(Group(range: position..<position + 1, digits: [digit]))
            }
        }
        return groups
    }

    /// Whether one space or hyphen stands between, as in `138-1234 5678`.
    private static func areJoined(_ left: Group, _ right: Group, _ scalars: [Unicode.Scalar]) -> Bool {
        guard right.range.lowerBound == left.range.upperBound + 1 else { return false }
        return " -\u{2010}\u{2013}\u{2014}\u{00A0}\u{3000}\u{FF0D}".unicodeScalars
            .contains(scalars[left.range.upperBound])
    }

    private static func isX(at position: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        guard position < scalars.count else { return false }
        return "xX\u{FF58}\u{FF38}".unicodeScalars.contains(scalars[position])
    }

    private static func isPersonal(_ digits: [UInt8], endsInX: Bool, isOneGroup: Bool) -> Bool {
        let isMobile = digits.count == 11 && digits[0] == 1 && digits[1] >= 3
        let isMobileAbroad =
            digits.count == 13 && digits[0] == 8 && digits[1] == 6 && digits[2] == 1 && digits[3] >= 3
        let isLandline = (10...12).contains(digits.count) && digits[0] == 0 && digits[1] != 0
        let isCard = digits.count == 18 || digits.count == 15 || (digits.count == 17 && endsInX)
        let isLongNumber = isOneGroup && digits.count >= 11
        return isMobile || isMobileAbroad || isLandline || isCard || isLongNumber
    }

    // MARK: - Plates

    private static let provinces = Set("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领".unicodeScalars)
    private static let lastSigns = Set("挂学警港澳领使".unicodeScalars)

    private static func hiddenPlates(in scalars: [Unicode.Scalar]) -> [Int] {
        var hidden: [Int] = []
        for start in scalars.indices where provinces.contains(scalars[start]) {
            guard start + 1 < scalars.count, isLetter(scalars[start + 1]) else { continue }
            var position = start + 2
            if position < scalars.count, isDot(scalars[position]) { position += 1 }
            var signs: [Int] = []
            while position < scalars.count, signs.count < 6 {
                let isLast = signs.count >= 4 && lastSigns.contains(scalars[position])
                guard isLast || isLetter(scalars[position]) || digit(scalars[position]) != nil else { break }
                signs.append(position)
                position += 1
                if isLast { break }
            }
            let hasDigit = signs.contains { digit(scalars[$0]) != nil }
            if signs.count >= 5, hasDigit { hidden += [start, start + 1] + signs }
        }
        return hidden
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xFF21...0xFF3A, 0xFF41...0xFF5A: true
        default: false
        }
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        " -\u{00B7}\u{2022}\u{30FB}\u{2027}".unicodeScalars.contains(scalar)
    }
}
