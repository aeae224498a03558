import Contracts

/// The words of the language, English and Chinese side by side.
enum RuleKeyword: CaseIterable {
    case everything
    case or
    case `in`
    case inGrid
    case inside
    case outside
    case anyCompound
    case asSnapshot
    case asRequest
    case duringWorkingHours
    case outsideWorkingHours
    case at
    case on
    case `while`
    case it
    case hasFewerThan
    case openCases
    case propertyCompany
    case onDuty

    /// The first is the one that rules are written with by the programs.
    var phrases: [[String]] {
        switch self {
        case .everything: [["everything"], ["全部"]]
        case .or: [["or"], ["或"]]
        case .in: [["in"], ["在"]]
        case .inGrid: [["in", "grid"], ["在网格"]]
        case .inside: [["inside"], ["位于"]]
        case .outside: [["outside"], ["不在"]]
        case .anyCompound: [["any", "compound"], ["compounds"], ["任一小区"]]
        case .asSnapshot: [["as", "snapshot"], ["属随手拍"]]
        case .asRequest: [["as", "request"], ["属直通车"]]
        case .duringWorkingHours: [["during", "working", "hours"], ["工作时间"]]
        case .outsideWorkingHours: [["outside", "working", "hours"], ["非工作时间"]]
        case .at: [["at"], ["at", "night"], ["时段"], ["夜间"]]
        case .on: [["on"], ["逢"]]
        case .while: [["while"], ["当"]]
        case .it: [["it"], ["其"]]
        case .hasFewerThan: [["has", "fewer", "than"], ["未结少于"]]
        case .openCases: [["open", "cases"], ["件"]]
        case .propertyCompany: [["the", "property", "company"], ["物业公司"]]
        case .onDuty: [["on", "duty"], ["值班"]]
        }
    }

    /// Such as `inside 位于`.
    var shown: String { "\(phrases[0].joined(separator: " ")) \(phrases.last?.joined(separator: " ") ?? "")" }

    var written: String { phrases[0].joined(separator: " ") }

    /// Those that begin a condition.
    static let conditions: [RuleKeyword] = [
        .in, .inGrid, .inside, .outside, .asSnapshot, .asRequest, .duringWorkingHours, .outsideWorkingHours, .at, .on,
        .while,
    ]

    /// The longest phrase that the words begin with.
    static func match(_ words: [String]) -> (keyword: RuleKeyword, length: Int)? {
        var best: (keyword: RuleKeyword, length: Int)?
        for keyword in allCases {
            for phrase in keyword.phrases where words.starts(with: phrase) && phrase.count > best?.length ?? 0 {
                best = (keyword, phrase.count)
            }
        }
        return best
    }

    /// Whether a bare word could be taken for one of the language's.
    static func claims(_ word: String) -> Bool {
        let word = word.lowercased()
        // Behind `in` it begins the name of a grid.
        return word == "grid" || allCases.contains { $0.phrases.contains { $0[0] == word } }
    }
}

extension PackRuleConditions.Day {
    /// The first is the one that rules are written with by the programs.
    var words: [String] {
        switch self {
        case .monday: ["monday", "周一"]
        case .tuesday: ["tuesday", "周二"]
        case .wednesday: ["wednesday", "周三"]
        case .thursday: ["thursday", "周四"]
        case .friday: ["friday", "周五"]
        case .saturday: ["saturday", "周六"]
        case .sunday: ["sunday", "周日"]
        case .workday: ["workdays", "工作日"]
        case .restDay: ["rest-days", "休息日"]
        case .holiday: ["holidays", "节假日"]
        }
    }

    init?(word: String) {
        let word = word.lowercased()
        guard let day = Self.allCases.first(where: { $0.words.contains(word) }) else { return nil }
        self = day
    }
}

/// Minutes after midnight of `22:00`, up to `24:00`.
package func minutesOfDay(_ text: some StringProtocol) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]]
    guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    let minutes = number / 100 * 60 + number % 100
    return number % 100 < 60 && minutes <= 1_440 ? minutes : nil
}

/// `22:00` of minutes after midnight.
package func clockText(_ minutes: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
}
