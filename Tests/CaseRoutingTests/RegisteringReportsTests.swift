import CaseRoutingDomain
import Contracts
import EventProcessing
import TestSupport
import Testing

@testable import CaseRouting

@Test func `a report opens a case, told once as an event and once as it stands`() async throws {
    let desk = try await Desk(partition: 2)
    let report = CitySample.report()

    let messages = try await desk.register(report)

    #expect(messages.types == ["case.opened", "case.state"])
    #expect(messages.map(\.topic) == ["case-events.v1", "cases.v1", "open-cases.v1"])
    #expect(messages.map(\.partition) == [2, 2, 2])
    let opened = try messages[0].read(CaseOpened.self)
    #expect(messages.map(\.key) == ["mingdu", opened.caseId.rawValue, opened.caseId.rawValue])
    #expect(opened.caseNumber == "MD-20261123-0001")
    #expect(opened.routing.hasSuffix("rule R1: E0102 in mingdu → mingdu-property; of 2, worker-a has fewest (0)"))
    #expect(opened.openedAt == CitySample.monday)
    #expect(MessageID(opened.caseId.rawValue) != nil)
    #expect(try messages.state().version == 1)
}

@Test func `a second report less than fifty metres away joins, one further away opens its own case`() async throws {
    let desk = try await Desk()
    let first = try await desk.register(CitySample.report()).state()

    let near = try await desk.register(CitySample.report("report-2", at: CitySample.townHall.north(4_487)))
    #expect(near.types == ["case.report-joined", "case.state"])
    #expect(try near[0].read(ReportJoined.self).distance == 4_989)
    #expect(try near.state().caseId == first.caseId)
    #expect(try near.state().version == 2)

    let far = try await desk.register(CitySample.report("report-3", at: CitySample.townHall.north(-4_506)))
    #expect(far.types == ["case.opened", "case.state"])
    #expect(try far.state().caseNumber == "MD-20261123-0002")
}

@Test func `another category, another community and a closed case are not joined`() async throws {
    let desk = try await Desk()
    let first = try await desk.register(CitySample.report()).state()

    #expect(try await desk.register(CitySample.report("report-2", category: "P0101")).types[0] == "case.opened")
    let elsewhere = try await desk.register(CitySample.report("report-3", in: CitySample.longjiang))
    #expect(try elsewhere.state().caseNumber == "LJ-20261123-0001")
    try await desk.act(.refuse, on: first.caseId)
    let again = try await desk.register(CitySample.report("report-4"))
    #expect(again.types[0] == "case.opened")
    #expect(try again.state().caseNumber == "MD-20261123-0003")
}

@Test func `the same report in another message is refused, for it is in one case for ever`() async throws {
    let desk = try await Desk()
    try await desk.register(CitySample.report())

    let refusal = try await desk.register(CitySample.report(at: CitySample.townHall.north(90_000))).refusal()

    #expect(refusal.code == "already-registered")
    #expect(refusal.reason.contains("MD-20261123-0001"))
    #expect(try await desk.rows(of: "caseFile") == 1)
    // The number that the refused report had taken is given to the next one.
    let next = try await desk.register(CitySample.report("report-2", category: "P0101")).state()
    #expect(next.caseNumber == "MD-20261123-0002")
}

@Test func `numbers begin anew on each day of the community's clocks`() async throws {
    let desk = try await Desk()
    let apart = { (number: Int) in CitySample.townHall.north(number * 10_000) }
    // 23:59:59.999 and midnight, eight hours ahead of Greenwich.
    let night: Int64 = 15 * 3_600_000
    try await desk.register(CitySample.report("report-1", at: apart(1)))
    let last = try await desk.register(CitySample.report("report-2", at: apart(2)), after: night - 1).state()
    let first = try await desk.register(CitySample.report("report-3", at: apart(3)), after: night).state()

    #expect(last.caseNumber == "MD-20261123-0002")
    #expect(first.caseNumber == "MD-20261124-0001")
}

