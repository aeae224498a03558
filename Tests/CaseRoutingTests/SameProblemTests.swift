import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

private let here = CitySample.townHall
private let hour: Int64 = 3_600_000

private func desk(closed: PackMatching.Closed? = nil) async throws -> Desk {
    try await Desk(
        pack: CitySample.pack(
            matching: PackMatching(certain: 600, doubtful: 400, reach: 5_000, days: 30, closed: closed)))
}

/// A report so many units north of the town hall.
private func report(
    _ number: Int, _ north: Int = 0, category: CategoryCode = CitySample.garbage, look: String? = nil
) -> ReportSubmitted {
    CitySample.report(
        ReportID("report-\(number)"), from: PersonID("rider-\(number)"), category: category, saying: "第 \(number) 件",
        at: here.north(north), photos: look.map { [CitySample.photo(number, look: $0)] })
}

private func other(_ id: CaseID) -> StepDetails { StepDetails { $0.otherCaseId = id } }
private func parts(_ ids: ReportID...) -> StepDetails { StepDetails { $0.reportIds = ids } }

extension [StoreUnderTest.Message] {
    /// The last state of each case that changed.
    fileprivate func states() throws -> [CaseID: CaseState] {
        try filter { $0.topic == TopicCatalogue.cases.name }.map { try $0.read(CaseState.self) }
            .reduce(into: [:]) { $0[$1.caseId] = $1 }
    }

    fileprivate func step(_ step: CaseChanged.Step) throws -> CaseChanged {
        let message = try #require(first { $0.attributes.type == step.rawValue })
        return try message.read(CaseChanged.self)
    }
}

extension Desk {
    fileprivate func home(of report: ReportID) async throws -> CaseID? {
        try await store.store.queue.read { db in
            try String.fetchOne(
                db, sql: "SELECT caseId FROM caseReport WHERE reportId = ?", arguments: [report.rawValue])
        }.map { CaseID($0) }
    }

    /// Brings a case to its end.
    fileprivate func close(_ id: CaseID) async throws {
        for action in [CaseAction.file, .dispatch, .handle, .verify] {
            try await act(action, on: id, by: action == .verify ? CitySample.checker : CitySample.boss)
        }
    }
}

// MARK: - By themselves

@Test func `a certain report joins and says why, a doubtful one opens its own case and is proposed`() async throws {
    let desk = try await desk()
    let first = try await desk.register(report(1)).state()

    let near = try await desk.register(report(2, 900))
    #expect(near.types == ["case.report-joined", "case.state"])
    let match = try #require(try near[0].read(ReportJoined.self).match)
    #expect(match.score == 719)
    #expect(match.reasons[0] == "距离 10 米 +319 / 10 m apart +319")

    let doubtful = try await desk.register(report(3, 3_600))
    #expect(doubtful.types == ["case.opened", "case.merge-proposed", "case.state"])
    let proposed = try doubtful.step(.mergeProposed)
    #expect(proposed.details?.otherCaseId == first.caseId)
    #expect(proposed.actorId == nil)
    let state = try doubtful.state()
    #expect(state.version == 1)
    #expect(state.course?.proposedSame?.map(\.caseId) == [first.caseId])
    #expect(state.course?.proposedSame?.first?.match == proposed.details?.match)
}

@Test func `a related category is proposed, another one is not`() async throws {
    let desk = try await desk()
    let first = try await desk.register(report(1)).state()
    let categories = [CitySample.category("E0103", limit: "1d", keywords: [])] + CitySample.categories
    try await desk.store.putInForce(
        CitySample.pack(
            version: 2, categories: categories,
            matching: PackMatching(certain: 600, doubtful: 400, reach: 5_000, days: 30)), at: Desk.start)

    let related = try await desk.register(report(2, category: "E0103")).state()
    let foreign = try await desk.register(report(3, category: "P0101")).state()

    #expect(related.course?.proposedSame?.map(\.caseId) == [first.caseId])
    #expect(foreign.course?.unfiled == nil)
}

@Test func `a photo that was used far away flags the new case, and near by it proposes the two`() async throws {
    let desk = try await desk()
    let look = "7c3e1f0f870783c1"
    let first = try await desk.register(report(1, look: look)).state()

    let far = try await desk.register(report(2, 90_000, look: "7c3e1f0f870783c2")).state()
    #expect(
        far.flagged?.hasSuffix("照片曾用于案件 \(first.caseNumber) / photo used before in case \(first.caseNumber)") == true)
    #expect(far.course?.unfiled == nil)

    let near = try await desk.register(report(3, 10, category: "P0101", look: look)).state()
    #expect(near.course?.proposedSame?.map(\.caseId) == [first.caseId])
    #expect(near.course?.proposedSame?.first?.match.reasons.contains("照片相同 +150 / same photo +150") == true)

    let another = try await desk.register(report(4, 180_000, look: "0000000000000000")).state()
    #expect(another.flagged == nil)
}

