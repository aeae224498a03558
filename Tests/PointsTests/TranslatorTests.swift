import Contracts
import EventProcessing
import Foundation
import Points
import Testing

private func translate(_ type: String, _ value: Data) throws -> [Translation] {
    var attributes = Envelope<CaseEvent>.filed("case-1").attributes
    attributes.type = type
    return try Translator.cases.translate(
        SourceRecord(attributes: attributes, value: value, topic: TopicCatalogue.caseEvents.name))
}

@Test(arguments: [CaseChanged.Step.filed, .refused, .closed, .reopened, .cancelled, .merged, .split])
func `the translator passes on the steps that count`(step: CaseChanged.Step) throws {
    let event = Envelope<CaseEvent>.step(step, of: "case-1", reporter: "rider-1", at: .morning, id: 1)

    let passed = try Translator.cases.translate(
        SourceRecord(attributes: event.attributes, value: event.value(), topic: TopicCatalogue.caseEvents.name))

    #expect(passed.map(\.key) == ["nanchang"])
    #expect(passed.first?.payload as? ObserveCase == ObserveCase(event: event))
}

@Test func `the translator passes on who reported a case, and drops what cannot count unread`() throws {
    let joined = Envelope<CaseEvent>.joined("case-1", by: "rider-2", after: ["rider-1"])
    #expect(try translate(ReportJoined.type, joined.value()).count == 1)
    for (amendment, count) in [(Amendment.withdrawn, 1), (.added, 0), (.edited, 0)] {
        let amended = Envelope<CaseEvent>.amended("case-1", by: amendment)
        #expect(try translate(CaseReportAmended.type, amended.value()).count == count)
    }
    for type in ["case.dispatched", "case.verified", "case.reclassified", "case.unheard-of", "command.refused"] {
        #expect(try translate(type, Data("not even JSON".utf8)).isEmpty)
    }
}
