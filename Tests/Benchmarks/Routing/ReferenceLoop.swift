import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka

/// The ceiling of routing: read a batch, read the JSON of each command as routing does, keep each in SQLite, write its
/// JSON anew and publish it.
///
/// Nothing is decided.
/// The JSON is read into the very types that routing reads, by Codable, and written by the same encoder. As in routing,
/// a transaction is synced to disk (`synchronous=FULL`), and what a poll brought is published and acknowledged before the
/// next poll.
struct ReferenceLoop: Codable {
    /// What is one transaction.
    enum Commit: String, Codable, CaseIterable {
        /// Each record: a durable write for each, as the measure asks for.
        case eachRecord
        /// All that a poll brought, as routing does itself.
        case eachPoll
    }

    let commit: Commit
    let servers: String
    let topic: String
    /// From where and to where to read, by partition.
    let begins: [Int64]
    let ends: [Int64]
    let database: String

    /// Runs what a file asks for, and prints how many seconds it took.
    static func run(_ file: String) async throws {
        let loop = try ContractCoding.decode(ReferenceLoop.self, from: Data(contentsOf: URL(filePath: file)))
        let seconds = try await loop.seconds()
        FileHandle.standardOutput.write(Data("\(seconds)\n".utf8))
    }

    private func seconds() async throws -> Double {
        let store = try StoreFile.openAlone(URL(filePath: database)) { migrator in
            migrator.registerMigration("records") { db in
                try db.execute(
                    sql: "CREATE TABLE IF NOT EXISTS record (id BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL)")
            }
        }
        let synchronous = try await store.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        guard synchronous == 2 else { throw BenchmarkError.answered(synchronous ?? -1, "is not synchronous=FULL") }
        let settings = KafkaSettings(bootstrapServers: servers, clientID: "reference", embedded: true)
        let total = zip(ends, begins).reduce(0) { $0 + Int($1.0 - $1.1) }
        return try await KafkaProducer.withProducer(settings) { producer in
            try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
                try await consumer.assign(
                    begins.enumerated().map { partition, offset in
                        PartitionPosition(
                            partition: TopicPartition(topic: topic, partition: Int32(partition)), offset: .at(offset))
                    })
                let begin = ContinuousClock.now
                try await pump(total, from: consumer, into: store, to: producer)
                return (ContinuousClock.now - begin) / .seconds(1)
            }
        }
    }

    private func pump(
        _ total: Int, from consumer: KafkaConsumer, into store: DatabaseQueue, to producer: KafkaProducer
    ) async throws {
        var seen = 0
        while seen < total {
            let records = try await consumer.next(limit: 500, timeout: .milliseconds(50)).records
            guard !records.isEmpty else { continue }
            seen += records.count
            let groups = commit == .eachPoll ? [records[...]] : records.indices.map { records[$0...$0] }
            var values: [Data] = []
            for group in groups {
                values += try await store.write { db in try group.map { try Self.keep($0, in: db) } }
            }
            let outgoing = zip(records, values).map { record, value in
                OutgoingRecord(topic: "reference-loop", partition: record.partition, key: record.key, value: value)
            }
            for report in try await producer.send(outgoing) {
                if let error = report.error { throw error }
            }
        }
    }

    /// Reads a command, writes its JSON anew and keeps that.
    private static func keep(_ record: KafkaRecord, in db: Database) throws -> Data {
        let envelope = try Envelope<AnyCommand>(value: record.value ?? Data())
        let value = try ContractCoding.encode(envelope)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO record (id, value) VALUES (?, ?)")
            .execute(arguments: [envelope.id.data, value])
        return value
    }
}

/// What comes on the command topic in a benchmark.
enum AnyCommand: Payload {
    case register(RegisterReport)
    case act(ActOnCase)

    var messageType: String { message.messageType }
    var messageVersion: Int { message.messageVersion }
    var messageSubject: String { message.messageSubject }

    private var message: any Payload {
        switch self {
        case .register(let report): report
        case .act(let act): act
        }
    }

    static func decode(type: String, version: Int, from decoder: any Decoder) throws -> AnyCommand {
        type == RegisterReport.type
            ? .register(try RegisterReport.decode(type: type, version: version, from: decoder))
            : .act(try ActOnCase.decode(type: type, version: version, from: decoder))
    }

    func encodeData(to encoder: any Encoder) throws { try message.encodeData(to: encoder) }
}