@Test(arguments: PackMatching.Closed.allCases)
func `a problem that was closed lately comes back by the pack's rule`(closed: PackMatching.Closed) async throws {
    let desk = try await desk(closed: closed)
    let first = try await desk.register(report(1)).state()
    try await desk.close(first.caseId)

    let again = try await desk.register(report(2, 100), after: hour)

    switch closed {
    case .link:
        #expect(again.types == ["case.opened", "case.state"])
        #expect(try again[0].read(CaseOpened.self).recurrenceOf == first.caseId)
        #expect(try again.state().course?.recurrenceOf == first.caseId)
    case .reopen:
        #expect(again.types == ["case.reopened", "case.dispatched", "case.report-joined", "case.state"])
        let state = try again.state()
        #expect(state.caseId == first.caseId)
        #expect(state.stage == .dispatched)
        #expect(state.reportIds == ["report-1", "report-2"])
        #expect(state.version == 6)
        #expect(try again.step(.reopened).actorId == "rider-2")
    }
    // Once nobody may open it any more, it is as if it had never been.
    let other = try await desk.register(report(3, 50_000)).state()
    try await desk.close(other.caseId)
    let late = try await desk.register(report(4, 50_000), after: 16 * 24 * hour)
    #expect(late.types == ["case.opened", "case.state"])
    #expect(try late.state().course?.unfiled == nil)
}

@Test func `without rules for it a closed case stays closed, and a new one says nothing of it`() async throws {
    let desk = try await Desk()
    let first = try await desk.register(report(1)).state()
    try await desk.close(first.caseId)

    let again = try await desk.register(report(2), after: hour)

    #expect(again.types == ["case.opened", "case.state"])
    #expect(try again.state().course?.unfiled == nil)
}

// MARK: - By a dispatcher

@Test func `a merge moves reports, reporters and photos, and a split of just those brings the case back as it was`()
    async throws
{
    let desk = try await desk()
    let kept = try await desk.register(report(1, look: "7c3e1f0f870783c1")).state()
    let gone = try await desk.register(report(2, 3_600, look: "00ff00ff00ff00ff")).state()
    try await desk.register(report(3, 4_000))
    try await desk.act(.file, on: gone.caseId)
    let before = try await desk.act(.dispatch, on: gone.caseId).state()

    let merged = try await desk.act(.merge, on: gone.caseId, by: CitySample.desk, details: other(kept.caseId))

    #expect(
        merged.types == ["case.merged", "case.state", "case.report-joined", "case.report-joined", "case.state"])
    let event = try merged.step(.merged)
    #expect(event.details?.reportIds == ["report-2", "report-3"])
    #expect(event.case.reporterIds == ["rider-2", "rider-3"])
    #expect(event.details?.match?.score ?? 0 > 400)
    let ended = try #require(try merged.states()[gone.caseId])
    #expect(ended.stage == .merged && ended.ended && ended.reportIds.isEmpty && ended.photos == nil)
    #expect(ended.course?.mergedInto == kept.caseId)
    let together = try #require(try merged.states()[kept.caseId])
    #expect(together.reportIds == ["report-1", "report-2", "report-3"])
    #expect(together.reporterIds == ["rider-1", "rider-2", "rider-3"])
    #expect(together.photos == (kept.photos ?? []) + (gone.photos ?? []))
    #expect(try await desk.home(of: "report-2") == kept.caseId)
    #expect(try await desk.timer(of: gone.caseId) == nil)

    let undone = try await desk.act(
        .split, on: kept.caseId, by: CitySample.desk, details: parts("report-3", "report-2"))

    #expect(undone.types == ["case.split", "case.state", "case.reopened", "case.state"])
    #expect(try undone.step(.reopened).details?.otherCaseId == kept.caseId)
    let back = try #require(try undone.states()[gone.caseId])
    #expect(back.stage == .dispatched && back.deadline == before.deadline && back.handlerId == before.handlerId)
    #expect(back.reportIds == before.reportIds && back.reporterIds == before.reporterIds)
    #expect(back.photos == before.photos && back.description == before.description)
    #expect(back.reopens == 0 && back.course == nil)
    let alone = try #require(try undone.states()[kept.caseId])
    #expect(alone.reportIds == kept.reportIds && alone.photos == kept.photos)
    #expect(try await desk.home(of: "report-2") == gone.caseId)
    #expect(try await desk.timer(of: gone.caseId) == before.deadline?.adding(milliseconds: 1))
}

