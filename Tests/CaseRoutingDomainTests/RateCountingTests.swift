import CaseRates
import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// A history of one case, told event by event, and what is counted of it.
private struct History {
    var found: Case
    var counts: [String: RateCounts] = [:]
    var now = CitySample.monday

    init() throws { found = try Sample.opening().case }

    /// The day by China's clocks.
    private var day: String {
        let text = now.compactDay(utcOffsetMinutes: 480)
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }

    mutating func tell(
        _ step: CaseChanged.Step, unit: UnitID? = CitySample.property, by actor: PersonID? = nil,
        agrees: Bool? = nil, reporters: [PersonID] = ["rider-1"], details: StepDetails? = nil,
        after hours: Int64 = 0
    ) {
        now = now.adding(milliseconds: hours * 3_600_000)
        take(
            .changed(
                CaseChanged(
                    step: step, case: reference(unit, reporters), at: now, actorId: actor, agrees: agrees,
                    details: details)))
    }

    mutating func take(_ event: CaseEvent) {
        for change in found.count([event], at: now, on: day) {
            counts["\(change.unitId?.rawValue ?? "") \(change.day)", default: RateCounts()][change.count] += change.by
        }
    }

    func reference(_ unit: UnitID?, _ reporters: [PersonID] = ["rider-1"]) -> CaseReference {
        CaseReference(
            caseId: found.id, caseNumber: found.number, communityId: found.communityId, ledgerId: found.ledgerId,
            category: found.category, kind: found.kind, reporterIds: reporters, ownerUnitId: unit, handlerId: nil)
    }

    /// What there is of a unit, all days together.
    func all(_ unit: UnitID = CitySample.property) -> RateCounts {
        counts.filter { $0.key.hasPrefix(unit.rawValue + " ") }.values.reduce(into: RateCounts()) { $0 += $1 }
    }

    mutating func closeSoon() {
        tell(.dispatched)
        tell(.handled, after: 1)
        tell(.verified, agrees: true)
        tell(.closed)
    }
}

private let tuesday = "mingdu-property 2026-11-24"
private let monday = "mingdu-property 2026-11-23"

@Test func `a case done soon is answered, checked, closed and on time`() throws {
    var history = try History()
    history.closeSoon()

    #expect(
        history.counts == [
            monday: RateCounts([.assigned: 1, .responded: 1, .checked: 1, .closed: 1, .onTime: 1, .asked: 1])
        ])
}

@Test func `an answer is one within 24 hours, and counts on the day of the dispatch`() throws {
    for (hours, isOne) in [(0, true), (24, true), (25, false)] as [(Int64, Bool)] {
        for step in [CaseChanged.Step.accepted, .handled, .extensionAsked, .returned] {
            var history = try History()
            history.tell(.dispatched)
            history.tell(step, after: hours)
            history.tell(step, after: 0)
            #expect(history.counts[monday]?[.responded] == (isOne ? 1 : 0), "\(step) after \(hours) h")
            #expect(history.counts[monday]?[.assigned] == 1)
        }
    }
}

@Test func `what runs late stays open and overdue until it is closed, and is not on time`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    history.tell(.overdue, after: 1)
    #expect(history.all()[.openOverdue] == 1)
    history.tell(.handled, after: 30)
    #expect(history.all()[.openOverdue] == 1)
    history.tell(.closed)

    #expect(history.all() == RateCounts([.assigned: 1, .closed: 1, .asked: 1]))
    #expect(history.counts[monday]?[.openOverdue] == 1)
    #expect(history.counts[tuesday]?[.openOverdue] == -1)
}

@Test func `work to be done again, or another handler of the unit, does not begin anew`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    history.tell(.dispatched)
    history.tell(.handled, after: 1)
    history.tell(.verified, agrees: false)
    history.tell(.dispatched)
    history.tell(.handled)
    history.tell(.verified, agrees: true)
    history.tell(.closed)

    #expect(
        history.all() == RateCounts([.assigned: 1, .responded: 1, .checked: 2, .reworked: 1, .closed: 1, .asked: 1]))
}

