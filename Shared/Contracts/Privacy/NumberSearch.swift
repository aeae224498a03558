/// Finds phone, identity card and bank card numbers, whole or in groups such as `138-1234 5678`.
struct NumberSearch {
    /// Digits that stand together.
    private struct Group {
        var range: Range<Int>
        var digits: [UInt8]
    }

    /// The longest number that is looked for in groups: a bank card.
    private static let longest = 19
    /// So many separators may stand between two groups.
    private static let widestGap = 3

    private let scalars: [Unicode.Scalar]
    private let groups: [Group]

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        groups = Self.groups(in: scalars)
    }

    /// The longest numbers: what is a part of one is not told again.
    var findings: [PersonalFinding] {
        var findings: [PersonalFinding] = []
        var reach = -1
        for first in groups.indices {
            guard let (last, number, kind) = longest(from: first), last > reach else { continue }
            reach = last
            findings.append(PersonalFinding(kind: kind, positions: positions(first...last, number)))
        }
        return findings
    }

    /// The longest personal number that begins with a group.
    private func longest(from first: Int) -> (last: Int, number: Number, kind: PersonalData)? {
        var found: (last: Int, number: Number, kind: PersonalData)?
        var digits: [UInt8] = []
        var shortest = Int.max
        for last in first..<groups.count {
            if last > first, !areJoined(groups[last - 1], groups[last]) { break }
            // The shape of a card's groups is judged without the last, which takes what is left.
            if last > first { shortest = min(shortest, groups[last - 1].digits.count) }
            digits += groups[last].digits
            // A single longer group was judged when it stood alone.
            if last > first, digits.count > Self.longest { break }
            let number = Number(
                digits: digits, endsInX: isX(at: groups[last].range.upperBound), shortestGroup: shortest)
            if let kind = number.kind { found = (last, number, kind) }
        }
        return found
    }

    private func positions(_ found: ClosedRange<Int>, _ number: Number) -> [Int] {
        let end = groups[found.upperBound].range.upperBound
        let positions = groups[found].flatMap(\.range)
        return number.endsInX && number.digits.count >= 17 ? positions + [end] : positions
    }

    private static func groups(in scalars: [Unicode.Scalar]) -> [Group] {
        var groups: [Group] = []
        for (position, scalar) in scalars.enumerated() {
            guard let digit = Signs.digit(scalar) else { continue }
            if let last = groups.last, last.range.upperBound == position {
                groups[groups.count - 1].range = last.range.lowerBound..<position + 1
                groups[groups.count - 1].digits.append(digit)
            } else {
                groups.append(Group(range: position..<position + 1, digits: [digit]))
            }
        }
        return groups
    }

    private func areJoined(_ left: Group, _ right: Group) -> Bool {
        let gap = left.range.upperBound..<right.range.lowerBound
        return gap.count <= Self.widestGap && gap.allSatisfy { Signs.separates(scalars[$0]) }
    }

    private func isX(at position: Int) -> Bool {
        position < scalars.count && Signs.letter(scalars[position]) == UInt8(ascii: "X")
    }
}

/// Digits that may be a number of a person.
private struct Number {
    let digits: [UInt8]
    let endsInX: Bool
    /// Digits in the shortest of its groups but the last; the largest number where it is one group.
    let shortestGroup: Int

    private var isOneGroup: Bool { shortestGroup == .max }

    /// Nil where it points to nobody.
    var kind: PersonalData? {
        if isPhone { return .phone }
        let hasCardLength = digits.count == 18 || digits.count == 15 || (digits.count == 17 && endsInX)
        if hasCardLength, hasBirthDate { return .identityCard }
        if isBankCard { return .bankCard }
        if hasCardLength { return .identityCard }
        return isOneGroup && digits.count >= 11 ? .longNumber : nil
    }

    private var isPhone: Bool {
        let isMobile = digits.count == 11 && digits[0] == 1 && digits[1] >= 3
        let isMobileAbroad =
            digits.count == 13 && digits[0] == 8 && digits[1] == 6 && digits[2] == 1 && digits[3] >= 3
        let isLandline = (10...12).contains(digits.count) && digits[0] == 0 && digits[1] != 0
        return isMobile || isMobileAbroad || isLandline
    }

    /// Whether month and day stand where an identity card has them: behind six digits of the region and the year.
    private var hasBirthDate: Bool {
        let start = digits.count == 15 ? 8 : 10
        let month = digits[start] * 10 + digits[start + 1]
        let day = digits[start + 2] * 10 + digits[start + 3]
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// Of ISO/IEC 7812: 13 to 19 digits whose last one checks the others (Luhn), in groups of three or more.
    ///
    /// One number in ten passes the check by chance, hence the groups: dates and times beside each other have shorter ones.
    private var isBankCard: Bool {
        guard (13...19).contains(digits.count), shortestGroup >= 3, digits[0] != 0 else { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = Int(digit) * 2
            sum += place.isMultiple(of: 2) ? Int(digit) : doubled > 9 ? doubled - 9 : doubled
        }
        return sum.isMultiple(of: 10)
    }
}
