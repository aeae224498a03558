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
        return Circumstances(now: now, table: Self.table, others: others) { id in
            open.filter { $0.stage.owner?.handlerId == id }.count
        }
    }

    private var others: OtherCases {
        let cases = self.cases
        let reports = self.reports
        let count = self.count
        let parts = { (id: CaseID) in cases.values.filter { $0.same?.parentId == id }.sorted { $0.number < $1.number } }
        return OtherCases(
            find: { cases[$0] }, openParts: { parts($0).filter(\.isOpen).map(\.number) },
            hasParts: { !parts($0).isEmpty },
            report: { part, _ in try #require(reports["\(part.reportId)|\(part.hop)"]) },
            newCase: { (CaseID("case-\(count + 1)"), "MD-20261123-\(count + 1)") })
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
            .map {
                Neighbour(id: $0.id, category: $0.category, location: $0.location, openedAt: $0.openedAt)
            }
        let known = cases
        let placement = CaseRoutingDomain.place(
            arriving, as: classification.category, among: neighbours, samePhoto: [], by: Sample.table.matching,
            at: now, finding: { known[$0] })
        if case .joins(let found) = placement {
            places[key] = found.case.id
            return keep(found.case.join(arriving, distance: found.distance, match: found.match))
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
        switch try answer(
            amendment, of: RegisteredReport(report: report, hop: hop), in: found, at: now, by: Sample.table,
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

    /// What the clock has to say of a case by now.
    mutating func ring(_ id: CaseID) throws {
        for alarm in cases[id]?.alarms.keys.sorted(by: { $0.name < $1.name }) ?? [] {
            if let rung = try cases[id]?.ring(alarm, in: circumstances()) { keep(rung) }
        }
    }

    mutating func keep(_ decision: CaseDecision, withdrawn: ReportID? = nil) {
        checkStep(from: cases[decision.case.id], to: decision, withdrawn)
        if cases[decision.case.id] == nil { count = max(count, cases.count + 1) }
        cases[decision.case.id] = decision.case
        told[decision.case.id, default: []] += decision.events
        for other in decision.others {
            keep(other)
            for part in other.case.reports { places["\(part.reportId)|\(part.hop)"] = other.case.id }
        }
    }

    private func checkStep(from old: Case?, to decision: CaseDecision, _ withdrawn: ReportID?) {
        let new = decision.case
        #expect(new.version == (old?.version ?? 0) + 1)
        #expect(!decision.events.isEmpty)
        checkActions(of: new)
        #expect(new.returns >= old?.returns ?? 0)
        #expect(new.reworks >= old?.reworks ?? 0)
        #expect(new.reopens >= old?.reopens ?? 0)
        let isTied = decision.events.contains { ["case.merged", "case.split"].contains($0.messageType) }
        let stayed = (old?.reports ?? []).filter {
            $0.reportId != withdrawn && (!isTied || new.reports.contains($0))
        }
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
    /// Who reads the state alone knows which actions the case takes.
    private func checkActions(of found: Case) {
        let hasRepairLimit = found.stage.assignment?.repairLimit != nil
        #expect(found.state.possibleActions(hasRepairLimit: hasRepairLimit) == found.possibleActions)
    }

    /// A case has the words of its first report, and the photos of those that are in it.
    private func checkWords(of found: Case) {
        switch found.stage.name {
        case .merged: #expect(found.reports.isEmpty)
        case .cancelled: break
        default: #expect(!found.reports.isEmpty)
        }
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
    CitySample.actor("rider-1", "rider", "verifier"), CitySample.actor("rider-2", "rider"), Sample.party,
]

@Test func `whatever happens to a city, its books stay in order`() throws {
    var random = SeededGenerator()
    for _ in 0..<3 { try randomCity(using: &random).check() }
}

/// Histories in which nothing is ever closed, joined or handed on would prove little; fixed, since any one may miss a step.
@Test func `chance histories of a city together take every turn there is`() throws {
    var told: Set<String> = []
    for seed in 1...24 as ClosedRange<UInt64> {
        var random = SeededGenerator(seed: seed)
        let city = try randomCity(using: &random)
        city.check()
        told.formUnion(city.told.values.flatMap { $0 }.map(\.messageType))
    }

    #expect(
        told.isSuperset(of: [
            "case.report-joined", "case.closed", "case.reopened", "case.transferred", "case.report-amended",
            "case.cancelled", "case.reclassified", "case.merged", "case.split", "case.kept-apart", "case.adopted",
            "case.checked", "case.accepted", "case.parked", "case.resumed", "case.extension-asked",
            "case.extension-decided", "case.information-asked", "case.information-given", "case.handed-over",
            "case.referred", "case.rated", "case.near-due", "case.overdue", "case.escalated",
            "case.whistled", "case.whistle-ended", "case.co-owner-added", "case.co-owner-overdue",
            "case.filing-overdue", "case.dispatch-overdue", "case.verification-overdue", "case.made-safe",
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
            try city.ring(id)
            try city.act(randomAction(on: found, at: city.now, among: city, using: &random))
        }
    }
    return city
}

private func randomAction(
    on found: Case, at now: Timestamp, among city: City, using random: inout SeededGenerator
) -> ActOnCase {
    // Mostly what is possible, so that histories get somewhere.
    let isTie = Int.random(in: 0..<4, using: &random) == 0
    let forward = (isTie ? found.possibleActions.suffix(4) : found.stage.possibleActions[...])
        .filter { ![.refuse, .transfer, .cancel].contains($0) }
    let choice = Int.random(in: 0..<4, using: &random) == 0 || forward.isEmpty ? CaseAction.allCases : forward
    // Rare enough that a whole city might not see it.
    let decides = forward.contains(.decideExtension) && Int.random(in: 0..<3, using: &random) == 0
    let action = decides ? .decideExtension : choice[Int.random(in: 0..<choice.count, using: &random)]
    // Few of the people are reporters, and only they can rate.
    let actors =
        action == .rate && !found.reports.isEmpty ? found.reporterIds.map { CitySample.actor($0, "rider") } : people
    return ActOnCase(
        caseId: found.id, communityId: found.communityId, action: action,
        actor: actors[Int.random(in: 0..<actors.count, using: &random)], reason: "理由",
        unitId: Bool.random(using: &random) ? CitySample.sanitation : CitySample.property,
        agrees: Bool.random(using: &random),
        toCommunityId: ["mingdu", "longjiang", "unassigned", "nowhere"][Int.random(in: 0..<4, using: &random)],
        category: [CitySample.garbage, CitySample.parking, "P0101", "Z9999"][Int.random(in: 0..<4, using: &random)],
        details: StepDetails(on: found, at: now, among: city, using: &random))
}

extension StepDetails {
    /// Mostly what the side roads need.
    init(by now: Timestamp, using random: inout SeededGenerator) {
        self = Sample.details
        until = now.adding(milliseconds: .random(in: -3_600_000...90_000_000, using: &random))
        limit = ["2d", "1e", "4w", "1n", "2x"][Int.random(in: 0..<5, using: &random)]
        solved = [true, false, nil][Int.random(in: 0..<3, using: &random)]
        satisfied = [true, false, nil][Int.random(in: 0..<3, using: &random)]
        photos = Bool.random(using: &random) ? [CitySample.photo(.random(in: 0..<9, using: &random))] : nil
    }

    /// Another case and some reports besides, often just those that came with a merge.
    fileprivate init(
        on found: Case, at now: Timestamp, among city: City, using random: inout SeededGenerator
    ) {
        self.init(by: now, using: &random)
        let absorbed = found.same?.absorbed?.last?.reports.map(\.reportId)
        let some = found.reports.filter { _ in Bool.random(using: &random) }.map(\.reportId)
        let isOpen = Int.random(in: 0..<4, using: &random) > 0
        let others = city.cases.values.sorted { $0.id < $1.id }.filter {
            $0.communityId == found.communityId && (!isOpen || $0.isOpen)
        }
        otherCaseId = others.isEmpty ? nil : others[Int.random(in: 0..<others.count, using: &random)].id
        reportIds = Bool.random(using: &random) ? absorbed ?? some : some
        let units = found.state.course?.whistle?.called ?? found.state.course?.coOwners?.map(\.unitId) ?? []
        unitIds = [units.isEmpty ? CitySample.sanitation : units[Int.random(in: 0..<units.count, using: &random)]]
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
