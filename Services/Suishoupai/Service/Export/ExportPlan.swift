import Contracts
import Foundation

/// Which records of a topic are asked for.
struct ExportAsk: Codable, Equatable, Sendable {
    let topic: String
    /// By the time in the envelope: from the one on, and before the other.
    let from: Timestamp?
    let to: Timestamp?
    /// By offset, in each partition; nil takes all partitions whole.
    let spans: [ExportSpan]?

    func wants(_ time: Timestamp) -> Bool {
        (from.map { $0 <= time } ?? true) && (to.map { time < $0 } ?? true)
    }
}

/// Offsets of a partition, from the first up to and without the end.
struct ExportSpan: Codable, Equatable, Sendable {
    let partition: Int32
    let start: Int64
    let end: Int64

    init(partition: Int32, start: Int64, end: Int64) {
        self.partition = partition
        self.start = start
        self.end = end
    }

    /// `2:100-200`, `2:100-` or `2`; nil for anything else.
    init?(_ text: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let partition = Int32(halves[0]), partition >= 0 else { return nil }
        guard halves.count == 2 else {
            self.init(partition: partition, start: 0, end: .max)
            return
        }
        let ends = halves[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2, let start = Int64(ends[0]), start >= 0,
            let end = ends[1].isEmpty ? Int64.max : Int64(ends[1]), end > start
        else { return nil }
        self.init(partition: partition, start: start, end: end)
    }
}

/// What was asked, and what the partitions held when that was: an export that was killed goes on by it.
struct ExportPlan: Codable, Equatable, Sendable {
    let ask: ExportAsk
    /// The log that the offsets are of.
    let log: String
    let spans: [ExportSpan]
}

/// How far an export has come, all of it safe on the disk.
struct ExportProgress: Codable, Equatable, Sendable {
    /// What was taken of a partition.
    struct Part: Codable, Equatable, Sendable {
        let partition: Int32
        /// The offset to go on at.
        var next: Int64
        var records = 0
        var bytes: UInt64 = 0
        /// The rows that were taken, by the store that wrote them.
        var sources: [String: Rows] = [:]
    }

    /// Rows of one store, which numbers them without gaps.
    struct Rows: Codable, Equatable, Sendable {
        var first: Int64
        var last: Int64
        /// How many, each counted once.
        var count = 1
    }

    var parts: [Part]

    init(_ plan: ExportPlan) {
        parts = plan.spans.map { Part(partition: $0.partition, next: $0.start) }
    }
}

extension ExportProgress.Part {
    mutating func note(row: Int64, of source: String) {
        guard var rows = sources[source] else {
            sources[source] = ExportProgress.Rows(first: row, last: row)
            return
        }
        // A row that is said once more is no further row.
        guard row > rows.last else { return }
        rows.last = row
        rows.count += 1
        sources[source] = rows
    }
}