@Test func `what a reporter does with a report reaches it where it went`() async throws {
    let desk = try await desk()
    let kept = try await desk.register(report(1)).state()
    let gone = try await desk.register(report(2, 3_600)).state()
    try await desk.act(.merge, on: gone.caseId, details: other(kept.caseId))

    let added = try await desk.amend(CitySample.amendment(.added, of: report(2, 3_600)))
    #expect(try added[0].read(CaseReportAmended.self).case.caseId == kept.caseId)

    let left = try await desk.amend(CitySample.amendment(.withdrawn, of: report(2, 3_600)), named: "back").state()
    #expect(left.caseId == kept.caseId)
    #expect(left.reportIds == ["report-1"])
    // Nothing is left that could be brought back.
    let refusal = try await desk.act(.split, on: kept.caseId, details: parts("report-2")).refusal()
    #expect(refusal.code == "reports-needed")
}

@Test func `other reports split off open a case that names where they come from`() async throws {
    let desk = try await desk()
    let first = try await desk.register(report(1)).state()
    try await desk.register(report(2, 100, look: "00ff00ff00ff00ff"))
    try await desk.register(report(3, 200))

    let split = try await desk.act(.split, on: first.caseId, details: parts("report-1", "report-2"))

    #expect(
        split.types == ["case.split", "case.state", "case.opened", "case.report-joined", "case.state"])
    let opened = try #require(split.first { $0.attributes.type == CaseOpened.type }).read(CaseOpened.self)
    #expect(opened.splitFrom == first.caseId)
    #expect(opened.caseNumber == "MD-20261123-0002")
    #expect(opened.reportId == "report-1")
    let new = try #require(try split.states()[opened.caseId])
    #expect(new.reportIds == ["report-1", "report-2"] && new.description == "第 1 件")
    #expect(new.photos == [CitySample.photo(2).id])
    let left = try #require(try split.states()[first.caseId])
    #expect(left.reportIds == ["report-3"] && left.description == "第 3 件" && left.photos == nil)
    #expect(try split.step(.split).details?.otherCaseId == new.caseId)
    #expect(try await desk.home(of: "report-1") == new.caseId)
}

@Test func `merging into a closed case opens it once more or names it, by the pack's rule`() async throws {
    for rule in PackMatching.Closed.allCases {
        let desk = try await desk(closed: rule)
        let old = try await desk.register(report(1)).state()
        try await desk.close(old.caseId)
        let new = try await desk.register(report(2, 20_000)).state()

        let answer = try await desk.act(.merge, on: new.caseId, details: other(old.caseId))

        switch rule {
        case .reopen:
            #expect(
                answer.types == [
                    "case.merged", "case.state", "case.reopened", "case.dispatched", "case.report-joined",
                    "case.state",
                ])
            #expect(try answer.states()[old.caseId]?.reportIds == ["report-1", "report-2"])
        case .link:
            #expect(answer.types == ["case.kept-apart", "case.state"])
            #expect(try answer.state().course?.recurrenceOf == old.caseId)
        }
    }
}

@Test func `undoing a merge into a closed case closes it as it was, unless somebody did something there`() async throws
{
    let desk = try await desk(closed: .reopen)
    let old = try await desk.register(report(1)).state()
    try await desk.close(old.caseId)
    let new = try await desk.register(report(2, 20_000), after: hour).state()
    try await desk.act(.merge, on: new.caseId, details: other(old.caseId), after: hour)

    let undone = try await desk.act(.split, on: old.caseId, details: parts("report-2"), after: 2 * hour)

    #expect(undone.types == ["case.split", "case.closed", "case.state", "case.reopened", "case.state"])
    #expect(try undone.step(.closed).details == other(new.caseId))
    let back = try #require(try undone.states()[old.caseId])
    #expect(back.stage == .closed && back.reopens == 0 && back.reportIds == ["report-1"])
    #expect(back.closedAt == CitySample.monday)
    #expect(try undone.states()[new.caseId]?.stage == .opened)

    // Once more, and this time the unit takes it on.
    try await desk.act(.merge, on: new.caseId, details: other(old.caseId), after: 3 * hour)
    try await desk.act(.accept, on: old.caseId, after: 3 * hour)
    let open = try await desk.act(.split, on: old.caseId, details: parts("report-2"), after: 4 * hour)
    #expect(open.types == ["case.split", "case.state", "case.reopened", "case.state"])
    #expect(try open.states()[old.caseId]?.stage == .dispatched)
}

@Test func `who wants to split a case that was closed since is told what to do first`() async throws {
    let desk = try await desk()
    let kept = try await desk.register(report(1)).state()
    let gone = try await desk.register(report(2, 20_000)).state()
    try await desk.act(.merge, on: gone.caseId, details: other(kept.caseId))
    try await desk.close(kept.caseId)

    let refusal = try await desk.act(.split, on: kept.caseId, details: parts("report-2")).refusal()
    #expect(refusal.code == "wrong-stage" && refusal.reason.contains("To split it, open it once more first."))
    #expect(refusal.allowed.contains("reopen"))
    try await desk.act(.reopen, on: kept.caseId)
    let split = try await desk.act(.split, on: kept.caseId, details: parts("report-2"))
    #expect(try split.states()[gone.caseId]?.stage == .opened)
}