@Test func `cases are spread over the workers, and given to who is free again`() async throws {
    let desk = try await Desk()
    var cases: [CaseState] = []
    for number in 1...4 {
        let report = CitySample.report(ReportID("report-\(number)"), at: CitySample.townHall.north(number * 10_000))
        cases.append(try await desk.register(report).state())
    }
    #expect(cases.map(\.handlerId) == ["worker-a", "worker-b", "worker-a", "worker-b"])

    try await desk.act(.refuse, on: cases[1].caseId)
    try await desk.act(.refuse, on: cases[3].caseId)
    let next = try await desk.register(CitySample.report("report-5")).state()
    #expect(next.handlerId == "worker-b")
}

@Test func `without a pack a report opens a flagged case of its own`() async throws {
    let desk = try await Desk(pack: nil)

    let first = try await desk.register(CitySample.report()).state()
    let second = try await desk.register(CitySample.report("report-2")).state()

    #expect(first.flagged?.contains("no pack is in force") == true)
    #expect(first.ledgerId == "default")
    #expect(first.caseNumber == "X-20261123-0001")
    #expect(second.caseId != first.caseId)
}

@Test func `a new pack counts from where it took effect`() async throws {
    let desk = try await Desk()
    try await desk.register(CitySample.report(category: CitySample.parking))
    let rule = PackRoutingRule(
        id: "P", categories: [CitySample.parking], communityIds: [], kind: nil, unitId: CitySample.sanitation)

    try await desk.store.putInForce(CitySample.pack(version: 2, rules: [rule]), at: Desk.start)

    let next = try await desk.register(
        CitySample.report("report-2", category: CitySample.parking, at: CitySample.townHall.north(20_000))
    ).state()
    #expect(next.ownerUnitId == CitySample.sanitation)
    #expect(next.flagged == nil)
}

@Test func `the translator carries the whole report to its community's partition`() throws {
    let report = Desk.envelope(CitySample.report())
    let record = SourceRecord(
        attributes: report.attributes, value: try report.value(), topic: TopicCatalogue.reports.name)

    let translations = try Translator.reports.translate(record)

    #expect(translations.map(\.key) == ["mingdu"])
    #expect(translations.first?.payload as? RegisterReport == RegisterReport(report: report))
}

@Test func `the translator carries an amendment the same way, and passes over what it does not know`() throws {
    let amended = Desk.envelope(CitySample.amendment(.withdrawn))
    let record = SourceRecord(
        attributes: amended.attributes, value: try amended.value(), topic: TopicCatalogue.reports.name)

    let translations = try Translator.reports.translate(record)

    #expect(translations.map(\.key) == ["mingdu"])
    #expect(translations.first?.payload as? AmendReport == AmendReport(amendment: amended))
    var stranger = amended.attributes
    stranger.type = "report.praised"
    let praised = Envelope(attributes: stranger, data: amended.data)
    #expect(throws: ContractError.unknownType("report.praised")) {
        try Translator.reports.translate(
            SourceRecord(attributes: stranger, value: try praised.value(), topic: TopicCatalogue.reports.name))
    }
}

@Test func `a command that nobody knows is refused`() async throws {
    let desk = try await Desk()

    let refusal = try await desk.store.apply(LogIdentity(id: "log-a", first: true), at: Desk.start).refusal()

    #expect(refusal.code == "unknown-command")
}

@Test func `a report goes to the case that it supports, and where that is none of this community its usual way`()
    async throws
{
    let desk = try await Desk()
    let first = try await desk.register(CitySample.report()).state()
    func supporting(_ id: ReportID, _ found: CaseID, metres: Int) -> ReportSubmitted {
        CitySample.report(
            id, from: "rider-9", category: CitySample.parking, at: CitySample.townHall.north(metres * 90),
            supports: found)
    }

    let joined = try await desk.register(supporting("report-2", first.caseId, metres: 300))
    let tooFar = try await desk.register(supporting("report-3", first.caseId, metres: 3_000))
    let unknown = try await desk.register(supporting("report-4", "no-case", metres: 6_000))

    #expect(joined.types == ["case.report-joined", "case.state"])
    #expect(try joined.state().caseId == first.caseId)
    #expect(try joined.state().category == CitySample.garbage)
    #expect(tooFar.types == ["case.opened", "case.state"])
    #expect(unknown.types == ["case.opened", "case.state"])
}
