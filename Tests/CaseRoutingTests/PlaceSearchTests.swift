import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB
import Geography
import TestSupport
import Testing

@testable import CaseRouting

private let here = CitySample.townHall
private let reach = 5_000
private let table = RoutingTable(CitySample.pack())

/// A case as an index sees it.
private func opened(
    _ number: Int, at location: Location, _ category: CategoryCode = CitySample.garbage,
    in community: CommunityID = CitySample.mingdu
) throws -> Case {
    let report = CitySample.report(
        ReportID("report-\(number)"), in: community, category: category, at: location)
    return try Case.open(
        ArrivingReport(report: report, hop: 0, communityId: community), id: CaseID("case-\(number)"),
        number: "\(number)", classification: Classification(category: category, concern: nil),
        in: Circumstances(now: CitySample.monday, table: table, openCases: { _ in 0 })
    ).case
}

private func metres(_ one: Location, _ other: Location) throws -> Int {
    let places = [one, other].compactMap { Place(latitudeE7: $0.latitudeE7, longitudeE7: $0.longitudeE7) }
    try #require(places.count == 2)
    return distance(from: places[0], to: places[1])
}

/// A store with these cases in its index, and something done with it.
private func withIndex<Value: Sendable>(
    of cases: [Case], _ body: @escaping @Sendable (Database) throws -> Value
) async throws -> Value {
    let store = try await StoreUnderTest(CaseRoutingProcessor())
    return try await store.store.queue.write { db in
        for found in cases { try PlaceIndex(db: db).keep(found, insteadOf: nil) }
        return try body(db)
    }
}

private func search(
    _ db: Database, at location: Location = here, in community: CommunityID = CitySample.mingdu,
    for category: CategoryCode = CitySample.garbage, andAlike: Bool = false
) throws -> (found: [Neighbour], lookedAt: Int) {
    var search = PlaceSearch(db, in: community, around: location, reach: reach)
    return (try search.find(category, andAlike: andAlike, andClosed: false), search.lookedAt)
}

@Test func `the search finds what looking at every case finds`() async throws {
    var random = SeededGenerator()
    let categories: [CategoryCode] = ["E0102", "E0103", "E0506"]
    let communities = [CitySample.mingdu, CitySample.longjiang]
    func place(_ random: inout SeededGenerator) -> Location {
        here.north(.random(in: -12_000...12_000, using: &random)).east(.random(in: -12_000...12_000, using: &random))
    }
    let cases = try (0..<1_500).map { number in
        try opened(
            number, at: place(&random), categories.randomElement(using: &random) ?? "E0102",
            in: communities.randomElement(using: &random) ?? CitySample.mingdu)
    }
    let questions = (0..<200).map { _ in
        (
            place(&random), categories.randomElement(using: &random) ?? "E0102",
            communities.randomElement(using: &random) ?? CitySample.mingdu
        )
    }

    let answers = try await withIndex(of: cases) { db in
        questions.map { place, category, community in
            [false, true].map { andAlike in
                Result { try search(db, at: place, in: community, for: category, andAlike: andAlike).found }
            }
        }
    }

    var foundSome = 0
    for ((place, category, community), found) in zip(questions, answers) {
        for (andAlike, result) in zip([false, true], found) {
            let near = try result.get().filter { try metres($0.location, place) < reach }
            let expected = try cases.filter {
                try $0.communityId == community && metres($0.location, place) < reach
                    && ($0.category == category || andAlike && $0.category.group == category.group)
            }
            #expect(Set(near.map(\.id)) == Set(expected.map(\.id)))
            #expect(Set(near.map(\.id)).count == near.count)
            foundSome += expected.count
        }
    }
    #expect(foundSome > 1_000)
}

@Test func `ten thousand neighbours are no more work than a few hundred`() async throws {
    var random = SeededGenerator()
    func crowd(_ count: Int) throws -> [Case] {
        try (0..<count).map { number in
            try opened(
                number,
                at: here.north(.random(in: -4_000...4_000, using: &random)).east(
                    .random(in: -4_000...4_000, using: &random)))
        }
    }
    // The box is halved for as long as there are too many in it: a few steps, each with one row more than may be looked at.
    let bound = 12 * (PlaceIndex.mostLookedAt + 1)
    for cases in [try crowd(300), try crowd(10_000)] {
        let (found, lookedAt) = try await withIndex(of: cases) { try search($0) }
        #expect(lookedAt <= bound)
        #expect((1...PlaceIndex.mostLookedAt).contains(found.count))
        let nearest = try cases.map { (try metres($0.location, here), $0.id) }.min { $0.0 < $1.0 }
        #expect(found.contains { $0.id == nearest?.1 })
    }
}

