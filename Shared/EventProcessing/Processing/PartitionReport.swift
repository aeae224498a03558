package import Contracts

/// How a partition stands with its owner, for an operator to see.
package struct PartitionReport: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        case running
        /// A record is stamped ahead of the owner's clock.
        case waiting
        /// The partition must not go on by itself; `detail` says why.
        case stopped
        /// No copy does to go on from; `detail` says why. It is tried again every few seconds.
        case refused
    }

    package let partition: Int
    package let state: State
    package let detail: String?
    /// The log, and the offset to go on from.
    package let log: String
    package let offset: Int64
    /// Records that wait in the log; nil before the first was read.
    package let lag: Int64?
    /// Records ever applied.
    package let applied: Int64
    /// The largest stamp so far.
    package let clock: Timestamp?
    package let logic: Int
    /// Rows that wait to be published, and for how many seconds the oldest has.
    package let pending: Int
    package let pendingSeconds: Double
    /// The last snapshot that this owner took.
    package let snapshot: SnapshotRecord?
}
