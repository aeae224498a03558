import Contracts

/// A rule as its words say it; the names are not looked up yet.
struct RuleSentence {
    let id: RuleWord
    /// Empty for everything.
    var things: [RuleWord] = []
    var communities: [RuleWord] = []
    var compounds: (isInside: Bool, names: [RuleWord])?
    var grids: [RuleWord]?
    var kind: ReportKind?
    var workingHours: Bool?
    var minutes: [Int]?
    var days: [PackRuleConditions.Day]?
    /// Nil for the owner itself.
    var load: (unit: RuleWord?, fewerThan: Int)?
    /// Nil for the property company.
    var owner: RuleWord?
    var isOnDuty = false
    var because: String?
}

/// Reads the words of one rule, from left to right, one word ahead.
struct RuleParser {
    private let tokens: [RuleToken]
    private var next = 0
    private var rule: RuleSentence
    private var told: Set<String> = []

    init(_ sentence: RuleText.Sentence) throws(RuleFault) {
        var scanner = RuleScanner(sentence)
        rule = RuleSentence(id: try scanner.id())
        tokens = try scanner.tokens()
    }

    mutating func read() throws(RuleFault) -> RuleSentence {
        if take(.everything) == false { rule.things = try names("a category, or everything 全部") }
        while true {
            takeComma()
            if takeArrow() { break }
            try readCondition()
        }
        try readOwner()
        takeComma()
        if case .because(let reason, let line, let column) = tokens[next] {
            guard !reason.isEmpty else {
                throw RuleFault(
                    kind: .sentence, line: line, column: column, problem: "nothing stands behind because",
                    remedy: "write why, or take the word out")
            }
            rule.because = reason
            next += 1
        }
        guard case .end = tokens[next] else { throw unexpected("because 因为, or the end of the rule") }
        return rule
    }

    // MARK: - Conditions

    private mutating func readCondition() throws(RuleFault) {
        let start = tokens[next]
        guard let keyword = keyword?.keyword, RuleKeyword.conditions.contains(keyword) else {
            throw unexpected(
                "a condition (\(RuleKeyword.conditions.map(\.shown).joined(separator: ", "))) or ->",
                hint: "names with blanks or commas stand in quotation marks")
        }
        take(keyword)
        guard told.insert(Self.slot(of: keyword)).inserted else {
            let (line, column) = start.place
            throw RuleFault(
                kind: .sentence, line: line, column: column,
                problem: "there are two conditions of the kind \(keyword.written)",
                remedy: "leave one, or write two rules")
        }
        switch keyword {
        case .inGrid: rule.grids = try names("a grid")
        case .in: rule.communities = try names("a community")
        case .inside, .outside: rule.compounds = (keyword == .inside, try compounds())
        case .asSnapshot: rule.kind = .snapshot
        case .asRequest: rule.kind = .request
        case .duringWorkingHours: rule.workingHours = true
        case .outsideWorkingHours: rule.workingHours = false
        case .at: rule.minutes = try range()
        case .on: rule.days = try days()
        default: rule.load = try load()
        }
    }

    /// What can be said once only.
    private static func slot(of keyword: RuleKeyword) -> String {
        switch keyword {
        case .inside, .outside: "compounds"
        case .asSnapshot, .asRequest: "kind"
        case .duringWorkingHours, .outsideWorkingHours: "working hours"
        default: keyword.written
        }
    }

    private mutating func compounds() throws(RuleFault) -> [RuleWord] {
        take(.anyCompound) ? [] : try names("any compound 任一小区, or a compound")
    }

    private mutating func range() throws(RuleFault) -> [Int] {
        let expected = "a time of day such as 22:00-06:00"
        let word = try plainWord(expected)
        let ends = word.text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let from = minutesOfDay(ends[0]), let to = minutesOfDay(ends[1]), from != to,
            from < 1_440
        else { throw unexpected(expected, at: .word(word)) }
        return [from, to]
    }

    private mutating func days() throws(RuleFault) -> [PackRuleConditions.Day] {
        let expected =
            "a day (\(PackRuleConditions.Day.allCases.map { $0.words.joined(separator: " ") }.joined(separator: ", ")))"
        var days: [PackRuleConditions.Day] = []
        for word in try names(expected) {
            guard let day = PackRuleConditions.Day(word: word.text) else { throw unexpected(expected, at: .word(word)) }
            if !days.contains(day) { days.append(day) }
        }
        return days
    }

    private mutating func load() throws(RuleFault) -> (unit: RuleWord?, fewerThan: Int) {
        let unit = take(.it) ? nil : try plainWord("a unit, or it 其 for the owner")
        guard take(.hasFewerThan) else { throw unexpected(RuleKeyword.hasFewerThan.shown) }
        let word = try plainWord("a number")
        guard let number = Int(word.text), (1...100_000).contains(number) else {
            throw unexpected("a whole number from 1 to 100000", at: .word(word))
        }
        guard take(.openCases) else { throw unexpected(RuleKeyword.openCases.shown) }
        return (unit, number)
    }

    // MARK: - The owner

    private mutating func readOwner() throws(RuleFault) {
        let start = tokens[next]
        if take(.propertyCompany) {
            if let compounds = rule.compounds, !compounds.isInside {
                let (line, column) = start.place
                throw RuleFault(
                    kind: .sentence, line: line, column: column,
                    problem: "outside compounds there is no property company",
                    remedy: "name a unit, or write inside any compound")
            }
        } else {
            rule.owner = try plainWord("a unit, or \(RuleKeyword.propertyCompany.shown)")
        }
        rule.isOnDuty = take(.onDuty)
    }

    // MARK: - Words

    private var keyword: (keyword: RuleKeyword, length: Int)? {
        var words: [String] = []
        for token in tokens[next...].prefix(3) {
            guard case .word(let word) = token, !word.isQuoted else { break }
            words.append(word.text.lowercased())
        }
        return RuleKeyword.match(words)
    }

    @discardableResult
    private mutating func take(_ keyword: RuleKeyword) -> Bool {
        guard let found = self.keyword, found.keyword == keyword else { return false }
        next += found.length
        return true
    }

    private mutating func takeArrow() -> Bool {
        guard case .arrow = tokens[next] else { return false }
        next += 1
        return true
    }

    private mutating func takeComma() {
        if case .comma = tokens[next] { next += 1 }
    }

    /// A word that is none of the language's.
    private mutating func plainWord(_ expected: String) throws(RuleFault) -> RuleWord {
        guard case .word(let word) = tokens[next], keyword == nil, !word.text.isEmpty else {
            throw unexpected(expected)
        }
        next += 1
        return word
    }

    /// Words with commas or `or` between them; a comma may also stand before what follows the list.
    private mutating func names(_ expected: String) throws(RuleFault) -> [RuleWord] {
        var names = [try plainWord(expected)]
        while true {
            if take(.or) {
                names.append(try plainWord(expected))
                continue
            }
            guard case .comma = tokens[next], case .word = tokens[next + 1] else { return names }
            next += 1
            guard keyword == nil else {
                next -= 1
                return names
            }
            names.append(try plainWord(expected))
        }
    }

    private func unexpected(_ expected: String, at token: RuleToken? = nil, hint: String? = nil) -> RuleFault {
        let token = token ?? tokens[next]
        let (line, column) = token.place
        return RuleFault(
            kind: .sentence, line: line, column: column, problem: "\(token.shown) is not understood here",
            remedy: "write \(expected)" + (hint.map { "; \($0)" } ?? ""))
    }
}
