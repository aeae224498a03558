import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// What an edge sends next, and what it counts.
struct EdgeOutboxTests {
    private let folder: TemporaryFolder
    private let store: DatabasePool
    private let outbox = EdgeOutbox()

    init() throws {
        folder = try TemporaryFolder()
        store = try StoreFile.open(folder.url.appending(path: "edge.sqlite")) { EdgeOutbox.migrate(&$0) }
    }

    private func append(_ number: Int, key: String, bytes: Int = 10) async throws {
        try await store.write { [outbox] db in
            try outbox.append(
                id: .sample(number), topic: TopicCatalogue.reports, key: key, value: Data(count: bytes),
                at: Timestamp(milliseconds: Int64(number)), in: db)
        }
    }

    private func next(at milliseconds: Int64 = 0, _ limits: EdgeLimits = EdgeLimits()) async throws -> [Int64] {
        try await store.read { [outbox] db in
            try outbox.next(at: Timestamp(milliseconds: milliseconds), limits: limits, in: db).map(\.number)
        }
    }

    private func send(_ numbers: [Int64], at milliseconds: Int64 = 0) async throws {
        try await store.write { [outbox] db in
            try outbox.markSent(
                numbers, at: Timestamp(milliseconds: milliseconds), limits: EdgeLimits(resendAfter: 100), in: db)
        }
    }

    @Test func `no key has more on the road than it may`() async throws {
        for number in 1...5 { try await append(number, key: "mingdu") }
        try await append(6, key: "longjiang")
        let limits = EdgeLimits(perKey: 2)

        #expect(try await next(limits) == [1, 2, 6])
        try await send([1, 2, 6])
        #expect(try await next(limits) == [])
        try await store.write { [outbox] db in try outbox.markAnswered(.sample(1), at: .now, in: db) }
        #expect(try await next(limits) == [3])
    }

    @Test func `no partition has more bytes on the road than a broker keeps`() async throws {
        for number in 1...5 { try await append(number, key: "mingdu", bytes: 400) }

        #expect(try await next(EdgeLimits(bytesPerPartition: 1_000)) == [1, 2, 3])
    }

    @Test func `the key that waits longest goes first`() async throws {
        try await append(1, key: "mingdu")
        try await append(2, key: "longjiang")
        for number in 3...6 { try await append(number, key: "mingdu") }

        #expect(try await next(EdgeLimits(batch: 2)) == [1, 3])
        try await send([1, 3])
        #expect(try await next(EdgeLimits(batch: 2)) == [2, 4])
    }

    @Test func `what nobody answers is sent again, each time after twice as long`() async throws {
        try await append(1, key: "mingdu")
        try await send([1], at: 1_000)

        #expect(try await next(at: 1_099) == [])
        #expect(try await next(at: 1_100) == [1])
        try await send([1], at: 1_100)
        #expect(try await next(at: 1_299) == [])
        #expect(try await next(at: 1_300) == [1])
    }

    @Test func `on another log everything unanswered waits again`() async throws {
        for number in 1...3 { try await append(number, key: "mingdu") }
        try await send([1, 2])
        try await store.write { [outbox] db in
            try outbox.markAnswered(.sample(1), at: .now, in: db)
            try outbox.enter(log: "another", in: db)
        }

        #expect(try await next() == [2, 3])
        let waiting = try await store.read { [outbox] db in try outbox.waitingCount(in: db) }
        #expect(waiting == 2)
    }

    @Test func `the counts are what a look at every row gives, whatever happens to the rows`() async throws {
        var generator = SeededGenerator("edge outbox")
        let keys = ["mingdu", "longjiang", "shangshang"]
        for number in 1...400 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0...2: try await append(number, key: keys.randomElement(using: &generator) ?? "mingdu")
            case 3: try await send(try await next(at: Int64(number), EdgeLimits(perKey: 20, batch: 7)))
            case 4:
                let answered = Int.random(in: 1...number, using: &generator)
                try await store.write { [outbox] db in try outbox.markAnswered(.sample(answered), at: .now, in: db) }
            default:
                try await store.write { [outbox] db in try outbox.enter(log: "log \(number % 50)", in: db) }
            }
        }
        let counted = try store.read { [outbox] db in
            (try outbox.waitingCount(in: db), try outbox.unansweredCount(in: db), try EdgeOutboxTests.lanes(db))
        }
        let recounted = try store.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM edgeOutbox WHERE state = 0"),
                try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM edgeOutbox WHERE state < 2"),
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT topic, key, SUM(state = 0) AS waiting, SUM(state = 1) AS sent,
                            SUM(bytes * (state = 1)) AS bytes
                        FROM edgeOutbox WHERE state < 2 GROUP BY topic, key ORDER BY key
                        """)
            )
        }
        #expect(counted.0 == recounted.0)
        #expect(counted.1 == recounted.1)
        #expect(counted.2 == recounted.2)
    }

    private static func lanes(_ db: Database) throws -> [Row] {
        try Row.fetchAll(db, sql: "SELECT topic, key, waiting, sent, bytes FROM edgeRoad ORDER BY key")
    }
}
