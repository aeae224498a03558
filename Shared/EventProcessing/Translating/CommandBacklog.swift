import Kafka

/// How many bytes of commands lie on the broker that their processor has not worked off.
///
/// An embedded broker keeps only a few megabytes of a partition, so a translator must not run far ahead.
struct CommandBacklog {
    private struct Sent {
        let offset: Int64
        let bytes: Int
    }

    private var sent: [Int32: [Sent]] = [:]
    private var sums: [Int32: Int] = [:]

    /// A translator pauses beyond this.
    static let most = 1_000_000

    mutating func add(partition: Int32, offset: Int64, bytes: Int) {
        sent[partition, default: []].append(Sent(offset: offset, bytes: bytes))
        sums[partition, default: 0] += bytes
    }

    /// Forgets what the processor has worked off.
    mutating func workedOff(_ committed: [Int32: Int64]) {
        for (partition, offset) in committed {
            guard var waiting = sent[partition] else { continue }
            let done = waiting.prefix { $0.offset < offset }
            sums[partition, default: 0] -= done.reduce(0) { $0 + $1.bytes }
            waiting.removeFirst(done.count)
            sent[partition] = waiting
        }
    }

    var isTooLarge: Bool { sums.values.contains { $0 > Self.most } }

    var partitions: [Int32] { sent.keys.sorted() }
}
