import Contracts
import PointRules
import TestSupport
import Testing

private let seeds = SeededGenerator.seeds(1, 2, 3, fresh: 27)

/// A history of so many steps, with what must hold after each.
private func play(_ seed: UInt64, _ check: (RandomTown) throws -> Void = { _ in }) throws -> RandomTown {
    var town = RandomTown(seed: seed)
    for _ in 0..<250 {
        try town.go()
        try check(town)
    }
    return town
}

@Test(arguments: seeds)
func `a case gives its total and never more, however it is shared, merged and split`(seed: UInt64) throws {
    _ = try play(seed) { town in
        for (id, found) in town.books.cases {
            guard let promise = found.promise else { continue }
            let people = promise.shares.filter { $0.earner.personId != nil }
            let due = people.reduce(0) { $0 + $1.due }
            #expect(promise.granted <= promise.total && due <= promise.total, "seed \(seed)")
            guard promise.state == .pending else { continue }
            #expect(people.allSatisfy { $0.granted <= $0.due }, "seed \(seed)")
            // The part of a first reporter without a name is nobody's; else all of it is somebody's.
            #expect(!town.hasFirst(id) || due == promise.total, "seed \(seed)")
        }
        let open = town.books.cases.values.compactMap(\.promise).filter { $0.state == .pending }
        let promised = open.flatMap(\.shares).reduce(0) { $0 + $1.granted }
        #expect(promised == town.books.pending.values.reduce(0, +), "seed \(seed)")
        #expect(town.books.pending.values.allSatisfy { $0 >= 0 }, "seed \(seed)")
        let given = town.books.available.values.reduce(0, +)
        #expect(promised + given <= town.funded, "seed \(seed)")
    }
}

/// What an earner got of a case over time.
private struct Course: Hashable {
    let caseId: CaseID
    let earner: Earner
}

@Test(arguments: seeds)
func `everybody's part of a case is released once, whole, and then stays`(seed: UInt64) throws {
    var town = try play(seed)
    town.finish()
    var promised: [Course: Int] = [:]
    var released: Set<Course> = []

    #expect(Set(town.books.moves.map(\.event.transferId)).count == town.books.moves.count, "seed \(seed)")
    for move in town.books.moves {
        for change in move.changes {
            let course = Course(caseId: try #require(move.event.caseId), earner: change.earner)
            #expect(!released.contains(course), "seed \(seed)")
            promised[course, default: 0] += change.points
            guard move.event.step == .released || move.event.step == .voided else { continue }
            #expect(promised[course] == 0, "seed \(seed)")
            if move.event.step == .released { released.insert(course) }
        }
    }
}

@Test(arguments: seeds)
func `nobody is promised more than their caps, recounted from what moved`(seed: UInt64) throws {
    let town = try play(seed)
    let times = Dictionary(uniqueKeysWithValues: town.events.map { ($0.id, $0.time) })
    var net: [Course: Int] = [:]
    // The most that a case ever promised somebody counts, on the day on which it was first due.
    var most: [Course: (day: String, points: Int)] = [:]
    for move in town.books.moves where [.pended, .shared, .voided, .capped].contains(move.event.step) {
        let time = try #require(times[move.event.causeEventId])
        if move.event.step == .capped {
            let earner = try #require(
                move.event.personId.map { Earner.person($0) } ?? move.event.teamId.map { Earner.team($0) })
            let course = Course(caseId: try #require(move.event.caseId), earner: earner)
            most[course] = most[course] ?? (time.compactDay(utcOffsetMinutes: 480), 0)
        }
        for change in move.changes {
            let course = Course(caseId: try #require(move.event.caseId), earner: change.earner)
            net[course, default: 0] += change.points
            let day = most[course]?.day ?? time.compactDay(utcOffsetMinutes: 480)
            most[course] = (day, max(most[course]?.points ?? 0, net[course] ?? 0))
        }
    }

    let caps = town.pack.points?.caps
    for (length, person, team) in [(8, caps?.personDay, caps?.teamDay), (6, caps?.personMonth, nil)] {
        var sums: [String: (points: Int, cap: Int?)] = [:]
        for (course, used) in most {
            let key = "\(course.earner.codedText) \(used.day.prefix(length))"
            let cap = course.earner.teamId == nil ? person : team
            sums[key] = ((sums[key]?.points ?? 0) + used.points, cap)
        }
        #expect(sums.values.allSatisfy { $0.points <= $0.cap ?? .max }, "seed \(seed)")
    }
}

@Test(arguments: seeds)
func `nobody without a name is ever promised anything`(seed: UInt64) throws {
    let town = try play(seed)

    let earners = town.books.moves.flatMap(\.changes).compactMap(\.earner.personId)
    #expect(earners.allSatisfy { $0.canHoldPoints }, "seed \(seed)")
    #expect(town.events.flatMap(\.data.reference.reporterIds).contains { $0.isAnonymous }, "seed \(seed)")
}

@Test func `the histories have every kind of move in them, and promises that were made again`() throws {
    var towns = try (1...10).map { try play($0) }
    for index in towns.indices { towns[index].finish() }

    let moves = towns.flatMap(\.books.moves)
    #expect(Set(moves.map(\.event.step)) == [.pended, .shared, .released, .voided, .capped])
    #expect(towns.flatMap(\.books.cases.values).contains { $0.promise?.number ?? 0 > 1 })
}
