import Contracts
package import Foundation
import GRDB

package enum ReplayCheck {
    /// Brings a copy of a store to where the store stands, by its log alone, and compares both, row by row.
    ///
    /// Works on a copy, so the store's owner may go on. The records are those that the store kept; where it kept none,
    /// they are read from the broker, from the oldest snapshot on that the log still reaches.
    ///
    /// - Parameter source: The broker and the snapshots of a store that keeps no applied records; nil for one that does.
    package static func run(
        _ processor: any Processor, partition: Int32, store url: URL, source: ReplaySource? = nil
    ) async throws -> ReplayReport {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(MessageID.random())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { removeQuietly(folder) }
        let copy = folder.appendingPathComponent("kept.sqlite")
        try await StoreCopy.take(url, to: copy)
        let kept = try PartitionStore(processor, partition: partition, at: copy, keepsAppliedRecords: false)
        let replay: Replay
        if let source, try await kept.keptCount() < kept.position.applied {
            let log = LogReplay(source: source, processor: processor, partition: partition, folder: folder)
            replay = try await log.run(upTo: kept)
        } else {
            replay = try await records(of: kept, processor, partition, in: folder)
        }
        let report = try await compare(kept, replay)
        try await kept.close()
        try await replay.store?.close()
        return report
    }

    private static func compare(_ kept: PartitionStore, _ replay: Replay) async throws -> ReplayReport {
        let digest = try await kept.digest()
        var (outputs, difference): (Int, Int?) = (0, nil)
        if let store = replay.store { (outputs, difference) = try await compareOutputs(kept, store) }
        return ReplayReport(
            partition: Int(kept.partition), applied: Int(await kept.position.applied), start: Int(replay.start),
            records: replay.records, digest: digest, replayedDigest: try await replay.store?.digest() ?? "",
            outputs: outputs, firstDifference: difference, incomplete: replay.incomplete)
    }

    // MARK: - Records that the store kept

    private static func records(
        of kept: PartitionStore, _ processor: any Processor, _ partition: Int32, in folder: URL
    ) async throws -> Replay {
        let replayed = try await Replay.emptyStore(processor, partition, in: folder)
        var last: Int64 = 0
        var count = 0
        while true {
            let after = last
            let rows = try await kept.queue.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT * FROM localApplied WHERE number > ? ORDER BY number LIMIT 1000",
                    arguments: [after]
                ).map { row in
                    (
                        number: row["number"] as Int64,
                        record: InputRecord(
                            log: row["log"], offset: row["offset"],
                            stamp: Timestamp(milliseconds: row["stamp"]), value: row["value"],
                            isSkipped: row["skipped"])
                    )
                }
            }
            guard let end = rows.last else { break }
            _ = try await replayed.apply(rows.map(\.record))
            last = end.number
            count += rows.count
        }
        let applied = await kept.position.applied
        return Replay(
            store: replayed, records: count,
            incomplete: Int64(count) == applied ? nil : "\(applied) records were applied, \(count) were kept")
    }

    // MARK: - What they say

    private static func compareOutputs(
        _ kept: PartitionStore, _ replayed: PartitionStore
    ) async throws -> (count: Int, firstDifference: Int?) {
        var last: Int64 = 0
        var count = 0
        while true {
            let after = last
            let left = try await rows(of: kept, after: after)
            let right = try await rows(of: replayed, after: after)
            for (mine, other) in zip(left, right) where mine != other { return (count, Int(mine.number)) }
            count += left.count
            guard left.count == right.count else { return (count, Int(after) + min(left.count, right.count) + 1) }
            guard let end = left.last else { return (count, nil) }
            last = end.number
        }
    }

    private static func rows(of store: PartitionStore, after number: Int64) async throws -> [Outbox.Row] {
        try await store.queue.read { db in
            try Outbox.rows(after: number, limit: 1_000, bytes: 10_000_000, in: db)
        }
    }

    private static func removeQuietly(_ folder: URL) {
        do { try FileManager.default.removeItem(at: folder) } catch { return }
    }
}

/// A store that was brought forward by its log, and how far that reached.
struct Replay {
    /// Nil where nothing could be replayed.
    var store: PartitionStore?
    /// How many records the copy had applied that it began with.
    var start: Int64 = 0
    var records = 0
    var incomplete: String?

    static func nothing(_ reason: String) -> Replay {
        Replay(incomplete: "nothing could be replayed: \(reason)")
    }

    static func emptyStore(
        _ processor: any Processor, _ partition: Int32, in folder: URL
    ) async throws -> PartitionStore {
        try await open(
            processor, partition, at: folder.appendingPathComponent("replayed.sqlite"))
    }

    /// Opens a copy that nobody will miss.
    static func open(_ processor: any Processor, _ partition: Int32, at url: URL) async throws -> PartitionStore {
        let store = try PartitionStore(processor, partition: partition, at: url, keepsAppliedRecords: false)
        try await store.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = OFF") }
        return store
    }
}

extension PartitionStore {
    /// How many of the records that it applied it keeps.
    fileprivate func keptCount() async throws -> Int64 {
        try await queue.read { db in try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM localApplied") ?? 0 }
    }
}
