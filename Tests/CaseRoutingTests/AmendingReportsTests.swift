import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

private let report = CitySample.report(photos: [CitySample.photo(1)])

@Test func `what is added becomes an event in the amendment's chain, and the case a version with its photos`()
    async throws
{
    let desk = try await Desk()
    let id = try await desk.register(report).state().caseId
    let addition = CitySample.amendment(.added, photos: [CitySample.photo(2)])

    let messages = try await desk.amend(addition)

    #expect(messages.types == ["case.report-amended", "case.state"])
    #expect(messages.map(\.key) == ["mingdu", id.rawValue])
    #expect(messages[0].attributes.correlationID == Desk.envelope(addition).id)
    let event = try messages[0].read(CaseReportAmended.self)
    #expect(event.reportId == "report-1" && event.actorId == "rider-1" && event.amendment == .added)
    #expect(event.photos == [CitySample.photo(2)])
    #expect(event.at == CitySample.monday.adding(milliseconds: 60_000))
    #expect(try messages.state().version == 2)
    #expect(try messages.state().photos == [CitySample.photo(1).id, CitySample.photo(2).id])
}

@Test func `a report that is taken back ends its case, frees its handler, and stays out for ever`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(report).state().caseId

    let messages = try await desk.amend(CitySample.amendment(.withdrawn))

    #expect(messages.types == ["case.report-amended", "case.cancelled", "case.state"])
    #expect(try messages.state().stage == .cancelled)
    #expect(try messages.state().reportIds.isEmpty)
    // The next case goes to the first worker again, and does not join what is over.
    let next = try await desk.register(CitySample.report("report-2")).state()
    #expect(next.caseId != id && next.handlerId == "worker-a")
    #expect(try await desk.register(report).refusal().code == "already-registered")
    #expect(try await desk.amend(CitySample.amendment(.withdrawn), named: "again").refusal().code == "withdrawn-before")
    #expect(try await desk.amend(CitySample.amendment(.added)).refusal().code == "withdrawn-before")
    #expect(try await desk.act(.file, on: id).refusal().code == "wrong-stage")
    #expect(try await desk.rows(of: "caseReport") == 2)
    #expect(try await desk.rows(of: "withdrawnReport") == 1)
}

@Test func `where the first of two is taken back the other's words are the case's, also those it was edited to`()
    async throws
{
    let desk = try await Desk()
    try await desk.register(report)
    let second = CitySample.report("report-2", from: "rider-2", saying: "又一堆")
    try await desk.register(second)
    try await desk.amend(CitySample.amendment(.edited, of: second, text: "又一大堆", address: "5 栋"))

    let messages = try await desk.amend(CitySample.amendment(.withdrawn))

    #expect(messages.types == ["case.report-amended", "case.state"])
    let state = try messages.state()
    #expect(state.description == "又一大堆" && state.address == "5 栋")
    #expect(state.reportIds == ["report-2"] && state.reporterIds == ["rider-2"] && state.photos == nil)
    #expect(try await desk.act(.file, on: state.caseId, by: CitySample.desk).types == ["case.filed", "case.state"])
}

@Test func `a refusal is told in the amendment's chain, with what to do instead`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(report).state().caseId
    try await desk.act(.file, on: id)
    let withdrawal = CitySample.amendment(.withdrawn)

    let messages = try await desk.amend(withdrawal)

    #expect(messages.types == ["command.refused"])
    #expect(messages[0].topic == TopicCatalogue.caseEvents.name)
    #expect(messages[0].attributes.correlationID == Desk.envelope(withdrawal).id)
    let refusal = try messages.refusal()
    #expect(refusal.code == "wrong-stage" && refusal.commandType == "case.amend-report")
    #expect(refusal.reason.contains("可以补充情况"))

    let stranger = CitySample.report("report-9")
    #expect(try await desk.amend(CitySample.amendment(.added, of: stranger)).refusal().code == "unknown-report")
    let other = CitySample.amendment(.added, by: "rider-2")
    #expect(try await desk.amend(other).refusal().code == "not-allowed")
}

@Test func `an amendment follows its report to the other community, and an edit went along`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(report).state().caseId
    let edit = CitySample.amendment(.edited, text: "两堆垃圾", photos: [CitySample.photo(5)])
    try await desk.amend(edit)
    let left = try await desk.act(.transfer, on: id, to: CitySample.longjiang, after: 70_000)
    let transfer = try #require(left.last)
    let carried = try transfer.read(ReportTransferred.self).report
    #expect(carried.attributes == Desk.envelope(report).attributes)
    #expect(carried.data == CitySample.report(saying: "两堆垃圾", photos: [CitySample.photo(5)]))

    let withdrawal = CitySample.amendment(.withdrawn)
    let sent = try await desk.amend(withdrawal, after: 80_000)

    #expect(sent.types == ["case.amend-report"])
    let partition = TopicCatalogue.caseCommands.partition(forKey: "longjiang")
    #expect(sent[0].topic == "case-commands.v1" && sent[0].partition == partition && sent[0].key == "longjiang")
    #expect(try sent[0].read(AmendReport.self).amendment == Desk.envelope(withdrawal))
    #expect(try await desk.rows(of: "withdrawnReport") == 0)

    let target = try await Desk(partition: partition)
    let taken = try await target.store.apply(value: transfer.value, at: Desk.start + 90_000)
    #expect(try taken.state().description == "两堆垃圾")
    #expect(try taken.state().photos == [CitySample.photo(5).id])
    let late = try await target.amend(CitySample.amendment(.edited, text: "三堆"), named: "there", after: 91_000)
    #expect(try late.state().description == "三堆")
    let ended = try await target.store.apply(value: sent[0].value, at: Desk.start + 92_000)
    #expect(ended.types == ["case.report-amended", "case.cancelled", "case.state"])
    #expect(ended[0].attributes.correlationID == Desk.envelope(withdrawal).id)
    #expect(try ended.state().communityId == CitySample.longjiang)
}

@Test func `a report that came back is amended where it is now, not where it left`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(report).state().caseId
    try await desk.act(.transfer, on: id, to: CitySample.longjiang)
    let back = ReportTransferred(
        report: Desk.envelope(report), toCommunityId: CitySample.mingdu, fromCaseId: "elsewhere",
        firstStamp: CitySample.monday, hop: 2)
    let here = try await desk.store.apply(back, source: "/case-routing/1", at: Desk.start + 1_000).state()

    let messages = try await desk.amend(CitySample.amendment(.added))

    #expect(messages.types == ["case.report-amended", "case.state"])
    #expect(try messages.state().caseId == here.caseId)
}

@Test func `an edited transfer stays one when it is handed on once more`() async throws {
    let desk = try await Desk()
    let transferred = ReportTransferred(
        report: Desk.envelope(report), toCommunityId: CitySample.mingdu, fromCaseId: "elsewhere",
        firstStamp: CitySample.monday.adding(milliseconds: -9), hop: 1)
    let id = try await desk.store.apply(transferred, source: "/case-routing/1", at: Desk.start).state().caseId
    try await desk.amend(CitySample.amendment(.edited, text: "两堆"))

    let left = try await desk.act(.transfer, on: id, to: "nowhere", after: 70_000)

    let onward = try #require(left.last).read(ReportTransferred.self)
    #expect(onward.hop == 2)
    #expect(onward.firstStamp == CitySample.monday.adding(milliseconds: -9))
    #expect(onward.report.data.description == "两堆")
}
