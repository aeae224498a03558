import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// A city in memory: what a store does, as plainly as possible.
private struct City {
    static let table = RoutingTable(
        CitySample.pack(
            loop: PackLoop(ladder: [
                PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil),
                PackLevel(name: "街道", englishName: "street", after: "1d", unitId: CitySample.sanitation),
            ])))
    var cases: [CaseID: Case] = [:]
    var told: [CaseID: [CaseEvent]] = [:]
    /// (report, hop) and the case that it is in.
    var places: [String: CaseID] = [:]
    /// The same, as they read.
    var reports: [String: ReportSubmitted] = [:]
    var withdrawn: Set<String> = []
    var count = 0
    var now = CitySample.monday

    func circumstances() -> Circumstances {
        let open = cases.values.filter(\.isOpen)
        return Circumstances(now: now, table: Self.table) { id in
            open.filter { $0.stage.owner?.handlerId == id }.count
        }
    }

    mutating func place(_ arriving: ArrivingReport) throws {
        let key = "\(arriving.report.reportId)|\(arriving.hop)"
        guard places[key] == nil else { return }
        let classification = classify(arriving.report, by: Sample.table)
        reports[key] = arriving.report
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
            let report = try #require(reports["\(part.reportId)|\(part.hop)"])
            try place(
                ArrivingReport(report: report, hop: part.hop + 1, communityId: departure.toCommunityId))
        }
    }

    mutating func amend(_ amendment: ReportAmended) throws {
        let hops = (0...900).prefix { places["\(amendment.reportId)|\($0)"] != nil }
        guard let hop = hops.last else { return }
        let key = "\(amendment.reportId)|\(hop)"
        let found = try #require(places[key].flatMap { cases[$0] })
        let report = try #require(reports[key])
        let known = reports
        switch answer(
            amendment, of: RegisteredReport(report: report, hop: hop), in: found, at: now,
            reading: { known["\($0.reportId)|\($0.hop)"] ?? report })
        {
        case .refused: return
        case .handedOn(let target): Issue.record("\(key) went to \(target), and is nowhere")
        case .decided(let decision, let change):
            if case .edited(let edited) = change { reports[key] = edited }
            if change == .withdrawn { withdrawn.insert(key) }
            keep(decision, withdrawn: change == .withdrawn ? report.reportId : nil)
        }
    }

    mutating func keep(_ decision: CaseDecision, withdrawn: ReportID? = nil) {
        checkStep(from: cases[decision.case.id], to: decision, withdrawn)
        cases[decision.case.id] = decision.case
        told[decision.case.id, default: []] += decision.events
    }

    private func checkStep(from old: Case?, to decision: CaseDecision, _ withdrawn: ReportID?) {
        let new = decision.case
        #expect(new.version == (old?.version ?? 0) + 1)
        #expect(!decision.events.isEmpty)
        #expect(new.returns >= old?.returns ?? 0)
        #expect(new.reworks >= old?.reworks ?? 0)
        #expect(new.reopens >= old?.reopens ?? 0)
        let stayed = (old?.reports ?? []).filter { $0.reportId != withdrawn }
        #expect(Array(new.reports.prefix(stayed.count)) == stayed)
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
            #expect(holders[key] == (withdrawn.contains(key) ? nil : [id]))
        }
        #expect(cases.values.reduce(0) { $0 + $1.reports.count } == places.count - withdrawn.count)
        for found in cases.values { checkWords(of: found) }
        for (id, events) in told {
            var agreed = false
            for case .changed(let change) in events {
                if change.step == .verified { agreed = change.agrees == true }
                if change.step == .closed { #expect(agreed, "\(id) closed without a check that agreed") }
            }
        }
    }
}