@Test(arguments: [CaseChanged.Step.returned, .dispatched, .refused])
func `who gets rid of what is late keeps it in the sample`(step: CaseChanged.Step) throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 25)
    history.tell(step, unit: step == .dispatched ? CitySample.sanitation : CitySample.property)

    let counts = history.all()
    #expect(counts[.leftOverdue] == 1 && counts[.openOverdue] == 0 && counts[.assigned] == 1)
    #expect(Rate.onTime.sample(of: counts) == 1 && Rate.onTime.part(of: counts) == 0)
    // The next unit begins with a clean sheet.
    history.tell(.dispatched, unit: CitySample.sanitation)
    history.tell(.closed, unit: CitySample.sanitation)
    #expect(history.all(CitySample.sanitation)[.onTime] == 1)
}

@Test(arguments: [CaseChanged.Step.merged, .cancelled])
func `what is merged or cancelled leaves the sample`(step: CaseChanged.Step) throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(step, after: 1)
    #expect(history.all().isEmpty)

    history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 25)
    history.tell(step)
    // That nobody answered for a day stays.
    #expect(history.all() == RateCounts([.assigned: 1]))
}

private let undone = StepDetails { $0.otherCaseId = "case-2" }

@Test func `a merge that is undone launders nothing`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    history.tell(.merged, unit: nil, details: undone)
    #expect(history.all()[.openOverdue] == 0)
    history.tell(.reopened, details: undone, after: 1)
    #expect(history.all() == RateCounts([.assigned: 1, .openOverdue: 1]))
    history.tell(.handled)
    history.tell(.closed)
    #expect(history.all()[.closed] == 1 && history.all()[.onTime] == 0 && history.all()[.assigned] == 1)

    // Undone once only, and where nothing was in anybody's hands nothing comes back.
    history = try History()
    history.tell(.merged, unit: nil, details: undone)
    history.tell(.reopened, details: undone)
    #expect(history.all().isEmpty)
}

@Test func `a closed case that a merge had opened is closed as it was when that is undone`() throws {
    var history = try History()
    history.closeSoon()
    let before = history.counts
    history.tell(.reopened, after: 1)
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    #expect(history.counts != before)
    history.tell(.closed, details: undone)
    #expect(history.all()[.onTime] == 1 && history.all()[.reopened] == 0 && history.all()[.closed] == 1)
    #expect(history.all()[.openOverdue] == 0 && history.all()[.leftOverdue] == 0)
    // Opened for good it counts as ever.
    history.tell(.reopened, after: 1)
    #expect(history.all()[.reopened] == 1 && history.all()[.onTime] == 0)
}

extension History {
    fileprivate mutating func reclassify(isOverdue: Bool?) {
        take(
            .reclassified(
                CaseReclassified(
                    case: reference(CitySample.property), previousCategory: "E0102", suggested: nil, at: now,
                    actorId: "desk", reason: "是井盖", isOverdue: isOverdue)))
    }
}

@Test func `a breach that the right category does not know is none in the rates either`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    history.reclassify(isOverdue: true)
    history.reclassify(isOverdue: nil)
    #expect(history.all()[.openOverdue] == 1)
    history.reclassify(isOverdue: false)
    history.reclassify(isOverdue: false)
    #expect(history.all()[.openOverdue] == 0)
    history.tell(.handled)
    history.tell(.closed)
    #expect(history.all()[.onTime] == 1)

    // What was late before a check found it not done stays so.
    history = try History()
    history.tell(.dispatched)
    history.tell(.overdue, after: 5)
    history.tell(.handled)
    history.tell(.verified, agrees: false)
    history.tell(.dispatched)
    history.reclassify(isOverdue: false)
    history.tell(.closed)
    #expect(history.all()[.closed] == 1 && history.all()[.onTime] == 0)
}

@Test func `who keeps a returned case too long is late with it`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.returned, after: 1)
    history.tell(.dispatched, unit: CitySample.sanitation)
    history.tell(.keptOverdue, unit: CitySample.sanitation, details: units(CitySample.property), after: 5)
    #expect(history.all()[.leftOverdue] == 1 && history.all(CitySample.sanitation)[.leftOverdue] == 0)
    #expect(Rate.onTime.sample(of: history.all()) == 1 && Rate.onTime.part(of: history.all()) == 0)
}

@Test func `nobody is asked who cannot answer`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.closed, reporters: ["rider-1", .anonymous("7f3a"), .anonymous("campaign-9")])
    #expect(history.all()[.asked] == 1)
}

