import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// A city in memory: what a store does, as plainly as possible.
private struct City {
    var cases: [CaseID: Case] = [:]
    var told: [CaseID: [CaseEvent]] = [:]
    /// (report, hop) and the case that it is in.
    var places: [String: CaseID] = [:]
    var count = 0
    var now = CitySample.monday

    func circumstances() -> Circumstances {
        let open = cases.values.filter(\.isOpen)
        return Circumstances(now: now, table: Sample.table) { id in
            open.filter { $0.stage.owner?.handlerId == id }.count
        }
    }

    mutating func place(_ arriving: ArrivingReport) throws {
        let key = "\(arriving.report.reportId)|\(arriving.hop)"
        guard places[key] == nil else { return }
        let classification = classify(arriving.report, by: Sample.table, logic: 2)
        let neighbours = cases.values
            .filter {
                $0.takesReports && $0.category == classification.category && $0.communityId == arriving.communityId
            }
            .map { Neighbour(id: $0.id, location: $0.location, openedAt: $0.openedAt) }
        if arriving.mayJoin,
            let found = nearest(to: arriving.report.location, among: neighbours, within: 5_000),
            let joined = cases[found.id]
        {
            places[key] = found.id
            return keep(joined.join(arriving, distance: found.distance))
        }
        count += 1
        let id = CaseID("case-\(count)")
        places[key] = id
        let number = CaseNumber.text(
            communityId: arriving.communityId, day: CaseNumber.day(at: now, by: Sample.table), ordinal: count,
            by: Sample.table)
        keep(
            try Case.open(
                arriving, id: id, number: number, classification: classification, in: circumstances()))
    }

    mutating func act(_ act: ActOnCase) throws {
        guard case .decided(let decision) = try answer(act, about: cases[act.caseId], in: circumstances()) else {
            return
        }
        keep(decision)
        guard case .transferred(let departure) = decision.case.stage else { return }
        for part in decision.case.reports {
            let report = CitySample.report(
                part.reportId, from: part.reporterId, in: decision.case.communityId, category: decision.case.category,
                at: decision.case.location)
            try place(ArrivingReport(report: report, hop: part.hop + 1, communityId: departure.toCommunityId))
        }
    }

    mutating func keep(_ decision: CaseDecision) {
        checkStep(from: cases[decision.case.id], to: decision)
        cases[decision.case.id] = decision.case
        told[decision.case.id, default: []] += decision.events
    }

    private func checkStep(from old: Case?, to decision: CaseDecision) {
        let new = decision.case
        #expect(new.version == (old?.version ?? 0) + 1)
        #expect(!decision.events.isEmpty)
        #expect(new.returns >= old?.returns ?? 0)
        #expect(new.reworks >= old?.reworks ?? 0)
        #expect(new.reopens >= old?.reopens ?? 0)
        #expect(Array(new.reports.prefix(old?.reports.count ?? 0)) == (old?.reports ?? []))
        if let old { #expect(old.number == new.number && old.communityId == new.communityId) }
        for event in decision.events { #expect(event.reference.caseId == new.id) }
        if case .closed(let closing) = new.stage {
            #expect(closing.verifiedBy != closing.handling.handledBy)
            #expect(closing.verifiedBy != new.stage.owner?.handlerId)
            #expect(!new.reporterIds.contains(closing.verifiedBy))
        }
    }

    func check() {
        #expect(Set(cases.values.map { "\($0.communityId)|\($0.number)" }).count == cases.count)
        var holders: [String: [CaseID]] = [:]
        for found in cases.values {
            for part in found.reports { holders["\(part.reportId)|\(part.hop)", default: []].append(found.id) }
        }
        for (key, id) in places {
            #expect(holders[key] == [id])
        }
        #expect(cases.values.reduce(0) { $0 + $1.reports.count } == places.count)
        for (id, events) in told {
            var agreed = false
            for case .changed(let change) in events {
                if change.step == .verified { agreed = change.agrees == true }
                if change.step == .closed { #expect(agreed, "\(id) closed without a check that agreed") }
            }
        }
    }
}

private let people = [
    CitySample.desk, CitySample.checker, CitySample.boss, CitySample.actor("worker-a", "worker"),
    CitySample.actor("worker-b", "worker", "verifier"), CitySample.actor("sweeper", "worker", "admin"),
    CitySample.actor("rider-1", "rider", "verifier"), CitySample.actor("rider-2", "rider"),
]

@Test func `whatever happens to a city, its books stay in order`() throws {
    var random = SeededGenerator()
    for _ in 0..<3 { try randomCity(using: &random).check() }
}

/// A history in which nothing is ever closed, joined or handed on would prove little; fixed, since any one may miss a step.
@Test(arguments: [1, 2, 3] as [UInt64])
func `chance histories of a city take every turn there is`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let city = try randomCity(using: &random)

    city.check()
    let told = Set(city.told.values.flatMap { $0 }.map(\.messageType))
    #expect(told.isSuperset(of: ["case.report-joined", "case.closed", "case.reopened", "case.transferred"]))
}

private func randomCity(using random: inout SeededGenerator) throws -> City {
    var city = City()
    for turn in 0..<900 {
        city.now = city.now.adding(milliseconds: Int64.random(in: 0...3_600_000, using: &random))
        let ids = city.cases.keys.sorted()
        if ids.isEmpty || Int.random(in: 0..<10, using: &random) == 0 {
            let repeated = Int.random(in: 0...turn, using: &random)
            let report = CitySample.report(
                ReportID("report-\(repeated)"), from: Bool.random(using: &random) ? "rider-1" : "rider-2",
                in: Bool.random(using: &random) ? CitySample.mingdu : CitySample.longjiang,
                category: Bool.random(using: &random) ? CitySample.garbage : CitySample.parking,
                at: CitySample.townHall.north(Int.random(in: 0...20_000, using: &random)))
            try city.place(Sample.arriving(report))
        } else {
            let id = ids[Int.random(in: 0..<ids.count, using: &random)]
            guard let found = city.cases[id] else { continue }
            if let due = found.passDeadline(at: city.now) { city.keep(due) }
            try city.act(randomAction(on: found, using: &random))
        }
    }
    return city
}

private func randomAction(on found: Case, using random: inout SeededGenerator) -> ActOnCase {
    // Mostly what is possible, so that histories get somewhere.
    let forward = found.stage.possibleActions.filter { ![.refuse, .transfer, .return].contains($0) }
    let choice = Int.random(in: 0..<6, using: &random) == 0 || forward.isEmpty ? CaseAction.allCases : forward
    return ActOnCase(
        caseId: found.id, communityId: found.communityId,
        action: choice[Int.random(in: 0..<choice.count, using: &random)],
        actor: people[Int.random(in: 0..<people.count, using: &random)], reason: "理由",
        unitId: Bool.random(using: &random) ? CitySample.sanitation : CitySample.property,
        agrees: Bool.random(using: &random),
        toCommunityId: ["mingdu", "longjiang", "unassigned", "nowhere"][Int.random(in: 0..<4, using: &random)])
}
