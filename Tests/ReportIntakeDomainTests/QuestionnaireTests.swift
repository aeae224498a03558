import Contracts
import ReportIntakeDomain
import Testing

private let garbage = CategoryCode("E0102")
private let cover = CategoryCode("P0101")

private func question(
    _ code: String, _ type: PackQuestion.AnswerType, isRequired: Bool = false, choices: [String] = [],
    informs: Bool = false
) -> PackQuestion {
    PackQuestion(
        code: code, categories: [garbage], type: type, text: "\(code)？", englishText: "\(code)?",
        isRequired: isRequired, choices: choices.map { .init(key: $0, name: $0, englishName: $0) }, informs: informs)
}

private let asking = Pack.sample(
    [],
    questions: [
        question("line", .string), question("note", .text, informs: true), question("count", .number),
        question("since", .datetime), question("words", .text),
        question("size", .singlevaluelist, choices: ["small", "large"]),
        question("kinds", .multivaluelist, choices: ["a", "b", "c"]),
    ])

/// What becomes of one answer: its values, or what they must be.
private func read(_ code: String, _ values: String...) -> Result<[String], AnswerFaults> {
    Result { () throws(AnswerFaults) in
        let checked = try Questionnaire(of: asking).checked(
            [ReportAnswer(code: code, values: values)], about: garbage)
        return checked.answers.flatMap(\.values)
    }
}

private func fault(_ result: Result<[String], AnswerFaults>) -> String? {
    guard case .failure(let faults) = result, faults.faults.count == 1 else { return nil }
    return faults.faults.first.map { "\($0.field) \($0.message)" }
}

@Test(arguments: ["0", "-0.5", "+3", "007", "3.1415926"]) func `a decimal is a number`(text: String) throws {
    #expect(read("count", text) == .success([text]))
}

@Test(arguments: [
    "", " ", "nan", "inf", "0x1F", "1e3", "1.", ".5", "1.2.3", "3 kg", "--1", "１２", String(repeating: "1", count: 31),
])
func `anything else is none`(text: String) {
    #expect(fault(read("count", text)) == "answers.count must be a number such as 3 or -0.5")
}

@Test func `a moment is kept in UTC`() {
    #expect(read("since", "2026-03-01T08:30:00+08:00") == .success(["2026-03-01T00:30:00.000Z"]))
    for text in ["yesterday", "2026-03-01", "2026-02-30T08:30:00Z", "2026-03-01T08:30:00"] {
        #expect(fault(read("since", text))?.hasPrefix("answers.since must be a moment") == true)
    }
}

@Test func `words are held to their length, and to what can be shown`() {
    let line = String(repeating: "字", count: 200)
    #expect(read("line", line) == .success([line]))
    #expect(fault(read("line", line + "字")) == "answers.line must be 1 to 200 characters long, but has 201")
    let text = String(repeating: "字", count: 2_000)
    #expect(read("words", text) == .success([text]))
    #expect(fault(read("words", text + "字")) == "answers.words must be 1 to 2000 characters long, but has 2001")
    #expect(fault(read("line", "  ")) == "answers.line must not be blank")
    #expect(fault(read("words", "a\u{0}b")) == "answers.words must not contain control characters")
    #expect(fault(read("line", "a", "b")) == "answers.line must be one value, not 2")
}

@Test func `of a list one key is chosen, or several different ones`() {
    #expect(read("size", "large") == .success(["large"]))
    #expect(fault(read("size", "huge")) == "answers.size must be of small, large")
    #expect(fault(read("size", "small", "large")) == "answers.size must be one value, not 2")
    #expect(read("kinds", "c", "a") == .success(["a", "c"]), "in the order of the list")
    #expect(fault(read("kinds", "a", "a")) == "answers.kinds must name at least one value, and none twice")
    #expect(fault(read("kinds")) == "answers.kinds must name at least one value, and none twice")
    #expect(fault(read("kinds", "a", "x")) == "answers.kinds must be of a, b, c")
}