@Test func `a merge that cannot be is refused with what to do instead`() async throws {
    let desk = try await desk()
    let first = try await desk.register(report(1)).state()
    let second = try await desk.register(report(2, 20_000)).state()
    let refused = try await desk.register(report(3, 40_000)).state()
    let foreign = try await desk.register(CitySample.report("report-9", in: CitySample.longjiang)).state()
    try await desk.act(.refuse, on: refused.caseId)

    func code(_ action: CaseAction, _ details: StepDetails?, reason: String? = "同一处") async throws -> String {
        try await desk.act(action, on: first.caseId, reason: reason, details: details).refusal().code
    }

    #expect(try await code(.merge, nil) == "other-case-needed")
    #expect(try await code(.merge, other(first.caseId)) == "other-case-needed")
    #expect(try await code(.merge, other("nowhere")) == "other-case-needed")
    #expect(try await code(.merge, other(foreign.caseId)) == "other-case-needed")
    #expect(try await code(.merge, other(refused.caseId)) == "other-case-ended")
    #expect(try await code(.merge, other(second.caseId), reason: nil) == "reason-needed")
    #expect(try await code(.split, parts("report-1")) == "reports-needed")
    #expect(try await code(.split, parts("report-2")) == "reports-needed")
    #expect(try await code(.keepApart, nil) == "other-case-needed")
    #expect(try await code(.adopt, nil) == "nothing-changes")
}

@Test func `what was found to be two is not proposed any more, and that is remembered`() async throws {
    let desk = try await desk()
    let first = try await desk.register(report(1)).state()
    let second = try await desk.register(report(2, 3_600)).state()

    let apart = try await desk.act(.keepApart, on: second.caseId, details: other(first.caseId))

    #expect(apart.types == ["case.kept-apart", "case.state"])
    #expect(try apart.state().course?.unfiled == nil)
    let again = try await desk.act(.keepApart, on: second.caseId, details: other(first.caseId)).refusal()
    #expect(again.code == "nothing-changes")
}

// MARK: - Parts

@Test func `a case with open parts is neither handled nor closed, and the refusal names them`() async throws {
    let desk = try await desk()
    let parent = try await desk.register(report(1)).state()
    let part = try await desk.register(report(2, 20_000)).state()
    try await desk.act(.file, on: parent.caseId)
    try await desk.act(.dispatch, on: parent.caseId)

    let adopted = try await desk.act(.adopt, on: part.caseId, details: other(parent.caseId))
    #expect(adopted.types == ["case.adopted", "case.state"])
    #expect(try adopted.state().course?.parentId == parent.caseId)

    let refusal = try await desk.act(.handle, on: parent.caseId).refusal()
    #expect(refusal.code == "open-parts")
    #expect(refusal.reason.contains(part.caseNumber))
    try await desk.act(.refuse, on: part.caseId)
    #expect(try await desk.act(.handle, on: parent.caseId).state().stage == .handled)

    let late = try await desk.register(report(3, 40_000)).state()
    try await desk.act(.adopt, on: late.caseId, details: other(parent.caseId))
    let unverified = try await desk.act(.verify, on: parent.caseId, by: CitySample.checker).refusal()
    #expect(unverified.code == "open-parts")
    let free = try await desk.act(.adopt, on: late.caseId).state()
    #expect(free.course?.unfiled == nil)
    let closed = try await desk.act(.verify, on: parent.caseId, by: CitySample.checker).state()
    #expect(closed.stage == .closed)
}

@Test func `parts have no parts, so no case is a part of itself`() async throws {
    let desk = try await desk()
    var ids: [CaseID] = []
    for number in 1...3 { ids.append(try await desk.register(report(number, number * 20_000)).state().caseId) }
    try await desk.act(.adopt, on: ids[1], details: other(ids[0]))

    func code(_ part: Int, of parent: Int) async throws -> String {
        try await desk.act(.adopt, on: ids[part], details: other(ids[parent])).refusal().code
    }

    #expect(try await code(0, of: 0) == "other-case-needed")
    #expect(try await code(0, of: 1) == "one-level")
    #expect(try await code(2, of: 1) == "one-level")
    #expect(try await code(0, of: 2) == "one-level")
    #expect(try await code(1, of: 0) == "nothing-changes")
    let merged = try await desk.act(.merge, on: ids[0], details: other(ids[2])).refusal()
    #expect(merged.code == "open-parts")
}

extension CaseCourse {
    /// What there is beside the time to judge it; nil for nothing.
    fileprivate var unfiled: CaseCourse? {
        var rest = self
        rest.filingDeadline = nil
        return rest == CaseCourse() ? nil : rest
    }
}
