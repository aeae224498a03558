import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import Synchronization
import TestSupport
import Testing

/// The process dies between any two writes; what is on the disk then is opened again and goes on.
///
/// `deploy/test --acts N` says how many commands; without it a few thousand.
@Suite(.serialized) struct CrashTests {
    private static let commands = ProcessInfo.processInfo.environment["POINTS_ACTS"].flatMap { Int($0) } ?? 4_000

    @Test(arguments: SeededGenerator.seeds(5, fresh: 1))
    func `whenever it dies, the books are those of a run that never died`(seed: UInt64) async throws {
        let records = try LedgerLog(seed: seed, commands: Self.commands).records
        let whole = try await applied(records, batch: 64)

        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        var place = folder.url.appending(path: "0.sqlite")
        var position = 0
        var crashes = 0
        while position < records.count {
            let image = folder.url.appending(path: "crash-\(crashes).sqlite")
            let store = try PartitionStore(PointsProcessor(), partition: 0, at: place, keepsAppliedRecords: false)
            _ = try await store.enter(log: "log-1")
            position = await Int(store.position.offset)
            let point = CrashPoint(after: Int.random(in: 1...9_000, using: &random), copying: place, to: image)
            try await point.arm(store)
            while position < records.count, !point.isReached {
                let end = min(position + 64, records.count)
                _ = try await store.apply(Array(records[position..<end]))
                position = end
            }
            try await store.close()
            if let fault = point.fault { throw fault }
            if point.isReached {
                crashes += 1
                place = image
                position = 0
            }
        }
        let store = try PartitionStore(PointsProcessor(), partition: 0, at: place, keepsAppliedRecords: false)
        let digest = try await store.digest()
        let outputs = try await store.allOutputs().map { Run.Output(topic: $0.topic, key: $0.key, value: $0.value) }
        try await store.close()

        #expect(crashes > Self.commands / 1_000, "seed \(seed): \(crashes) crashes")
        #expect(digest == whole.digest, "seed \(seed), \(crashes) crashes")
        #expect(outputs == whole.outputs, "seed \(seed), \(crashes) crashes")
        print("\(records.count) commands, \(crashes) crashes, \(whole.outputs.count) records published, seed \(seed)")
    }
}

/// Copies the files of a store as they lie on the disk at its n-th write: what a process leaves that dies there.
private final class CrashPoint: Sendable {
    private struct State {
        var left: Int
        var isReached = false
        var fault: (any Error)?
    }

    private let state: Mutex<State>
    private let place: URL
    private let image: URL

    init(after writes: Int, copying place: URL, to image: URL) {
        state = Mutex(State(left: writes))
        self.place = place
        self.image = image
    }

    var isReached: Bool { state.withLock { $0.isReached } }
    var fault: (any Error)? { state.withLock { $0.fault } }

    /// Counts each row that is written, in whatever table, before it is written.
    func arm(_ store: PartitionStore) async throws {
        try await store.queue.write { db in
            db.add(
                function: DatabaseFunction("aboutToWrite", argumentCount: 0) { [self] _ in
                    pass()
                    return nil
                })
            let tables = try String.fetchAll(
                db,
                sql:
                    "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%' ORDER BY name"
            )
            for table in tables {
                for verb in ["INSERT", "UPDATE", "DELETE"] {
                    try db.execute(
                        sql:
                            "CREATE TEMP TRIGGER \"crash\(verb)\(table)\" BEFORE \(verb) ON main.\"\(table)\" BEGIN SELECT aboutToWrite(); END"
                    )
                }
            }
        }
    }

    private func pass() {
        state.withLock { state in
            state.left -= 1
            guard state.left == 0 else { return }
            state.isReached = true
            do {
                for suffix in ["", "-wal"] {
                    try FileManager.default.copyItem(atPath: place.path + suffix, toPath: image.path + suffix)
                }
            } catch {
                state.fault = error
            }
        }
    }
}
