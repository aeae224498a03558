import Contracts

extension PackQuestion {
    /// The characters of the longest answer in one line, and of the longest in several.
    static let longestString = 200
    static let longestText = 2_000

    /// The answer as it is kept: of a list in the order of its choices, of a moment in UTC.
    func read(_ values: [String]) throws(FormFault) -> [String] {
        switch type {
        case .string: [try PlainText.checked(try single(values), atMost: Self.longestString)]
        case .text: [try PlainText.checked(try single(values), atMost: Self.longestText)]
        case .number: [try Self.number(try single(values))]
        case .datetime: [try Self.moment(try single(values))]
        case .singlevaluelist: [try choice(try single(values))]
        case .multivaluelist: try severalChoices(values)
        }
    }

    private func single(_ values: [String]) throws(FormFault) -> String {
        guard let value = values.first, values.count == 1 else {
            throw FormFault("must be one value, not \(values.count)")
        }
        return value
    }

    private func choice(_ value: String) throws(FormFault) -> String {
        guard choices.contains(where: { $0.key == value }) else { throw unknownChoice }
        return value
    }

    private func severalChoices(_ values: [String]) throws(FormFault) -> [String] {
        let chosen = Set(values)
        guard !values.isEmpty, chosen.count == values.count else {
            throw FormFault("must name at least one value, and none twice")
        }
        let keys = choices.map(\.key).filter(chosen.contains)
        guard keys.count == chosen.count else { throw unknownChoice }
        return keys
    }

    private var unknownChoice: FormFault {
        FormFault("must be of \(choices.map(\.key).joined(separator: ", "))")
    }

    /// A decimal as people write it; neither hexadecimal nor a power of ten, which are never meant.
    private static func number(_ text: String) throws(FormFault) -> String {
        var digits = text.utf8[...]
        if let sign = digits.first, "+-".utf8.contains(sign) { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isDecimal =
            (1...2).contains(parts.count) && text.utf8.count <= longestNumber
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
        guard isDecimal else { throw FormFault("must be a number such as 3 or -0.5") }
        return text
    }

    private static let longestNumber = 30

    private static func moment(_ text: String) throws(FormFault) -> String {
        guard let moment = Timestamp(text) else {
            throw FormFault("must be a moment such as 2026-03-01T08:30:00+08:00")
        }
        return moment.description
    }
}
