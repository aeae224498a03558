package import Contracts

/// What a pack asks about each category beside the reporter's own words, and what counts as an answer.
package struct Questionnaire: Sendable {
    /// For a pack that asks nothing.
    package static let none = Questionnaire([])

    private let questions: [CategoryCode: [PackQuestion]]

    package init(of pack: Pack) {
        self.init(pack.questions ?? [])
    }

    private init(_ all: [PackQuestion]) {
        var questions: [CategoryCode: [PackQuestion]] = [:]
        for question in all {
            for category in question.categories { questions[category, default: []].append(question) }
        }
        self.questions = questions
    }

    /// What is asked or shown, in the pack's order.
    package func questions(about category: CategoryCode) -> [PackQuestion] { questions[category] ?? [] }

    /// Holds answers against the questions of the category, and hides in them what points to a person.
    ///
    /// - Parameter given: as they came, in any order.
    /// - Returns: the answers in the order of the questions.
    /// - Throws: ``AnswerFaults`` with everything that is wrong, in that order, too.
    package func checked(
        _ given: [ReportAnswer], about category: CategoryCode?
    ) throws(AnswerFaults) -> CheckedAnswers {
        guard let category else {
            guard given.isEmpty else { throw AnswerFaults([.withoutCategory]) }
            return .none
        }
        let asked = questions(about: category).filter { !$0.informs }
        // Most reports: nothing asked, nothing said.
        if asked.isEmpty, given.isEmpty { return .none }
        let codes = Set(asked.map(\.code))
        var faults = given.filter { !codes.contains($0.code) }.map { AnswerFault.unasked($0.code) }
        let values = Dictionary(given.map { ($0.code, $0.values) }) { $0 + $1 }
        var reading = CheckedAnswers.none
        for question in asked {
            guard let values = values[question.code] else {
                if question.isRequired { faults.append(.missing(question)) }
                continue
            }
            do throws(FormFault) {
                reading.add(try question.read(values), to: question)
            } catch {
                faults.append(.wrong(question, error.message))
            }
        }
        guard faults.isEmpty else { throw AnswerFaults(faults) }
        return reading
    }
}

/// Answers that fit their questions, as everybody may read them.
package struct CheckedAnswers: Equatable, Sendable {
    package static let none = CheckedAnswers()

    /// Masked, in the order of the questions.
    package private(set) var answers: [ReportAnswer] = []
    /// The kinds of personal data that are hidden in them.
    package private(set) var hidden: Set<PersonalData> = []

    fileprivate mutating func add(_ values: [String], to question: PackQuestion) {
        // Keys of lists are the pack's own words, and a moment is no account number.
        guard !question.type.isList, question.type != .datetime else {
            answers.append(ReportAnswer(code: question.code, values: values))
            return
        }
        let masked = values.map(Masking.examined)
        hidden.formUnion(masked.flatMap(\.hidden))
        answers.append(ReportAnswer(code: question.code, values: masked.map(\.text)))
    }
}

/// All that is wrong with the answers of a report.
package struct AnswerFaults: Error, Equatable, Sendable {
    package let faults: [AnswerFault]

    init(_ faults: [AnswerFault]) {
        self.faults = faults
    }
}

/// What is wrong with one answer.
package enum AnswerFault: Equatable, Sendable {
    /// There are answers, but nobody knows to which questions.
    case withoutCategory
    /// The category has no such question.
    case unasked(String)
    case missing(PackQuestion)
    /// What it must be: "must be …".
    case wrong(PackQuestion, String)

    /// The field of a report that it is about.
    package var field: String {
        switch self {
        case .withoutCategory: "answers"
        case .unasked(let code): "answers.\(code)"
        case .missing(let question), .wrong(let question, _): "answers.\(question.code)"
        }
    }

    package var message: String {
        switch self {
        case .withoutCategory: "must be left out without a category: the pack asks about categories"
        case .unasked: "is not asked about this category: GET /v1/categories lists what is"
        case .missing(let question): "is missing: \(question.text) \(question.englishText)"
        case .wrong(_, let message): message
        }
    }
}
