import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let street = UnitID("street")
private let climbing = RoutingTable(
    CitySample.pack(
        people: CitySample.people + [CitySample.worker("clerk", of: street, in: [])],
        units: [
            PackUnit(id: CitySample.property, name: "名都物业", superiorId: street),
            PackUnit(id: CitySample.sanitation, name: "环卫", superiorId: street),
            PackUnit(id: street, name: "街道办"),
        ]))

private func walk(_ found: Case, _ acts: ActOnCase..., by table: RoutingTable? = climbing) throws -> CaseDecision {
    var last = CaseDecision(case: found, events: [])
    for act in acts { last = try Sample.decided(act, on: last.case, in: Sample.circumstances(table: table)) }
    return last
}

@Test func `a unit takes a case on, once`() throws {
    let decision = try Sample.decided(Sample.act(.accept, by: Sample.worker), on: Sample.case(.dispatched))

    #expect(decision.told == ["case.accepted"])
    #expect(decision.case.state.course?.acceptedAt == CitySample.monday)
    #expect(try Sample.refused(Sample.act(.accept), on: decision.case)?.code == .wrongStage)
}

@Test func `who gave a case back still answers for it, until another takes it on`() throws {
    let returned = try walk(try Sample.case(.dispatched), Sample.act(.return))
    #expect(returned.case.stage == .filed(proposed: Sample.owner))
    #expect(returned.case.state.course?.keptBy == CitySample.property)
    #expect(returned.case.state.ownerUnitId == CitySample.property)

    let moved = try walk(returned.case, Sample.act(.dispatch, unitId: CitySample.sanitation))
    #expect(moved.case.state.ownerUnitId == CitySample.sanitation)
    #expect(moved.case.state.course?.keptBy == CitySample.property)
    #expect(try walk(moved.case, Sample.act(.accept)).case.state.course?.keptBy == nil)
    #expect(try walk(moved.case, Sample.act(.handle)).case.state.course?.keptBy == nil)
}

@Test func `what came back twice goes up a level by itself, and on up from there`() throws {
    let once = try walk(
        try Sample.case(.dispatched), Sample.act(.return), Sample.act(.dispatch, unitId: CitySample.sanitation))
    let twice = try walk(once.case, Sample.act(.return))

    #expect(twice.told == ["case.returned", "case.escalated", "case.dispatched"])
    #expect(twice.case.stage.owner == Owner(unitId: street, handlerId: "clerk"))
    #expect(twice.case.state.course?.level == 1)
    #expect(twice.case.state.course?.keptBy == CitySample.property)
    guard case .changed(let escalated) = twice.events[1] else { return }
    #expect(escalated.details?.level == 1 && escalated.reason == "两次退回 / returned twice" && escalated.actorId == nil)

    let top = try walk(twice.case, Sample.act(.return))
    #expect(top.told == ["case.returned", "case.escalated"])
    #expect(top.case.stage.name == .filed)
    #expect(top.case.state.course?.level == 2)
    #expect(top.case.flagged?.contains("没有上级单位") == true)
    let sent = try walk(top.case, Sample.act(.dispatch, unitId: CitySample.sanitation))
    #expect(sent.case.flagged == nil)
}

@Test func `the pack says how many returns are too many`() throws {
    let table = RoutingTable(CitySample.pack(loop: PackLoop(returnsBeforeLevelUp: 1)))
    let returned = try walk(try Sample.case(.dispatched), Sample.act(.return), by: table)

    #expect(returned.told == ["case.returned", "case.escalated"])
    #expect(returned.case.flagged?.contains("退回 1 次") == true)
}

@Test func `an outside party says by its link that the work is done`() throws {
    let found = try walk(try Sample.case(.dispatched), Sample.act(.handOver, by: CitySample.desk))
    #expect(found.told == ["case.handed-over"])
    guard case .changed(let change)? = found.events.last else { return }
    #expect(change.details?.party == "电信分公司" && change.details?.until == Sample.friday)
    #expect(change.details?.linkHash == nil)
    #expect(found.case.state.course?.party == "电信分公司")
    #expect(found.case.watchedDeadline == CitySample.moment("2026-11-23T14:00:00.000+08:00"))

    let handled = try walk(found.case, Sample.act(.handle, by: Sample.party)).case
    #expect(handled.stage.name == .handled)
    #expect(try Sample.refused(Sample.act(.verify, by: CitySample.checker), on: handled) == nil)
}

@Test func `a link opens its own case only, for as long as it is good, and nothing but that`() throws {
    let found = try Sample.decided(Sample.act(.handOver), on: Sample.case(.dispatched)).case
    let stranger = CitySample.actor("outside:0123456789abcdef", "outside-party")
    var wrong = Sample.details
    wrong.linkHash = PlatformKey.hash(of: "another link")

    #expect(try Sample.refused(Sample.act(.handle, by: stranger), on: found)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.handle, by: Sample.party, details: wrong), on: found)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.return, by: Sample.party), on: found)?.code == .notAllowed)
    #expect(
        try Sample.refused(Sample.act(.handle, by: Sample.party), on: Sample.case(.dispatched))?.code == .notAllowed)
    let late = Sample.circumstances(at: Sample.friday.adding(milliseconds: 1))
    #expect(try Sample.refused(Sample.act(.handle, by: Sample.party), on: found, in: late)?.code == .notAllowed)
    let replaced = try Sample.decided(Sample.act(.handOver, details: wrong), on: found).case
    #expect(try Sample.refused(Sample.act(.handle, by: Sample.party), on: replaced)?.code == .notAllowed)
}

@Test func `work is handed in with words, and with pictures where the pack wants them`() throws {
    let found = try Sample.case(.dispatched)
    for words in [nil, " "] {
        #expect(try Sample.refused(Sample.act(.handle, reason: words), on: found)?.code == .reasonNeeded)
    }
    let strict = Sample.circumstances(table: RoutingTable(CitySample.pack(loop: PackLoop(needsAfterPhotos: true))))
    let refusal = try Sample.refused(Sample.act(.handle), on: found, in: strict)
    #expect(refusal?.code == .detailsNeeded && refusal?.allowed == [.handle])
    let shown = Sample.act(.handle, details: StepDetails { $0.photos = [CitySample.photo(1)] })
    #expect(try Sample.refused(shown, on: found, in: strict) == nil)
    #expect(try Sample.refused(Sample.act(.handle), on: found) == nil)
}

@Test(arguments: [true, false])
func `what a check shows is told`(agrees: Bool) throws {
    let details = StepDetails { $0.photos = [CitySample.photo(3)] }
    let verify = Sample.act(.verify, by: CitySample.checker, agrees: agrees, details: details)

    #expect(try Sample.decided(verify, on: Sample.case(.handled)).steps(.verified).first?.details == details)
}

@Test func `pictures of the work are kept, none twice`() throws {
    var details = StepDetails()
    details.photos = [CitySample.photo(1), CitySample.photo(2), CitySample.photo(1)]
    let handled = try Sample.decided(Sample.act(.handle, details: details), on: Sample.case(.dispatched))

    #expect(handled.case.state.course?.workPhotos == [CitySample.photo(1).id, CitySample.photo(2).id])
    guard case .changed(let change)? = handled.events.last else { return }
    #expect(change.details?.photos == details.photos)
}