@Test func `a transfer leaves the sample as well`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.take(
        .transferred(
            CaseTransferred(
                case: history.reference(CitySample.property), toCommunityId: "longjiang", reportIds: [],
                at: history.now, actorId: "desk", reason: "那边的")))
    #expect(history.all().isEmpty)
}

@Test func `a case opened again counts against who closed it, on the day of the closing`() throws {
    var history = try History()
    history.closeSoon()
    history.tell(.reopened, after: 48)
    history.tell(.dispatched, unit: CitySample.sanitation)
    history.tell(.reopened)

    #expect(
        history.counts[monday]
            == RateCounts([
                .assigned: 1, .responded: 1, .checked: 1, .closed: 1, .asked: 1, .reopened: 1,
            ]))
    #expect(history.all(CitySample.sanitation) == RateCounts([.assigned: 1]))
    #expect(Rate.onTime.part(of: history.all()) == 0 && Rate.onTime.sample(of: history.all()) == 1)
}

private func said(_ solved: Bool?, _ satisfied: Bool?) -> StepDetails {
    StepDetails {
        $0.solved = solved
        $0.satisfied = satisfied
    }
}

@Test func `only reporters answer for themselves, and of each the last word counts`() throws {
    var history = try History()
    history.closeSoon()
    history.tell(.rated, by: "worker-a", reporters: ["rider-1", "rider-2"], details: said(true, true))
    history.tell(.rated, by: "rider-1", reporters: ["rider-1", "rider-2"], details: said(true, true))
    history.tell(.rated, by: "rider-1", reporters: ["rider-1", "rider-2"], details: said(false, true), after: 30)
    history.tell(.rated, by: "rider-2", reporters: ["rider-1", "rider-2"], details: said(nil, false), after: 30)

    let counts = try #require(history.counts[monday])
    #expect(counts[.solvedAnswers] == 1 && counts[.solved] == 0)
    #expect(counts[.satisfiedAnswers] == 2 && counts[.satisfied] == 1)
    #expect(history.counts.count == 1)
}

@Test func `an answer before any closing counts nowhere`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.rated, by: "rider-1", details: said(true, true))
    #expect(history.all() == RateCounts([.assigned: 1]))
}

private func units(_ units: UnitID...) -> StepDetails { StepDetails { $0.unitIds = units } }

@Test func `who is called and comes counts once, who comes uncalled or too late does not`() throws {
    var history = try History()
    history.tell(.dispatched)
    history.tell(.whistled, details: units(CitySample.sanitation, "fire"))
    history.tell(.checkedIn, details: units(CitySample.sanitation), after: 20)
    history.tell(.checkedIn, details: units(CitySample.sanitation))
    history.tell(.checkedIn, details: units("water"))
    history.tell(.whistleEnded, details: units("fire"))
    history.tell(.checkedIn, details: units("fire"))

    #expect(history.all()[.whistled] == 1)
    #expect(history.all(CitySample.sanitation) == RateCounts([.called: 1, .came: 1]))
    #expect(history.counts["sanitation 2026-11-23"]?[.came] == 1)
    #expect(history.all("fire") == RateCounts([.called: 1]))
    #expect(history.all("water").isEmpty)
}

@Test func `what nobody has is counted for whom the event names`() throws {
    var history = try History()
    history.tell(.refused, unit: nil)
    #expect(history.counts == [" 2026-11-23": RateCounts([.refused: 1])])
    history.tell(.overdue)
    #expect(history.all() == RateCounts([.assigned: 1, .openOverdue: 1]))
}

@Test func `steps that say nothing of a unit's work count nowhere`() throws {
    let quiet: [CaseChanged.Step] = [
        .filed, .checked, .parked, .resumed, .extensionDecided, .informationAsked, .informationGiven, .handedOver,
        .referred, .filingOverdue, .nearDue, .escalated, .coOwnerAdded, .coOwnerHandled, .coOwnerOverdue, .split,
        .mergeProposed,
        .keptApart, .adopted,
    ]
    var history = try History()
    history.tell(.dispatched)
    for step in quiet { history.tell(step, agrees: true, details: units(CitySample.sanitation)) }
    #expect(history.counts == [monday: RateCounts([.assigned: 1])])
}
