import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// Many stores at one moment, on real files, while their owners write.
@Suite(.timeLimit(.minutes(3))) struct StoreCutTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `no copy knows what another store was told later`() async throws {
        // What is written last lies behind stores that are asleep, so that a look at one after the other takes a while.
        let stores = try "abcdefgh".map { try Counter(folder.url.appending(path: "\($0).sqlite")) }
        let (first, last) = (stores[0], stores[7])
        let asked = try "hbcdefga".map { try #require(stores.first(named: $0)).url }

        var seen: Set<Int> = []
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    for store in [first, last] { try await store.set(number) }
                }
            }
            for round in 1...60 {
                let (cut, _) = try await StoreCut.take(of: asked, until: .now + .seconds(4)) {}
                let atLast = try await copied(cut.stores[0], as: "\(round)-last")
                let atFirst = try await copied(cut.stores[7], as: "\(round)-first")
                try cut.close()
                #expect(atFirst == atLast || atFirst == atLast + 1, "round \(round)")
                seen.insert(atFirst)
            }
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }

        #expect(seen.count > 20, "the writer stood still: \(seen.count)")
    }

    @Test func `a copy shows the moment of the cut, whatever the owner does before it is taken`() async throws {
        let under = try await StoreUnderTest(TallyProcessor())
        for number in 1...5 { try await under.apply(RegisterReport.sample(number), at: 1_000) }
        let digest = try await under.store.digest()

        let (cut, _) = try await StoreCut.take(of: [under.store.url], until: .now + .seconds(4)) {}
        for number in 6...40 { try await under.apply(RegisterReport.sample(number), at: 1_000) }
        // What is in the journal goes into the file itself, as far as may be.
        _ = try await under.store.queue.writeWithoutTransaction { db in try db.checkpoint(.passive) }
        let copy = folder.url.appending(path: "0.sqlite")
        try await cut.stores[0].copy(to: copy)
        try cut.close()

        #expect(cut.stores[0].position?.applied == 5)
        #expect(try await under.store.digest() != digest)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["0.sqlite"])
        let store = try PartitionStore(TallyProcessor(), partition: 0, at: copy, keepsAppliedRecords: true)
        #expect(try await store.digest() == digest)
        #expect(await store.position.offset == 5)
        try await store.close()
    }

    @Test func `a store that lets nobody in is named, and no writer waits any longer`() async throws {
        let (free, busy) = (
            try Counter(folder.url.appending(path: "a.sqlite")), try Counter(folder.url.appending(path: "b.sqlite"))
        )
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: busy.url.path, configuration: configuration)
        try await holder.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }

        await #expect(throws: StoreCutError.busy(path: busy.url.path)) {
            _ = try await StoreCut.take(of: [free.url, busy.url], until: .now + .milliseconds(200)) {
                Issue.record("not every store is held")
            }
        }

        let impatient = try DatabaseQueue(path: free.url.path)
        try await impatient.write { db in try db.execute(sql: "UPDATE counter SET value = 7") }
        try await holder.writeWithoutTransaction { db in try db.rollback() }
        try holder.close()
    }

    @Test func `writers wait while all are held, and go on when what belongs to the moment was done`() async throws {
        let store = try Counter(folder.url.appending(path: "a.sqlite"))
        let impatient = try DatabaseQueue(path: store.url.path)

        let (cut, wasHeld) = try await StoreCut.take(of: [store.url], until: .now + .seconds(4)) {
            do {
                try impatient.write { db in try db.execute(sql: "UPDATE counter SET value = 1") }
                return false
            } catch let error as DatabaseError {
                return error.resultCode == .SQLITE_BUSY
            }
        }
        try await store.set(2)

        #expect(wasHeld)
        #expect(try await copied(cut.stores[0], as: "copy") == 0)
        try cut.close()
    }

    @Test func `an error of what belongs to the moment lets every store go`() async throws {
        struct Spoilt: Error {}
        let store = try Counter(folder.url.appending(path: "a.sqlite"))

        await #expect(throws: Spoilt.self) {
            _ = try await StoreCut.take(of: [store.url], until: .now + .seconds(4)) { throw Spoilt() }
        }

        try await DatabaseQueue(path: store.url.path).write { db in
            try db.execute(sql: "UPDATE counter SET value = 1")
        }
    }

    @Test func `a file without a table is empty, and one that went away is said to have changed`() async throws {
        let file = folder.url.appending(path: "new.sqlite")
        try Data().write(to: file)
        let gone = folder.url.appending(path: "gone.sqlite")

        let (cut, _) = try await StoreCut.take(of: [file], until: .now + .seconds(4)) {}

        #expect(cut.stores[0].isEmpty)
        #expect(cut.stores[0].position == nil)
        try cut.close()
        await #expect(throws: StoreCutError.changed(path: gone.path)) {
            _ = try await StoreCut.take(of: [gone], until: .now + .seconds(4)) {}
        }
        #expect(!FileManager.default.fileExists(atPath: gone.path), "a look must not make it")
    }

    @Test(arguments: [0, 3]) func `a store with a damaged page is named`(page: Int) async throws {
        let store = try Counter(folder.url.appending(path: "a.sqlite"), rows: 2_000)
        try store.close()
        var bytes = try Data(contentsOf: store.url)
        for index in page * 4_096..<(page + 1) * 4_096 { bytes[index] = 0x5A }
        try bytes.write(to: store.url)

        await #expect(throws: StoreCutError.damaged(path: store.url.path)) {
            let (cut, _) = try await StoreCut.take(of: [store.url], until: .now + .seconds(4)) {}
            try await cut.stores[0].copy(to: folder.url.appending(path: "copy.sqlite"))
        }
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a disk takes root"))
    func `a copy that finds no room says so`() async throws {
        let store = try Counter(folder.url.appending(path: "a.sqlite"), rows: 20_000)
        let disk = try SmallDisk(at: folder.url.appending(path: "disk"), size: "128k")
        defer { disk.remove() }
        let copy = disk.url.appending(path: "copy.sqlite")
        let (cut, _) = try await StoreCut.take(of: [store.url], until: .now + .seconds(4)) {}

        await #expect(throws: StoreError.diskFull(path: copy.path)) { try await cut.stores[0].copy(to: copy) }

        try cut.close()
    }

    private func copied(_ view: StoreView, as name: String) async throws -> Int {
        let copy = folder.url.appending(path: name)
        try await view.copy(to: copy)
        let queue = try DatabaseQueue(path: copy.path)
        let value = try await queue.read { db in try Int.fetchOne(db, sql: "SELECT value FROM counter") }
        try queue.close()
        return try #require(value)
    }
}

/// A store that holds a number.
private struct Counter: Sendable {
    let url: URL
    private let queue: DatabaseQueue

    init(_ url: URL, rows: Int = 0) throws {
        self.url = url
        queue = try StoreFile.openAlone(url) { migrator in
            migrator.registerMigration("counter") { db in
                try db.execute(sql: "CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0)")
                try db.execute(sql: "CREATE TABLE more (number INTEGER PRIMARY KEY, text TEXT)")
                for _ in 0..<rows { try db.execute(sql: "INSERT INTO more (text) VALUES ('more of it')") }
            }
        }
        // Many turns in little time are what the test is about, no power cut.
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = OFF") }
    }

    func set(_ number: Int) async throws {
        try await queue.write { db in try db.execute(sql: "UPDATE counter SET value = ?", arguments: [number]) }
    }

    func close() throws { try queue.close() }
}

extension [Counter] {
    fileprivate func first(named name: Character) -> Counter? {
        first { $0.url.lastPathComponent == "\(name).sqlite" }
    }
}
