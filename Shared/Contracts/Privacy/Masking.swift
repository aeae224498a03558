/// Takes from free text what would point to a person: phone numbers, cards, passports, number plates, e-mail addresses.
///
/// A text that travels beyond the office must not carry them: every edge masks what it puts on a topic. Each hidden
/// character becomes `*`, so that a reader sees that something stood there. It rather hides an order number too many than
/// a phone number too few.
package enum Masking {
    package static func masked(_ text: String) -> String { examined(text).text }

    /// The text with what points to a person hidden, and which kinds of data that was.
    package static func examined(_ text: String) -> MaskedText {
        // Most reports have neither: they are answered without a copy.
        guard text.unicodeScalars.contains(where: { Signs.digit($0) != nil || Signs.isAt($0) }) else {
            return MaskedText(text: text, hidden: [])
        }
        var scalars = Array(text.unicodeScalars)
        let findings =
            NumberSearch(scalars).findings + PlateSearch.findings(in: scalars) + PassportSearch.findings(in: scalars)
            + EmailSearch.findings(in: scalars)
        guard !findings.isEmpty else { return MaskedText(text: text, hidden: []) }
        for finding in findings {
            for position in finding.positions { scalars[position] = "*" }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        let kinds = Set(findings.map(\.kind))
        return MaskedText(text: String(result), hidden: PersonalData.allCases.filter(kinds.contains))
    }
}

/// Signs of a text that together point to a person.
struct PersonalFinding {
    let kind: PersonalData
    let positions: [Int]
}

/// What a sign of a text is, in its ASCII and its full-width form.
enum Signs {
    /// The value of an ASCII or full-width digit.
    static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        default: nil
        }
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool { letter(scalar) != nil }

    /// A letter as the ASCII capital that it stands for.
    static func letter(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x41...0x5A: UInt8(scalar.value)
        case 0x61...0x7A: UInt8(scalar.value - 0x20)
        case 0xFF21...0xFF3A: UInt8(scalar.value - 0xFEE0)
        case 0xFF41...0xFF5A: UInt8(scalar.value - 0xFEE0 - 0x20)
        default: nil
        }
    }

    static func isAt(_ scalar: Unicode.Scalar) -> Bool { scalar == "@" || scalar == "\u{FF20}" }

    static func isDot(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "\u{FF0E}" }

    /// What people and phones put between the groups of a number: blanks, hyphens, and signs that nobody sees.
    static func separates(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x2D, 0x09, 0xA0, 0xAD, 0x2000...0x2015, 0x202A...0x202F, 0x2060, 0x2212, 0x3000, 0xFE58, 0xFE63,
            0xFEFF, 0xFF0D:
            true
        default: false
        }
    }
}
