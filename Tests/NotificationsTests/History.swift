import Contracts
import EventProcessing
import Foundation
import GRDB
import Notifications

/// What a store held and said after some records.
struct Run {
    struct Output: Equatable {
        let topic: String
        let key: String
        let value: Data
    }

    let digest: String
    let outputs: [Output]
    /// `event recipient channel`, as they stand in the table of what was told.
    let told: [String]
    let deliveries: [DeliveryID]

    func all<P: Payload>(_ type: P.Type, of name: String, on topic: Topic) throws -> [P] {
        try outputs.filter { $0.topic == topic.name }.compactMap { output in
            guard try MessageAttributes(value: output.value).type == name else { return nil }
            return try Envelope<P>(value: output.value).data
        }
    }

    func states() throws -> [InboxMessageState] {
        try all(InboxMessageState.self, of: InboxMessageState.type, on: TopicCatalogue.inboxes)
    }
}

/// Puts values in the order of a log, a second apart.
func records(of values: [Data]) -> [InputRecord] {
    values.enumerated().map { offset, value in
        InputRecord(
            log: "log-1", offset: Int64(offset), stamp: Timestamp.morning.adding(milliseconds: Int64(offset) * 1_000),
            value: value)
    }
}

/// Applies the records to a new store, so many in one transaction; the folder is left behind where the test fails.
func applied(_ values: [Data], batch: Int = 16) async throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: "notifications-\(UUID().uuidString)")
    let store = try PartitionStore(
        NotificationsProcessor(), partition: 0, at: folder.appending(path: "0.sqlite"), keepsAppliedRecords: false)
    _ = try await store.enter(log: "log-1")
    let records = records(of: values)
    for start in stride(from: 0, to: records.count, by: batch) {
        _ = try await store.apply(Array(records[start..<min(start + batch, records.count)]))
    }
    let (told, deliveries) = try await store.queue.read { db in
        (
            try Row.fetchAll(db, sql: "SELECT * FROM told ORDER BY eventId, recipientId, channel").map {
                "\(($0["eventId"] as Data).base64EncodedString()) \($0["recipientId"] as String) \($0["channel"] as String)"
            },
            try String.fetchAll(db, sql: "SELECT id FROM delivery ORDER BY id").map { DeliveryID($0) }
        )
    }
    let run = Run(
        digest: try await store.digest(),
        outputs: try await store.allOutputs().map { Run.Output(topic: $0.topic, key: $0.key, value: $0.value) },
        told: told, deliveries: deliveries)
    try await store.close()
    try FileManager.default.removeItem(at: folder)
    return run
}
