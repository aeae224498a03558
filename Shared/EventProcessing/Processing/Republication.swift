import Contracts
import Foundation
import Kafka

/// What a store is publishing once more, a piece in each round, so that nothing new waits for it.
struct Republication {
    let topic: String
    /// The ask to answer at the end; nil for what the owner does by itself.
    let askID: MessageID?
    let rows: [Int64]
    private var next = 0

    /// Bytes of one piece.
    private static let pieceSize = 1_000_000

    init(topic: String, askID: MessageID?, rows: [Int64]) {
        self.topic = topic
        self.askID = askID
        self.rows = rows
    }

    var isDone: Bool { next >= rows.count }

    /// The next piece; it counts as published from here on.
    mutating func takePiece(of store: PartitionStore) async throws -> [Outbox.Row] {
        let piece = try await store.rows(topic: topic, numbered: rows[next...], bytes: Self.pieceSize)
        next += max(piece.count, 1)
        return piece
    }
}

/// How often an owner says the states of the last days once more.
///
/// On a compacted topic the last record of a key is what stays. An owner that was replaced and woke up late may have left
/// an older state there; this mends it. A broker that keeps no compacted topics needs none of it.
enum DailyStates {
    static let pause: Int64 = 24 * 3_600_000
    static let reach: Int64 = 48 * 3_600_000

    static func topics(of processor: String) -> [Topic] {
        TopicCatalogue.all.filter { $0.kind == .states && $0.writers.contains(processor) }
    }
}