@Test func `only what is asked about the category is answered`() throws {
    let unasked = "is not asked about this category: GET /v1/categories lists what is"
    #expect(fault(read("other", "x")) == "answers.other \(unasked)")
    #expect(fault(read("note", "x")) == "answers.note \(unasked)", "it only informs")
    let questionnaire = Questionnaire(of: asking)
    let answers = [ReportAnswer(code: "size", values: ["large"])]
    #expect(throws: AnswerFaults.self) { try questionnaire.checked(answers, about: cover) }
    let homeless = #expect(throws: AnswerFaults.self) { try questionnaire.checked(answers, about: nil) }
    #expect(homeless?.faults == [.withoutCategory])
    #expect(try questionnaire.checked([], about: nil).answers.isEmpty)
    #expect(try questionnaire.checked([], about: garbage).answers.isEmpty)
}

@Test func `an answer that is required is missed, and all that is wrong is told at once`() throws {
    let needed = question("count", .number, isRequired: true)
    let size = question("size", .singlevaluelist, choices: ["small", "large"])
    let questionnaire = Questionnaire(of: .sample([], questions: [needed, size]))

    let error = #expect(throws: AnswerFaults.self) {
        try questionnaire.checked(
            [ReportAnswer(code: "size", values: ["x"]), ReportAnswer(code: "other", values: ["x"])], about: garbage)
    }

    #expect(error?.faults == [.unasked("other"), .missing(needed), .wrong(size, "must be of small, large")])
    #expect(error?.faults.map(\.field) == ["answers.other", "answers.count", "answers.size"])
    #expect(throws: AnswerFaults.self) { try questionnaire.checked([], about: garbage) }
    // Where no category was chosen nothing is asked.
    #expect(try questionnaire.checked([], about: nil).answers.isEmpty)
}

@Test func `answers come in the order of the questions, masked, and say what is hidden`() throws {
    let checked = try Questionnaire(of: asking).checked(
        [
            ReportAnswer(code: "words", values: ["车牌赣A12345"]), ReportAnswer(code: "size", values: ["small"]),
            ReportAnswer(code: "line", values: ["致电13812345678"]),
            ReportAnswer(code: "count", values: ["13812345678"]),
        ], about: garbage)

    #expect(
        checked.answers == [
            ReportAnswer(code: "line", values: ["致电***********"]),
            ReportAnswer(code: "count", values: ["***********"]),
            ReportAnswer(code: "words", values: ["车牌*******"]), ReportAnswer(code: "size", values: ["small"]),
        ])
    #expect(checked.hidden == [.phone, .plate])
}

@Test func `a submission tells of the answers and of the pack that asked, a preview shows them`() throws {
    let guidance = try Guidance(
        of: .sample(
            [.square("mingdu", latitudeE7: 286_800_000, longitudeE7: 1_158_500_000)],
            questions: [question("line", .string)]), hash: "5a")
    let form = try ReportForm.sample(address: "赣A12345 旁")
    let answers = try guidance.questionnaire.checked(
        [ReportAnswer(code: "line", values: ["致电13812345678"])], about: form.category)

    func event(_ answers: CheckedAnswers) -> ReportSubmitted {
        Submission(
            form, from: .rider, key: nil, guidance: guidance, answers: answers, at: Timestamp(milliseconds: 0),
            unnamed: .suishoupai, people: .sample
        ).event
    }
    let preview = Preview(form, answers: answers, by: guidance)

    #expect(event(answers).answers == [ReportAnswer(code: "line", values: ["致电***********"])])
    #expect(event(answers).packHash == "5a")
    #expect(event(.none).answers == nil)
    #expect(event(.none).packHash == nil)
    #expect(preview.publicAnswers == event(answers).answers)
    #expect(preview.hidden == [.phone, .plate])
}
