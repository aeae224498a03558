package import ObjectStore

/// Where snapshots of stores lie, and how often they are taken.
package struct SnapshotSettings: Sendable {
    package let place: any ObjectStore
    /// After so many applied records one is taken, so that replaying the rest stays short.
    package var everyRecords: Int64
    /// After so many bytes of applied records one is taken; nil where the log keeps what it has.
    ///
    /// For a broker that keeps only a few megabytes, when other hosts must be able to go on from the snapshot.
    package var everyBytes: Int64?
    /// After so long one is taken, if anything was applied.
    package var every: Duration
    /// How many of a partition are kept.
    package var keep: Int

    package init(
        place: any ObjectStore, everyRecords: Int64 = 20_000, everyBytes: Int64? = nil,
        every: Duration = .seconds(600), keep: Int = 2
    ) {
        self.place = place
        self.everyRecords = everyRecords
        self.everyBytes = everyBytes
        self.every = every
        self.keep = keep
    }
}