extension City {
    /// A case has the words of its first report, and the photos of those that are in it.
    private func checkWords(of found: Case) {
        #expect(found.reports.isEmpty == (found.stage.name == .cancelled))
        if let first = found.reports.first, let report = reports["\(first.reportId)|\(first.hop)"] {
            #expect(found.description == report.description && found.address == report.address)
        }
        let photos = found.state.photos ?? []
        #expect(photos.count <= Case.mostPhotos && Set(photos).count == photos.count)
        for photo in found.photos ?? [] {
            #expect(!photo.reportIds.isEmpty)
            #expect(photo.reportIds.allSatisfy { id in found.reports.contains { $0.reportId == id } })
        }
        // There are too few in this city for a case to run out of room.
        for part in found.reports {
            let own = reports["\(part.reportId)|\(part.hop)"]?.photos ?? []
            #expect(Set(photos).isSuperset(of: own.map(\.id)))
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
    #expect(
        told.isSuperset(of: [
            "case.report-joined", "case.closed", "case.reopened", "case.transferred", "case.report-amended",
            "case.cancelled", "case.reclassified", "case.escalated", "case.whistled", "case.checked-in",
            "case.whistle-ended", "case.co-owner-added", "case.co-owner-handled", "case.co-owner-overdue",
        ]))
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
                at: CitySample.townHall.north(Int.random(in: 0...20_000, using: &random)),
                photos: randomPhotos(using: &random))
            try city.place(Sample.arriving(report))
        } else if Int.random(in: 0..<8, using: &random) == 0 {
            try city.amend(randomAmendment(in: city, turn, using: &random))
        } else {
            let id = ids[Int.random(in: 0..<ids.count, using: &random)]
            guard let found = city.cases[id] else { continue }
            let alarm = found.alarms.filter { $0.value <= city.now }.keys.min { $0.name < $1.name }
            if let alarm, let rung = try found.ring(alarm, in: city.circumstances()) { city.keep(rung) }
            try city.act(randomAction(on: found, using: &random))
        }
    }
    return city
}

private func randomAction(on found: Case, using random: inout SeededGenerator) -> ActOnCase {
    // Mostly what is possible, so that histories get somewhere.
    let forward = found.stage.possibleActions
        .filter { ![.refuse, .transfer, .return].contains($0) }
    let choice = Int.random(in: 0..<4, using: &random) == 0 || forward.isEmpty ? CaseAction.allCases : forward
    return ActOnCase(
        caseId: found.id, communityId: found.communityId,
        action: choice[Int.random(in: 0..<choice.count, using: &random)],
        actor: people[Int.random(in: 0..<people.count, using: &random)], reason: "理由",
        unitId: Bool.random(using: &random) ? CitySample.sanitation : CitySample.property,
        agrees: Bool.random(using: &random),
        toCommunityId: ["mingdu", "longjiang", "unassigned", "nowhere"][Int.random(in: 0..<4, using: &random)],
        category: [CitySample.garbage, CitySample.parking, "P0101", "Z9999"][Int.random(in: 0..<4, using: &random)],
        details: randomDetails(on: found, using: &random))
}

/// Mostly what a whistle or a co-owner needs.
private func randomDetails(on found: Case, using random: inout SeededGenerator) -> StepDetails? {
    guard Int.random(in: 0..<8, using: &random) > 0 else { return nil }
    let units = found.state.course?.whistle?.called ?? found.state.course?.coOwners?.map(\.unitId) ?? []
    return StepDetails {
        $0.unitIds = [units.randomElement(using: &random) ?? CitySample.sanitation]
        $0.until = found.openedAt.adding(milliseconds: .random(in: 0...2_000_000_000, using: &random))
        $0.limit = ["2e", "1d", "x", nil].randomElement(using: &random) ?? nil
    }
}

private func randomPhotos(using random: inout SeededGenerator) -> [ReportPhoto]? {
    let count = Int.random(in: 0...3, using: &random)
    return count == 0 ? nil : (0..<count).map { _ in CitySample.photo(.random(in: 0..<20, using: &random)) }
}

private func randomAmendment(in city: City, _ turn: Int, using random: inout SeededGenerator) -> ReportAmended {
    // Often one that can still be taken back.
    let parts = city.cases.values.sorted { $0.id < $1.id }
        .filter { $0.stage.name == .opened || Int.random(in: 0..<8, using: &random) == 0 }.flatMap(\.reports)
    let report = CitySample.report(
        parts.isEmpty ? "nowhere" : parts[Int.random(in: 0..<parts.count, using: &random)].reportId,
        from: Bool.random(using: &random) ? "rider-1" : "rider-2")
    let kind = Amendment.allCases[Int.random(in: 0..<Amendment.allCases.count, using: &random)]
    return CitySample.amendment(
        kind, of: report, text: Bool.random(using: &random) ? "补充 \(turn)" : nil,
        address: Bool.random(using: &random) ? "\(turn) 号" : nil,
        photos: Bool.random(using: &random) ? randomPhotos(using: &random) ?? [] : nil,
        after: .random(in: 0...900_000, using: &random))
}
