import Contracts

/// What a snapshot is, read from its key alone.
///
/// `case-routing/2/0000000000012345.678.<log>.<sha256>.sqlite`: records ever applied, offset to go on from, the log that
/// the offset counts, and what its bytes must hash to. So the best copy is found without opening any.
package struct SnapshotName: Sendable, Hashable {
    package let processor: String
    package let partition: Int32
    /// How many records the machine had ever applied.
    package let applied: Int64
    /// The offset to go on from.
    package let offset: Int64
    package let log: String
    /// SHA-256 of the file, in hex.
    package let checksum: String

    package init(
        processor: String, partition: Int32, applied: Int64, offset: Int64, log: String, checksum: String
    ) {
        self.processor = processor
        self.partition = partition
        self.applied = applied
        self.offset = offset
        self.log = log
        self.checksum = checksum
    }

    /// Everything of one partition lies behind this prefix.
    package static func prefix(processor: String, partition: Int32) -> String { "\(processor)/\(partition)/" }

    package var key: String {
        let digits = String(applied)
        let padded = String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
        return Self.prefix(processor: processor, partition: partition)
            + "\(padded).\(offset).\(log).\(checksum).sqlite"
    }

    /// Reads a key; nil for one that is no snapshot's.
    package init?(key: String) {
        let path = key.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count == 3, let partition = Int32(path[1]) else { return nil }
        let parts = path[2].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4] == "sqlite", let applied = Int64(parts[0]), let offset = Int64(parts[1]),
            parts[3].utf8.count == 64
        else { return nil }
        self.init(
            processor: String(path[0]), partition: partition, applied: applied, offset: offset,
            log: String(parts[2]), checksum: String(parts[3]))
    }
}
