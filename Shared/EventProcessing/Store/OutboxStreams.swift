import GRDB

/// How far each stream of a store has come while a batch is applied; written down once, at the end of the batch.
///
/// A value: who undoes a record goes back to the one from before it.
struct OutboxStreams {
    private struct Stream: Hashable {
        let topic: String
        let partition: Int32
    }

    private var lastRows: [Stream: Int64] = [:]
    private var moved: Set<Stream> = []

    mutating func nextRow(topic: String, partition: Int32, in db: Database) throws -> Int64 {
        let stream = Stream(topic: topic, partition: partition)
        let row = try (lastRows[stream] ?? Self.lastRow(of: stream, in: db)) + 1
        lastRows[stream] = row
        moved.insert(stream)
        return row
    }

    func save(in db: Database) throws {
        for stream in moved {
            try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO outboxStream (topic, partition, lastRow) VALUES (?, ?, ?)"
            ).execute(arguments: [stream.topic, stream.partition, lastRows[stream]])
        }
    }

    private static func lastRow(of stream: Stream, in db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT lastRow FROM outboxStream WHERE topic = ? AND partition = ?"),
            arguments: [stream.topic, stream.partition]) ?? 0
    }
}