@Test func `ten thousand cases at one spot are looked at by the latest of them`() async throws {
    let near = try (0..<10_000).map { try opened($0, at: here.north(1_000)) }

    let (found, lookedAt) = try await withIndex(of: near) { try search($0) }

    #expect(Set(found.map(\.id)) == Set(near.suffix(PlaceIndex.mostLookedAt).map(\.id)))
    #expect(lookedAt <= 32 * (PlaceIndex.mostLookedAt + 1))
}

@Test func `neighbours of another category or community are not looked at`() async throws {
    var cases = try (0..<3_000).map { try opened($0, at: here, CitySample.parking) }
    cases += try (3_000..<6_000).map { try opened($0, at: here, in: CitySample.longjiang) }
    cases.append(try opened(6_000, at: here.north(50)))

    let (found, lookedAt) = try await withIndex(of: cases) { try search($0, andAlike: true) }

    #expect(found.map(\.id) == ["case-6000"])
    #expect(lookedAt == 1)
}

@Test func `what is found does not hang on how the tree grew`() async throws {
    var random = SeededGenerator()
    let cases = try (0..<2_000).map { number in
        try opened(
            number,
            at: here.north(.random(in: -3_000...3_000, using: &random)).east(
                .random(in: -3_000...3_000, using: &random)))
    }
    let seed = UInt64.random(in: .min ... .max, using: &random)

    let (grown, regrown) = try await withIndex(of: cases) { db in
        let grown = try search(db).found
        var shuffle = SeededGenerator(seed: seed)
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM casePlaceTree ORDER BY number")
        try db.execute(sql: "DELETE FROM casePlaceTree")
        for row in rows.shuffled(using: &shuffle) {
            try db.execute(
                sql: "INSERT INTO casePlaceTree VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: StatementArguments(row.databaseValues))
        }
        return (grown, try search(db).found)
    }

    #expect(!grown.isEmpty)
    #expect(Set(grown.map(\.id)) == Set(regrown.map(\.id)))
}

@Test func `the tree is asked, and the rest is a look-up by number`() async throws {
    let plan = try await withIndex(of: []) { db in
        try Row.fetchAll(
            db, sql: "EXPLAIN QUERY PLAN \(PlaceSearch.reading)",
            arguments: StatementArguments(Array(repeating: 0, count: 8))
        ).map { $0["detail"] as String }
    }

    #expect(plan.contains { $0.contains("casePlaceTree VIRTUAL TABLE INDEX 2") }, "\(plan)")
    #expect(plan.contains { $0.contains("SEARCH casePlace USING INTEGER PRIMARY KEY") }, "\(plan)")
    #expect(!plan.contains { $0.hasPrefix("SCAN casePlace ") || $0 == "SCAN casePlace" }, "\(plan)")
}

@Test func `a case that takes no more reports leaves the index, and one that closes goes behind the open ones`()
    async throws
{
    let found = try opened(1, at: here)

    let counts = try await withIndex(of: [found]) { db in
        let index = PlaceIndex(db: db)
        var counts = [try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM casePlaceTree")]
        var closed = found
        closed = try closing(closed)
        try index.keep(closed, insteadOf: found)
        counts.append(try search(db).found.count)
        var all = PlaceSearch(db, in: CitySample.mingdu, around: here, reach: reach)
        counts.append(try all.find(CitySample.garbage, andAlike: false, andClosed: true).count)
        try index.clear(closedBefore: CitySample.monday)
        counts.append(try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM casePlaceTree"))
        try index.clear(closedBefore: CitySample.monday.adding(milliseconds: 1))
        counts.append(try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM casePlaceTree"))
        return counts
    }

    #expect(counts == [1, 0, 1, 1, 0])
}

/// The case after the usual steps, all at one moment.
private func closing(_ found: Case) throws -> Case {
    try [CaseAction.file, .dispatch, .handle, .verify].reduce(found) { step, action in
        let act = ActOnCase(
            caseId: step.id, communityId: step.communityId, action: action,
            actor: action == .verify ? CitySample.checker : CitySample.boss, reason: "现场",
            agrees: true)
        let circumstances = Circumstances(now: CitySample.monday, table: table, openCases: { _ in 0 })
        guard case .decided(let decision) = try answer(act, about: step, in: circumstances) else {
            throw NotDone(action: action)
        }
        return decision.case
    }
}

private struct NotDone: Error {
    let action: CaseAction
}
