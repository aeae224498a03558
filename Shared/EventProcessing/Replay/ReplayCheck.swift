import Contracts
package import Foundation
import GRDB

/// Whether a store is what its own log makes of it: the proof that decisions follow from the log alone.
package struct ReplayReport: Codable, Sendable, Equatable {
    package let partition: Int
    /// How many records were applied once more.
    package let records: Int
    package let digest: String
    package let replayedDigest: String
    /// How many outbox rows there are, and the number of the first that differs.
    package let outputs: Int
    package let firstDifference: Int?
    /// Why the replay could not reach the beginning; nil where it did.
    package let incomplete: String?

    package var isEqual: Bool { digest == replayedDigest && firstDifference == nil && incomplete == nil }
}

package enum ReplayCheck {
    /// Applies the records that a store kept to an empty one and compares both, row by row.
    ///
    /// Works on a copy, so the store's owner may go on.
    package static func run(_ processor: any Processor, partition: Int32, store url: URL) async throws -> ReplayReport {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(MessageID.random())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { removeQuietly(folder) }
        let copy = folder.appendingPathComponent("kept.sqlite")
        try await StoreCopy.take(url, to: copy)
        let kept = try PartitionStore(processor, partition: partition, at: copy, keepsAppliedRecords: false)
        let replayed = try PartitionStore(
            processor, partition: partition, at: folder.appendingPathComponent("replayed.sqlite"),
            keepsAppliedRecords: false)
        try await replayed.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = OFF") }
        let count = try await replay(from: kept, into: replayed)
        let applied = await kept.position.applied
        let (outputs, difference) = try await compareOutputs(kept, replayed)
        let report = ReplayReport(
            partition: Int(partition), records: count, digest: try await kept.digest(),
            replayedDigest: try await replayed.digest(), outputs: outputs, firstDifference: difference,
            incomplete: Int64(count) == applied ? nil : "\(applied) records were applied, \(count) were kept")
        try await kept.close()
        try await replayed.close()
        return report
    }

    private static func replay(from kept: PartitionStore, into replayed: PartitionStore) async throws -> Int {
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
            guard let end = rows.last else { return count }
            _ = try await replayed.apply(rows.map(\.record))
            last = end.number
            count += rows.count
        }
    }

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
