import Contracts
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let questions = ReportQuestions(
    questions: [
        PackQuestion(
            code: "kinds", categories: [CitySample.garbage], type: .multivaluelist, text: "有哪些？", englishText: "Which?",
            choices: [
                .init(key: "kitchen", name: "厨余", englishName: "Kitchen"),
                .init(key: "rubble", name: "渣土", englishName: "Rubble"),
            ]),
        PackQuestion(
            code: "since", categories: [CitySample.garbage], type: .datetime, text: "从何时？", englishText: "Since when?"),
        PackQuestion(
            code: "depth", categories: ["E0406"], type: .number, text: "多深？", englishText: "How deep?"),
        PackQuestion(
            code: "gas", categories: [CitySample.garbage], type: .text, text: "先到室外。",
            englishText: "Get outdoors first.",
            informs: true),
    ], utcOffsetMinutes: 480)

private func form(_ text: String) throws -> FormFields {
    try #require(FormFields(ByteBuffer(string: text), type: "application/x-www-form-urlencoded"))
}

@Test func `a form answers what is asked about its category, as intake takes it`() throws {
    let fields = try form(
        "answer-kinds=kitchen&answer-kinds=rubble&answer-since=2026-11-23T08%3A15&answer-depth=3&answer-gas=x")

    #expect(
        questions.answers(in: fields, about: CitySample.garbage) == [
            "kinds": ["kitchen", "rubble"], "since": "2026-11-23T08:15:00+08:00",
        ])
    #expect(questions.answers(in: fields, about: "E0406") == ["depth": "3"])
    #expect(questions.answers(in: fields, about: nil) == nil)
    #expect(questions.answers(in: try form("answer-depth="), about: "E0406") == nil)
}
