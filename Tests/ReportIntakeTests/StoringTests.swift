import Contracts
import Dispatch
import EventProcessing
import Foundation
import GRDB
import Hummingbird
import ReportIntakeDomain
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

@Test func `requests that wait at the same time share one transaction`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let gate = DispatchSemaphore(value: 0)
        let before = intake.core.groupCommit.commitCount
        try await withThrowingTaskGroup(of: Int.self) { group in
            // Somebody else writes, so all must wait.
            let isWriting = KeptValue(false)
            group.addTask {
                try await intake.core.store.pool.write { _ in
                    isWriting.set(true)
                    _ = gate.wait(timeout: .now() + .seconds(30))
                }
                return 201
            }
            try await eventually("the first is being written") { isWriting.value }
            for _ in 0..<100 { group.addTask { try await client.report(.report(), token: token).status } }
            // The first to come may stand in a transaction that waits for the writer; the others gather behind it.
            try await eventually("all others wait") { intake.core.groupCommit.openCount == 100 }
            gate.signal()
            for try await status in group { #expect(status == 201) }
        }

        #expect(try intake.count("report") == 100)
        #expect(intake.core.groupCommit.commitCount - before <= 2)
    }
}

@Test func `no transaction takes more than its share`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        var entries: [ReportEntry] = []
        for _ in 0..<GroupCommit.mostInOne { entries.append(try await intake.entry()) }
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await intake.core.store.pool.write { _ in _ = gate.wait(timeout: .now() + .seconds(30)) }
            }
            for part in [entries[..<300], entries[300...]] {
                group.addTask { _ = try await intake.core.groupCommit.add(Array(part)) }
            }
            let extra = try await intake.entry()
            group.addTask { _ = try await intake.core.groupCommit.add([extra]) }
            gate.signal()
            try await group.waitForAll()
        }

        #expect(try intake.count("report") == GroupCommit.mostInOne + 1)
        #expect(intake.core.groupCommit.commitCount >= 2)
    }
}

@Test func `what was answered is on the disk`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let file = intake.folder.appending(path: "report-intake/1.sqlite")
        let copy = intake.folder.appending(path: "crashed")
        for number in 1...5 {
            let answer = try await client.report(.report(), token: token)
            let id = try #require(answer.json["reportId"]?.string.flatMap { MessageID($0) })

            // What a crash at this moment would leave: the files as they lie there, with nothing closed.
            try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    at: URL(filePath: file.path + suffix), to: copy.appending(path: "1.sqlite" + suffix))
            }
            let left = try DatabaseQueue(path: copy.appending(path: "1.sqlite").path)
            let (report, row) = try await left.read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM report WHERE id = ?", arguments: [id.data]),
                    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM edgeOutbox WHERE id = ?", arguments: [id.data])
                )
            }
            try left.close()
            try FileManager.default.removeItem(at: copy)
            #expect(report == 1, "report \(number)")
            #expect(row == 1, "report \(number)")
        }
    }
}

@Test func `a commit waits for the disk`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let level = try await intake.core.store.pool.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }

        #expect(level == 2)
    }
}

@Test func `a report survives a restart, and so does its key`() async throws {
    try await IntakeUnderTest.inFolder { folder in
        let first = KeptValue<JSONValue>(.null)
        try await IntakeUnderTest.run(in: folder) { intake, client in
            let token = try await intake.token("rider-7", .rider)
            first.set(try await client.report(.report(), token: token, key: "k-1").json)
        }
        try await IntakeUnderTest.run(in: folder) { intake, client in
            let again = try await client.report(
                .report(), token: try await intake.token("rider-7", .rider), key: "k-1")

            #expect(again.json == first.value)
            #expect(try intake.count("report") == 1)
        }
    }
}

@Test func `a second process is kept from the same store`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        #expect(throws: StoreError.self) { try IntakeStore(dataFolder: intake.folder, replica: "1") }
        let other = try IntakeStore(dataFolder: intake.folder, replica: "2")
        try other.close()
    }
}

@Test func `a store that refuses to write is told to the sender and mends itself`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await intake.core.store.pool.write { db in
            try db.execute(
                sql: "CREATE TRIGGER full BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        }
        let refused = try await client.report(.report(), token: token)
        #expect(refused.status == 503)
        #expect(refused.headers[.retryAfter] == "5")
        #expect(try intake.count("edgeOutbox") == 0)

        try await intake.core.store.pool.write { db in try db.execute(sql: "DROP TRIGGER full") }
        try await eventually("the store can be written again") { intake.core.groupCommit.isWritable }
        #expect(try await client.report(.report(), token: token).status == 201)
    }
}

@Test func `whoever comes after the end is told so`() async throws {
    let ended = KeptValue<GroupCommit?>(nil)
    try await IntakeUnderTest.run { intake, _ in
        ended.set(intake.core.groupCommit)
        let entry = try await intake.entry()
        _ = try await intake.core.groupCommit.add([entry])
    }
    try await IntakeUnderTest.run { intake, _ in
        let entry = try await intake.entry()
        let loop = try #require(ended.value)
        await #expect(throws: NotStored.stopping) { try await loop.add([entry]) }
    }
}

@Test func `with a full disk a report is refused whole, and the next ones are taken once there is room`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await intake.limit(pages: 1)
        var accepted = 0
        var status = 201
        while status == 201, accepted < 1_000 {
            status = try await client.report(.report(), token: token).status
            if status == 201 { accepted += 1 }
        }
        let refused = try await client.report(.report(), token: token)
        #expect(refused.status == 503)
        #expect(refused.headers[.contentType]?.hasPrefix("application/problem+json") == true)
        #expect(refused.headers[.retryAfter] == "5")
        for table in ["report", "edgeOutbox"] { #expect(try intake.count(table) == accepted) }
        #expect(!intake.core.groupCommit.isWritable)

        try await intake.limit(pages: 1_000_000)
        try await eventually("intake can write again") { intake.core.groupCommit.isWritable }
        #expect(try await client.report(.report(), token: token).status == 201)
        #expect(try intake.count("report") == accepted + 1)
    }
}

extension IntakeUnderTest {
    /// How far the store's file may grow; never below what it has already.
    func limit(pages: Int) async throws {
        try await core.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    /// A report ready to be stored.
    func entry() async throws -> ReportEntry {
        let form = ReportForm(
            kind: .snapshot, category: nil, description: try Wording("井盖破损"),
            location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000), address: nil, observedAt: nil,
            externalId: nil, reporterId: nil)
        return try await core.desk.entry(
            form, from: Sender(id: "rider-7", maySpeakForOthers: false), key: nil, json: .null, traceParent: nil)
    }
}
