import Contracts
import EventProcessing
import Foundation
import GRDB
import PointsDomain
import TestSupport
import Testing

@testable import Points

private let town = Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000)

private func opened(
    _ number: Int, by person: PersonID = "rider-1", after minutes: Int64 = 0, at place: Location = town,
    signals: [String] = [], looks: [String] = [], splitFrom: CaseID? = nil
) -> Envelope<CaseEvent> {
    let time = Timestamp.morning.adding(milliseconds: minutes * 60_000)
    return Envelope(
        .opened(
            CaseOpened(
                caseId: CaseID("case-\(number)"), caseNumber: "GX-\(number)", reportId: ReportID("report-\(number)"),
                communityId: "mingdu", ledgerId: "nanchang", category: "E0102", kind: .snapshot, reporterId: person,
                ownerUnitId: nil, handlerId: nil, location: place, submittedAt: time, openedAt: time, routing: "规则一",
                flagged: nil, splitFrom: splitFrom,
                made: ReportMade(submittedAt: time, signals: signals, looks: looks))),
        id: .named("opened-\(number)-\(splitFrom?.rawValue ?? "")"), source: "/case-routing/0", time: time)
}

private func joined(
    _ report: Int, by person: PersonID, case number: Int, of first: PersonID, after minutes: Int64 = 0
) -> Envelope<CaseEvent> {
    let time = Timestamp.morning.adding(milliseconds: minutes * 60_000)
    let reference = CaseReference(
        caseId: CaseID("case-\(number)"), caseNumber: "GX-\(number)", communityId: "mingdu", ledgerId: "nanchang",
        category: "E0102", kind: .snapshot, reporterIds: [first, person], ownerUnitId: nil, handlerId: nil)
    return Envelope(
        .reportJoined(
            ReportJoined(
                case: reference, reportId: ReportID("report-\(report)"), reporterId: person, distance: 300,
                made: ReportMade(submittedAt: time, signals: [], looks: []))),
        id: .named("joined-\(report)"), source: "/case-routing/0", time: time)
}

private func away(_ kilometres: Int) -> Location {
    Location(latitudeE7: town.latitudeE7 + kilometres * 90_000, longitudeE7: town.longitudeE7)
}

@Test func `three reports in ten minutes raise one signal, which moves no points`() async throws {
    let bench = try await FairnessBench()
    for number in 1...5 { _ = try await bench.observe(opened(number, after: Int64(number), at: away(number))) }
    // The same report in another case is no further report.
    _ = try await bench.observe(opened(5, after: 6, at: away(5), splitFrom: "case-4"))

    let signals = try await bench.signals()
    #expect(signals.map(\.kind) == [.burst])
    #expect(signals.first?.caseIds == ["case-1", "case-2", "case-3"])
    #expect(try await bench.moved().isEmpty)
    _ = try await bench.observe(opened(6, after: 12, at: away(6)))
    _ = try await bench.observe(opened(7, after: 13, at: away(7)))
    #expect(try await bench.signals().count == 1)
    _ = try await bench.observe(opened(8, after: 14, at: away(8)))
    #expect(try await bench.signals().map(\.kind) == [.burst, .burst])
}

@Test func `one place again and again is told once a month, whether a report opens a case or joins one`() async throws {
    let bench = try await FairnessBench()
    _ = try await bench.observe(opened(1))
    bench.wait(2 * FairnessBench.day)
    _ = try await bench.observe(joined(2, by: "rider-1", case: 1, of: "rider-1", after: 1_440))
    #expect(try await bench.signals().isEmpty)
    _ = try await bench.observe(opened(3, after: 2_880))
    _ = try await bench.observe(opened(4, after: 2_900))
    _ = try await bench.observe(opened(5, by: "rider-2", after: 2_900))

    let signals = try await bench.signals()
    #expect(signals.map(\.kind) == [.samePlace])
    #expect(signals.first?.caseIds == ["case-1", "case-3"])
    #expect(signals.first?.explanation.contains("上报 3 次") == true)
}

@Test func `a photo that another report had is told, by its look and by intake's word`() async throws {
    let bench = try await FairnessBench()
    _ = try await bench.observe(opened(1, looks: ["7c3e1f0f870783c1"]))
    _ = try await bench.observe(opened(2, by: "rider-2", after: 30, at: away(1), looks: ["7c3e1f0f870783c0"]))
    _ = try await bench.observe(opened(3, by: "rider-2", after: 60, at: away(2), looks: ["7c3e1f0f870783c3"]))
    _ = try await bench.observe(opened(4, by: "rider-3", after: 90, at: away(3), signals: ["photo-reused"]))
    _ = try await bench.observe(opened(5, by: "rider-4", after: 90, at: away(4), looks: ["83c1e0f078f87c3e"]))

    let signals = try await bench.signals()
    #expect(signals.map(\.kind) == [.photoReused, .photoReused])
    #expect(signals.map(\.personIds) == [["rider-2"], ["rider-3"]])
    #expect(signals.first?.caseIds == ["case-1", "case-2"])
}

