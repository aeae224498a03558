import Contracts
import ServiceKit

/// What a pack asks about categories beside the reporter's own words, as the report page shows it and its form answers.
struct ReportQuestions {
    let questions: [PackQuestion]
    let utcOffsetMinutes: Int

    func shown(by teller: CaseTeller, kept: FormFields?) -> [[String: Any]] {
        let isEnglish = teller.visit.language == .english
        return questions.map { question in
            let field = Self.field(question)
            let given = Set(kept?.all(field) ?? [])
            return [
                "code": question.code, "field": field, "type": question.type.rawValue,
                "about": question.categories.map(\.rawValue).joined(separator: " "),
                "aboutNames": question.categories.map(teller.category).joined(separator: isEnglish ? ", " : "、"),
                "text": isEnglish ? question.englishText : question.text,
                "hint": (isEnglish ? question.englishHint : question.hint) ?? "", "informs": question.informs,
                "isList": question.type.isList, "isWords": question.type == .text && !question.informs,
                "isLine": !question.type.isList && question.type != .text, "given": given.first ?? "",
                "input": Self.input(question.type), "choose": question.type == .multivaluelist ? "checkbox" : "radio",
                "choices": question.choices.map {
                    [
                        "value": $0.key, "name": isEnglish ? $0.englishName : $0.name,
                        "isChosen": given.contains($0.key),
                    ]
                },
            ]
        }
    }

    /// The answers of a form without scripts: those about the category that was chosen; nil for none.
    func answers(in fields: FormFields, about category: CategoryCode?) -> JSONValue? {
        var answers: [String: JSONValue] = [:]
        for question in questions where !question.informs && question.categories.contains(where: { $0 == category }) {
            let given = fields.all(Self.field(question))
            guard let first = given.first else { continue }
            switch question.type {
            case .multivaluelist: answers[question.code] = .array(given.map { .string($0) })
            case .datetime: answers[question.code] = .string(moment(first))
            default: answers[question.code] = .string(first)
            }
        }
        return answers.isEmpty ? nil : .object(answers)
    }

    /// A browser gives the moment as clocks of the place show it, without seconds.
    private func moment(_ local: String) -> String {
        let minutes = abs(utcOffsetMinutes)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(local):00\(utcOffsetMinutes < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private static func field(_ question: PackQuestion) -> String { "answer-\(question.code)" }

    private static func input(_ type: PackQuestion.AnswerType) -> String {
        switch type {
        case .number: "number"
        case .datetime: "datetime-local"
        default: "text"
        }
    }
}

extension ReportQuestions {
    /// Those about categories of this kind of report.
    init(_ pack: Pack?, kind: ReportKind) {
        let codes = Set((pack?.categories ?? []).filter { $0.kind == kind }.map(\.code))
        questions = (pack?.questions ?? []).filter { !codes.isDisjoint(with: $0.categories) }
        utcOffsetMinutes = LocalTime(pack).offsetMinutes
    }
}
