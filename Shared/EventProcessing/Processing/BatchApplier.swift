import Contracts
import Foundation
import GRDB

/// Applies a batch of records in the caller's transaction; position and clock move record by record, whatever becomes of each.
struct BatchApplier: Sendable {
    private let processor: any Processor
    private let applier: CommandApplier
    private let marker: AttemptMarker
    private let keepsAppliedRecords: Bool

    init(processor: any Processor, partition: Int32, marker: AttemptMarker, keepsAppliedRecords: Bool) {
        self.processor = processor
        self.marker = marker
        self.keepsAppliedRecords = keepsAppliedRecords
        applier = CommandApplier(processor: processor, partition: partition, packs: PackInForce())
    }

    struct Result: Sendable {
        var position: StorePosition
        var logic: Int
        var counts: [CommandOutcome: Int] = [:]
    }

    func apply(_ records: [InputRecord], at start: StorePosition, in db: Database) throws -> Result {
        var result = Result(position: start, logic: try LogicInForce.number(in: db))
        var streams = OutboxStreams()
        // A record before the position was applied already: after a rebalance the broker may bring it once more.
        for record in records
        where record.log != result.position.log || record.offset >= result.position.offset {
            marker.begin(record.offset)
            result.position.clock = max(result.position.clock, record.stamp)
            result.position.applied += 1
            result.position.log = record.log
            result.position.offset = record.offset + 1
            let outcome = try applier.apply(
                record, clock: result.position.clock, logic: &result.logic, streams: &streams, in: db)
            result.counts[outcome, default: 0] += 1
            if keepsAppliedRecords { try keep(record, in: db) }
            try note(record, in: db)
        }
        try streams.save(in: db)
        try savePosition(result.position, in: db)
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO machineClock (one, milliseconds, applied) VALUES (1, ?, ?)"
        ).execute(arguments: [result.position.clock.milliseconds, result.position.applied])
        return result
    }

    private func keep(_ record: InputRecord, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO localApplied (log, offset, stamp, value, skipped) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [record.log, record.offset, record.stamp.milliseconds, record.value, record.isSkipped])
    }

    /// Notes how far a sibling store was heard without a gap.
    private func note(_ record: InputRecord, in db: Database) throws {
        guard let source = record.source, let row = record.row else { return }
        let moved =
            row == 1
            ? "INSERT INTO localSourceRow (source, \"row\") VALUES (?1, ?2) ON CONFLICT (source) DO NOTHING"
            : "UPDATE localSourceRow SET \"row\" = ?2 WHERE source = ?1 AND \"row\" = ?2 - 1"
        try db.cachedStatement(sql: moved).execute(arguments: [source, row])
    }

    func savePosition(_ position: StorePosition, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO localInput (one, log, offset, partitions, published, logic)
                VALUES (1, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            position.log, position.offset, processor.commandTopic.partitions, position.published, processor.logic,
        ])
    }
}