@Test func `two who confirm each other are told as a ring`() async throws {
    let bench = try await FairnessBench()
    _ = try await bench.observe(joined(2, by: "b", case: 1, of: "a"))
    #expect(try await bench.signals().isEmpty)
    _ = try await bench.observe(joined(4, by: "a", case: 3, of: "b", after: 60))
    _ = try await bench.observe(joined(6, by: "b", case: 5, of: "a", after: 90))
    _ = try await bench.observe(joined(8, by: "a", case: 7, of: "b", after: 95))

    let signals = try await bench.signals()
    #expect(signals.map(\.kind) == [.ring])
    #expect(signals.first?.personIds == ["a", "b"] && signals.first?.caseIds == ["case-1", "case-3"])
}

@Test func `a person whom it is not about reviews a signal, once`() async throws {
    let bench = try await FairnessBench()
    for number in 1...3 { _ = try await bench.observe(opened(number, after: Int64(number), at: away(number))) }
    let signal = try #require(try await bench.signals().first)
    func review(_ actor: Actor, founded: Bool = true, of id: SignalID? = nil) async throws -> String {
        try await bench.give(
            ReviewSignal(
                signalId: id ?? signal.signalId, ledgerId: "nanchang", founded: founded, reason: "集中排查", actor: actor)
        ).outcome
    }

    #expect(try await review(Actor(personId: "rider-1", roles: ["admin"])) == "not-allowed")
    #expect(try await review(Actor(personId: "worker-1", roles: ["worker"])) == "not-allowed")
    #expect(try await review(FairnessBench.desk, of: "nothing") == "not-found")
    #expect(try await review(FairnessBench.desk) == "applied")
    #expect(try await review(FairnessBench.desk) == "applied")
    #expect(try await review(FairnessBench.admin) == "already-reviewed")
    let reviews = try await bench.all(SignalReviewed.self) { $0 == SignalReviewed.type }
    #expect(reviews.map(\.actorId) == ["desk"] && reviews.first?.founded == true)
    // It goes on to a notice by a command of its own.
    let award = try await bench.award(10, as: "award-1")
    #expect(try await bench.give(bench.notice(about: award, signal: signal.signalId)).outcome == "applied")
}

@Test func `what is too old to count is let go, and photos keep their room`() async throws {
    let bench = try await FairnessBench()
    _ = try await bench.observe(opened(1, looks: ["7c3e1f0f870783c1"]))
    bench.wait(91 * FairnessBench.day)
    _ = try await bench.observe(opened(2, after: 91 * 1_440, looks: ["7c3e1f0f870783c1"]))
    // A report of long ago is none to look at.
    _ = try await bench.observe(opened(3, after: 0))

    #expect(try await bench.signals().isEmpty)
    let kept = try await bench.store.store.queue.read { db in
        try (
            String.fetchAll(db, sql: "SELECT reportId FROM seenReport ORDER BY reportId"),
            Int.fetchOne(db, sql: "SELECT COUNT(*) FROM seenPhoto")
        )
    }
    #expect(kept.0 == ["report-2"])
    #expect(kept.1 == 8)
}

@Test func `the ring of photos lets the oldest go and never grows beyond its room`() async throws {
    let queue = try DatabaseQueue()
    var migrator = DatabaseMigrator()
    SignalTables.migrate(&migrator)
    try migrator.migrate(queue)
    let report = SeenReport(
        reportId: "report-1", personId: "rider-1", caseId: "case-1", caseNumber: "GX-1", at: .morning, location: nil)

    let (count, oldest, newest) = try await queue.write { db in
        for number in 0..<(SeenPhotoRow.mostKept + 3) {
            let look = PhotoBits(bits: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            try SeenPhotoRow.insert(SeenPhoto(look: look, report: report), in: "nanchang", db)
        }
        func found(_ number: Int) throws -> Bool {
            let look = PhotoBits(bits: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            return try SeenPhotoRow.like(look, since: .morning, in: "nanchang", db).contains { $0.look == look }
        }
        return try (
            Int.fetchOne(db, sql: "SELECT COUNT(*) FROM seenPhoto") ?? 0, found(1),
            found(SeenPhotoRow.mostKept + 2)
        )
    }

    #expect(count == SeenPhotoRow.mostKept * PhotoBits.pieceCount)
    #expect(!oldest && newest)
}
