/// Where reading of a partition is to begin.
package struct PartitionPosition: Sendable, Hashable {
    /// A place in a partition.
    package enum Offset: Sendable, Hashable {
        /// The oldest record that the log still has.
        case beginning
        /// Behind the newest record.
        case end
        /// The record with this offset, or the first behind it.
        case at(Int64)
        /// Where the group committed; the beginning where it never did.
        case committed
    }

    package let partition: TopicPartition
    package let offset: Offset

    package init(partition: TopicPartition, offset: Offset) {
        self.partition = partition
        self.offset = offset
    }
}

/// A group's progress in a partition, as the broker keeps it.
package struct CommittedPosition: Sendable, Hashable {
    package let partition: TopicPartition
    /// The offset of the next record to read.
    package let offset: Int64
    /// A few words that travel with the offset; empty when there are none.
    package let metadata: String

    package init(partition: TopicPartition, offset: Int64, metadata: String = "") {
        self.partition = partition
        self.offset = offset
        self.metadata = metadata
    }
}

/// A change of what this group member owns.
///
/// The group waits until the caller has answered.
package enum Rebalance: Sendable, Equatable {
    /// These partitions are ours from now on, and no others. Answer with `assign`, also when the list is empty.
    case assigned([TopicPartition])
    /// These partitions are taken back. Finish what is under way and answer with `unassign`.
    case revoked([TopicPartition])
    /// These partitions are somebody else's already. Answer with `unassign`; commits would be refused.
    case lost([TopicPartition])
}

/// What one poll brought: records, or a rebalance, never both.
package struct ConsumerBatch: Sendable, Equatable {
    /// In order within each partition.
    package var records: [KafkaRecord] = []
    /// A change of ownership, which comes alone; all records read before it were returned before it.
    package var rebalance: Rebalance?
    /// Partitions whose end was reached, after the records of this batch.
    package var endOfPartition: [TopicPartition] = []
    /// Partitions whose log does not have the asked offset, and the offset at which reading goes on instead.
    ///
    /// Concerns records of later batches. The caller has missed what lay between, or the log is another one.
    package var positionReset: [TopicPartition: Int64] = [:]

    package init(
        records: [KafkaRecord] = [], rebalance: Rebalance? = nil, endOfPartition: [TopicPartition] = [],
        positionReset: [TopicPartition: Int64] = [:]
    ) {
        self.records = records
        self.rebalance = rebalance
        self.endOfPartition = endOfPartition
        self.positionReset = positionReset
    }

    /// True when the poll ended without news.
    package var isEmpty: Bool {
        records.isEmpty && rebalance == nil && endOfPartition.isEmpty && positionReset.isEmpty
    }
}
