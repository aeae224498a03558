import Foundation

/// What one poll has gathered so far, and when it should stop gathering.
struct BatchInTheMaking {
    /// Bytes after which a batch is full, however few its records: what a caller holds in memory is bounded.
    private static let mostBytes = 8 << 20

    private(set) var batch = ConsumerBatch()
    private let limit: Int
    private var bytes = 0
    private var isClosed = false
    private var ends: Set<TopicPartition> = []

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    var isEmpty: Bool { batch.isEmpty }

    var isFull: Bool { isClosed || batch.records.count >= limit || bytes >= Self.mostBytes }

    mutating func append(_ record: KafkaRecord) {
        batch.records.append(record)
        bytes += (record.value?.count ?? 0) + (record.key?.count ?? 0)
    }

    mutating func reachedEnd(of partition: TopicPartition) {
        guard ends.insert(partition).inserted else { return }
        batch.endOfPartition.append(partition)
    }

    mutating func reset(_ partition: TopicPartition, to offset: Int64) {
        batch.positionReset[partition] = offset
    }

    mutating func carry(_ rebalance: Rebalance) {
        batch.rebalance = rebalance
        isClosed = true
    }

    /// Lets nothing more in, since what comes next belongs behind this batch.
    mutating func close() {
        isClosed = true
    }
}
