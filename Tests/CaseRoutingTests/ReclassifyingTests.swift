import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@testable import CaseRouting

@Test func `a reclassified case is told with what intake took it for, and moves to its new owner's desk`() async throws
{
    let desk = try await Desk()
    let suggestion = SuggestedCategory(category: "P0101", words: ["井盖"], sureness: 80)
    let report = CitySample.report(category: nil, saying: "一堆垃圾", photos: nil).suggesting(suggestion)
    let id = try await desk.register(report).state().caseId

    let messages = try await desk.act(
        .reclassify, on: id, by: CitySample.desk, reason: "是井盖", category: "P0101", after: 1_000)

    #expect(messages.types == ["case.reclassified", "case.state"])
    let event = try messages[0].read(CaseReclassified.self)
    #expect(event.case.category == "P0101" && event.previousCategory == CitySample.garbage)
    #expect(event.suggested == "P0101" && event.actorId == "desk" && event.reason == "是井盖")
    #expect(try messages.state().handlerId == "sweeper")
    // worker-a is free again.
    let next = try await desk.register(CitySample.report("report-2"), after: 2_000).state()
    #expect(next.handlerId == "worker-a")
}

@Test func `reports join a case under the category that it has now`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report()).state().caseId

    let event = try await desk.act(.reclassify, on: id, category: "P0101")[0].read(CaseReclassified.self)

    // The reporter's own choice.
    #expect(event.suggested == CitySample.garbage)
    #expect(try await desk.register(CitySample.report("report-2")).types[0] == "case.opened")
    let joined = try await desk.register(CitySample.report("report-3", category: "P0101"))
    #expect(joined.types[0] == "case.report-joined")
    #expect(try joined.state().caseId == id)
    #expect(try await desk.act(.reclassify, on: id, category: "Z9999").refusal().code == "unknown-category")
}

extension ReportSubmitted {
    fileprivate func suggesting(_ suggestion: SuggestedCategory) -> ReportSubmitted {
        ReportSubmitted(
            reportId: reportId, communityId: communityId, kind: kind, category: category, description: description,
            location: location, address: address, observedAt: observedAt, submittedAt: submittedAt,
            reporterId: reporterId, channel: channel, photos: photos, suggestedCategory: suggestion)
    }
}
