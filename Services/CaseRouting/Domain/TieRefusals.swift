import Contracts

extension CaseRefusal {
    static func otherCaseNeeded(for action: CaseAction) -> CaseRefusal {
        CaseRefusal(
            .otherCaseNeeded, chinese: "请写明本社区的另一个案件，再\(action.chinese)。",
            english: "Name another case of this community to \(action.rawValue).", allowed: [action])
    }

    static func otherCaseEnded(_ other: Case, for action: CaseAction) -> CaseRefusal {
        CaseRefusal(
            .otherCaseEnded, chinese: "案件 \(other.number) \(other.stage.name.chinese)，请另选一个办理中的案件。",
            english: "Case \(other.number) is \(other.stage.name.rawValue): choose one that is still open.",
            allowed: [action])
    }

    static func tooManyReports(_ other: Case) -> CaseRefusal {
        CaseRefusal(
            .tooManyReports, chinese: "合并后超过 \(Case.mostReports) 件上报，请归入主案 \(other.number)。",
            english:
                "Together they would have more than \(Case.mostReports) reports: make it a part of \(other.number) instead.",
            allowed: [.adopt])
    }

    static func reportsNeeded(of found: Case) -> CaseRefusal {
        CaseRefusal(
            .reportsNeeded, chinese: "请写明案件 \(found.number) 中要拆出的上报，至少留下一件。",
            english: "Name the reports to take out of case \(found.number), and leave at least one in it.",
            allowed: [.split])
    }

    static func apartAlready(_ other: Case) -> CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "与案件 \(other.number) 已确认不同。",
            english: "That it is another problem than case \(other.number) is known already.", allowed: [.merge])
    }

    static func partAlready(of parent: Case) -> CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "案件已归入主案 \(parent.number)。",
            english: "The case is a part of \(parent.number) already.", allowed: [.adopt])
    }

    static var partOfNone: CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "案件未归入任何主案，请写明主案。",
            english: "The case is a part of none: name the case that it is to be a part of.", allowed: [.adopt])
    }

    static func parentIsPart(_ parent: Case) -> CaseRefusal {
        CaseRefusal(
            .oneLevel, chinese: "案件 \(parent.number) 本身已归入另一主案，请直接归入那个主案。",
            english: "Case \(parent.number) is a part of another itself: make this a part of that one.",
            allowed: [.adopt])
    }

    static func hasParts(_ number: String) -> CaseRefusal {
        CaseRefusal(
            .oneLevel, chinese: "案件 \(number) 是主案，不能再归入另一案件；请先解除其子案。",
            english: "Case \(number) has parts of its own: end those ties first.", allowed: [.adopt])
    }

    static func openParts(_ numbers: [String], for action: CaseAction) -> CaseRefusal {
        let names = numbers.joined(separator: "、")
        return CaseRefusal(
            .openParts, chinese: "子案 \(names) 尚未办结，不能\(action.chinese)；请先办结，或解除归入。",
            english: "Parts of it are open: \(names). End them, or their ties, before you \(action.rawValue) it.",
            allowed: [.adopt])
    }
}
