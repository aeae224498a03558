import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@testable import CaseRouting

@Test func `a case goes round the whole loop, one version a change`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report()).state().caseId
    let worker = CitySample.actor("worker-a", "worker")

    #expect(try await desk.act(.file, on: id, by: CitySample.desk).types == ["case.filed", "case.state"])
    #expect(try await desk.act(.dispatch, on: id, by: CitySample.desk).types == ["case.dispatched", "case.state"])
    #expect(try await desk.timer(of: id) == CitySample.moment("2026-11-23T14:00:00.001+08:00"))
    #expect(try await desk.act(.handle, on: id, by: worker).types == ["case.handled", "case.state"])
    #expect(try await desk.timer(of: id) == nil)
    let closed = try await desk.act(.verify, on: id, by: CitySample.checker)
    #expect(closed.types == ["case.verified", "case.closed", "case.state"])

    let state = try closed.state()
    #expect(state.version == 5)
    #expect(state.stage == .closed)
    #expect(state.closedAt == CitySample.monday)
    #expect(state.ended)
    let reopened = try await desk.act(.reopen, on: id, by: CitySample.actor("rider-1", "rider"))
    #expect(reopened.types == ["case.reopened", "case.dispatched", "case.state"])
    #expect(try await desk.timer(of: id) != nil)
}

@Test func `a refused action is answered and leaves everything as it was`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report()).state().caseId
    let commandId = MessageID.random()

    let answer = try await desk.store.apply(
        ActOnCase(caseId: id, communityId: CitySample.mingdu, action: .handle, actor: CitySample.boss), id: commandId,
        at: Desk.start)

    #expect(answer.types == ["command.refused"])
    #expect(answer[0].topic == "case-events.v1")
    let refusal = try answer.refusal()
    #expect(refusal.commandId == commandId)
    #expect(refusal.code == "wrong-stage")
    #expect(
        refusal.allowed == [
            "file", "refuse", "transfer", "reclassify", "check", "cancel", "ask-reporter", "refer", "merge", "split",
            "keep-apart", "adopt",
        ])
    #expect(try await desk.act(.file, on: id).state().version == 2)
}

@Test func `a transfer sends each report on, whole, to the other community's partition`() async throws {
    let desk = try await Desk()
    let reports = [
        CitySample.report(), CitySample.report("report-2", from: "rider-2", at: CitySample.townHall.north(100)),
    ]
    let id = try await desk.register(reports[0]).state().caseId
    try await desk.register(reports[1], after: 7)

    let messages = try await desk.act(.transfer, on: id, to: CitySample.longjiang, after: 60_000)

    #expect(messages.types == ["case.transferred", "case.state", "report.transferred", "report.transferred"])
    #expect(try messages.state().stage == .transferred)
    let partition = TopicCatalogue.caseCommands.partition(forKey: "longjiang")
    let sent = messages.suffix(2)
    #expect(sent.allSatisfy { $0.topic == "case-commands.v1" && $0.partition == partition && $0.key == "longjiang" })
    #expect(
        try sent.map { try $0.read(ReportTransferred.self) }
            == reports.enumerated().map { index, report in
                ReportTransferred(
                    report: Desk.envelope(report), toCommunityId: CitySample.longjiang, fromCaseId: id,
                    firstStamp: CitySample.monday.adding(milliseconds: Int64(index) * 7), hop: 1)
            })

    let target = try await Desk(partition: partition)
    let taken = try await target.store.apply(value: sent[sent.startIndex].value, at: Desk.start + 90_000)
    #expect(taken.types == ["case.opened", "case.state"])
    #expect(try taken.state().communityId == CitySample.longjiang)
    #expect(try taken.state().submittedAt == reports[0].submittedAt)
    #expect(try taken.state().ownerUnitId == CitySample.sanitation)
    let joined = try await target.store.apply(value: sent[sent.startIndex + 1].value, at: Desk.start + 90_001)
    #expect(joined.types == ["case.report-joined", "case.state"])

    // And once more: the next hop carries the first stamp, too.
    let further = try await target.store.apply(
        ActOnCase(
            caseId: taken.state().caseId, communityId: CitySample.longjiang, action: .transfer, actor: CitySample.boss,
            reason: "仍不属本社区", toCommunityId: "nowhere"), at: Desk.start + 99_000)
    let second = try #require(further.last).read(ReportTransferred.self)
    #expect(second.hop == 2)
    #expect(second.firstStamp == CitySample.monday.adding(milliseconds: 7))
    #expect(second.report == Desk.envelope(reports[1]))

    // No pack knows the community there: a case opens all the same, for the dispatcher to see.
    let nowhere = try await Desk(partition: TopicCatalogue.caseCommands.partition(forKey: "nowhere"))
    let lost = try await nowhere.store.apply(value: #require(further.last).value, at: Desk.start + 100_000)
    #expect(lost.types == ["case.opened", "case.state"])
    #expect(try lost.state().flagged == "数据包没有社区 nowhere / community nowhere is not in the pack")
}

@Test func `a report handed round too often opens a flagged case next to the one that it might have joined`()
    async throws
{
    let desk = try await Desk()
    try await desk.register(CitySample.report())
    func transferred(hop: Int) -> ReportTransferred {
        ReportTransferred(
            report: Desk.envelope(CitySample.report("report-9")), toCommunityId: CitySample.mingdu,
            fromCaseId: "elsewhere", firstStamp: CitySample.monday, hop: hop)
    }

    let fifth = try await desk.store.apply(transferred(hop: 5), source: "/case-routing/1", at: Desk.start)
    let sixth = try await desk.store.apply(transferred(hop: 6), source: "/case-routing/1", at: Desk.start)

    #expect(fifth.types[0] == "case.report-joined")
    #expect(sixth.types[0] == "case.opened")
    #expect(try sixth.state().flagged == "已移交 6 次 / handed on 6 times")
}
