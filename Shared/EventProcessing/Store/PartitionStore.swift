package import Contracts
package import Foundation
package import GRDB

/// Where a store stands: in the log, in time, and in what it has said.
package struct StorePosition: Sendable, Equatable {
    package var log: String
    /// The offset to go on from.
    package var offset: Int64
    /// The last outbox row that was published.
    package var published: Int64
    /// The largest stamp so far.
    package var clock: Timestamp
    /// How many records were ever applied.
    package var applied: Int64

    /// What a store's tables say; nil for a file without them.
    static func find(in db: Database) throws -> StorePosition? {
        guard try db.tableExists("localInput"), try db.tableExists("machineClock") else { return nil }
        let input = try Row.fetchOne(db, sql: "SELECT * FROM localInput WHERE one = 1")
        let clock = try Row.fetchOne(db, sql: "SELECT * FROM machineClock WHERE one = 1")
        return StorePosition(
            log: input?["log"] ?? "", offset: input?["offset"] ?? 0, published: input?["published"] ?? 0,
            clock: Timestamp(milliseconds: clock?["milliseconds"] ?? 0), applied: clock?["applied"] ?? 0)
    }
}

/// The whole machine of one partition in one file, and what this copy knows besides.
///
/// Only its owner opens it. A copy of the file is enough to go on from.
package actor PartitionStore {
    package nonisolated let partition: Int32
    package nonisolated let url: URL
    package nonisolated let queue: DatabaseQueue
    private let lock: LockFile
    private let processor: any Processor
    private let batches: BatchApplier
    private let marker: AttemptMarker

    package private(set) var position: StorePosition
    /// The logic by which the next record is decided.
    package private(set) var logic: Int
    private var quiet = QuietTimes()
    /// How many batches were applied since the file was opened.
    private var batchesApplied = 0

    /// The folder's file of a partition.
    package static func url(dataFolder: URL, processor: String, partition: Int32) -> URL {
        dataFolder.appendingPathComponent(processor).appendingPathComponent("\(partition).sqlite")
    }

    /// Opens or makes the store.
    ///
    /// - Parameter lock: The store's lock, where the caller holds it already.
    /// - Throws: `StoreError`, with everything left as it was.
    package init(
        _ processor: any Processor, partition: Int32, at url: URL, keepsAppliedRecords: Bool, lock: LockFile? = nil
    ) throws {
        self.lock = try lock ?? Self.lock(url)
        self.url = url
        self.partition = partition
        self.processor = processor
        queue = try StoreFile.openAlone(url) { migrator in
            MachineTables.migrate(&migrator)
            processor.migrate(&migrator)
        }
        marker = try AttemptMarker(url.appendingPathExtension("attempt"))
        batches = BatchApplier(
            processor: processor, partition: partition, marker: marker, keepsAppliedRecords: keepsAppliedRecords)
        let known = try queue.read { db in
            (
                position: try StorePosition.find(in: db),
                partitions: try Int.fetchOne(db, sql: "SELECT partitions FROM localInput WHERE one = 1"),
                logic: try LogicInForce.number(in: db)
            )
        }
        position =
            known.position
            ?? StorePosition(log: "", offset: 0, published: 0, clock: Timestamp(milliseconds: 0), applied: 0)
        logic = known.logic
        let count = processor.commandTopic.partitions
        if let known = known.partitions, known != count {
            throw StoreError.partitionCountChanged(topic: processor.commandTopic.name, known: known, found: count)
        }
    }

    /// Keeps every other process of this host from the store.
    package static func lock(_ url: URL) throws -> LockFile {
        try LockFile(url.appendingPathExtension("lock"))
    }

    package nonisolated var processorName: String { processor.name }

    /// The source that stands in the headers of its records.
    package nonisolated var source: String { "\(processor.name)/\(partition)" }

    /// Set when a record ended the process so often that the partition must not go on by itself.
    package var suspectOffset: Int64? {
        guard let suspect = marker.suspect, suspect.attempts >= AttemptMarker.mostAttempts else { return nil }
        return suspect.offset
    }

    /// Begins on a log: at its beginning where the log is new to this store.
    ///
    /// - Returns: How far each stream was published on earlier logs, to be announced; nil where the log is known.
    package func enter(log: String) async throws -> [RowsAnnounced.Stream]? {
        guard position.log != log else { return nil }
        var entered = position
        entered.log = log
        entered.offset = 0
        let streams = try await write { [batches, entered] db in
            try batches.savePosition(entered, in: db)
            return try Outbox.streams(publishedUpTo: entered.published, in: db)
        }
        position = entered
        // Its offset counted in the log that is gone.
        marker.acquit()
        return streams
    }

    /// Applies records in order, all in one transaction: the file stands behind the last of them or before the first.
    package func apply(_ records: [InputRecord]) async throws -> [CommandOutcome: Int] {
        guard !records.isEmpty else { return [:] }
        let result: BatchApplier.Result
        do {
            result = try await write { [batches, position] db in
                try batches.apply(records, at: position, in: db)
            }
        } catch {
            marker.putBack()
            throw error
        }
        position = result.position
        logic = result.logic
        quiet = QuietTimes()
        batchesApplied += 1
        if let suspect = marker.suspect, position.offset > suspect.offset { marker.acquit() } else { marker.clear() }
        return result.counts
    }

    /// How far each sibling store was heard without a gap.
    package func sourceRows() async throws -> [String: Int64] {
        try await queue.read { db in
            try Row.fetchAll(db, sql: "SELECT source, \"row\" FROM localSourceRow ORDER BY source")
                .reduce(into: [:]) { $0[$1["source"] as String] = $1["row"] as Int64 }
        }
    }

    /// Rows to publish next; empty when everything was.
    func unpublished(limit: Int, bytes: Int) async throws -> [Outbox.Row] {
        guard !quiet.hasNothingToPublish else { return [] }
        let (published, asked) = (position.published, batchesApplied)
        let rows = try await queue.read { db in
            try Outbox.rows(after: published, limit: limit, bytes: bytes, in: db)
        }
        if asked == batchesApplied { quiet.hasNothingToPublish = rows.isEmpty }
        return rows
    }

    /// Rows of a stream that a reader lacks.
    func publishedRows(topic: String, partition: Int32, from row: Int64, bytes: Int) async throws -> [Outbox.Row] {
        let published = position.published
        return try await queue.read { db in
            try Outbox.rows(
                topic: topic, partition: partition, from: row, publishedUpTo: published, bytes: bytes, in: db)
        }
    }

    /// How far a stream is published; nil where nothing of it was.
    func lastPublishedRow(topic: String, partition: Int32) async throws -> Int64? {
        let published = position.published
        return try await queue.read { db in
            try Outbox.lastRow(topic: topic, partition: partition, publishedUpTo: published, in: db)
        }
    }

    /// The published rows of a stream that an operator wants once more, by number and in order.
    func window(
        topic: String, from: Timestamp?, to: Timestamp?, onlyLast: Bool
    ) async throws -> [Int64] {
        let published = position.published
        return try await queue.read { [partition] db in
            let stream = OutboxWindow(topic: topic, partition: partition, publishedUpTo: published)
            let rows = try stream.rows(from: from, to: to, in: db)
            return onlyLast ? try stream.lastOfEachKey(in: rows, in: db) : Array(rows)
        }
    }

    /// The first of these rows of a stream, as many as fit into so many bytes.
    func rows(topic: String, numbered rows: ArraySlice<Int64>, bytes: Int) async throws -> [Outbox.Row] {
        try await queue.read { [partition] db in
            try OutboxWindow.rows(rows, topic: topic, partition: partition, bytes: bytes, in: db)
        }
    }

    /// When this copy last published the states of the last days once more.
    func statesSaidAt() async throws -> Timestamp? {
        try await queue.read { db in
            try Int64.fetchOne(db, sql: "SELECT at FROM localStatesSaid").map(Timestamp.init(milliseconds:))
        }
    }

    func markStatesSaid(at moment: Timestamp) async throws {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO localStatesSaid (one, at) VALUES (1, ?)", arguments: [moment.milliseconds])
        }
    }

    /// Notes that all rows up to `number` are on the broker.
    ///
    /// Is written with the next batch, or by `savePublished`; after a crash before that, rows are published again with
    /// the same ids.
    func markPublished(upTo number: Int64) {
        position.published = max(position.published, number)
    }

    /// Writes down what `markPublished` noted.
    func savePublished() async throws {
        try await write { [batches, position] db in try batches.savePosition(position, in: db) }
    }

    func dueTimers(at moment: Timestamp) async throws -> [TimerRow] {
        try await ask(\.timers, at: moment, none: []) { db -> ([TimerRow], Timestamp?) in
            let due = try TimerRow.due(at: moment, limit: 500, in: db)
            return (due, due.isEmpty ? try TimerRow.nextDue(in: db) ?? QuietTimes.always : nil)
        }
    }

    /// Asks the file for what is due, unless it is known that nothing is.
    ///
    /// - Parameter question: Gives the answer and the moment before which there will be none; nil where there is one.
    func ask<Answer: Sendable>(
        _ time: WritableKeyPath<QuietTimes, Timestamp?>, at moment: Timestamp, none: Answer,
        _ question: @escaping @Sendable (Database) throws -> (Answer, Timestamp?)
    ) async throws -> Answer {
        if let until = quiet[keyPath: time], moment < until { return none }
        let asked = batchesApplied
        let (answer, until) = try await queue.read(question)
        if asked == batchesApplied { quiet[keyPath: time] = until }
        return answer
    }

    /// How many rows wait to be published.
    package func unpublishedCount() async throws -> Int {
        let published = position.published
        return try await queue.read { db in
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM outbox WHERE number > ?", arguments: [published]) ?? 0
        }
    }

    /// Every row that the store ever wants published, in order: what a replay must say again, byte for byte.
    package func allOutputs() async throws -> [(topic: String, partition: Int32, key: String, value: Data)] {
        try await queue.read { db in
            try Outbox.rows(after: 0, limit: Int.max, bytes: Int.max, in: db)
                .map { ($0.topic, $0.partition, $0.key, $0.value) }
        }
    }

    /// The digest of the machine.
    package func digest() async throws -> String {
        try await queue.read { [processor] db in
            try StoreDigest.digest(of: MachineTables.names + processor.machineTables, in: db)
        }
    }

    private func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await queue.write(body)
        } catch let error as DatabaseError where error.isFullDisk(at: url) {
            throw StoreError.diskFull(path: url.path(percentEncoded: false))
        }
    }

    /// Writes down what was published and closes the file, whether or not the task was cancelled meanwhile.
    package func close() throws {
        try queue.writeWithoutTransaction { [batches, position] db in try batches.savePosition(position, in: db) }
        try queue.close()
        lock.release()
    }
}
