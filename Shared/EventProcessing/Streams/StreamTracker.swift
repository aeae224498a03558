import Contracts
import Foundation

/// Which rows of which sources a reader has had, and which it lacks.
///
/// A source numbers its rows on each topic and partition from 1 without gaps. A row beyond the next one is a hole: it is
/// left alone, the missing one is asked for, and the source sends from there on, much as TCP goes back.
struct StreamTracker: Sendable, Equatable {
    /// One source's rows on one topic and partition.
    struct Stream: Hashable, Sendable, Comparable {
        let topic: String
        let partition: Int32
        let source: String

        static func < (left: Stream, right: Stream) -> Bool {
            (left.topic, left.partition, left.source) < (right.topic, right.partition, right.source)
        }
    }

    enum Admission: Equatable, Sendable {
        /// The one to read now.
        case next
        /// Read before.
        case known
        /// Something before it is missing.
        case beyondHole
    }

    /// The last row without a gap before it.
    private(set) var last: [Stream: Int64] = [:]
    /// The highest row that is known to exist.
    private var highest: [Stream: Int64] = [:]
    /// Streams whose last row moved since `takeChanges`.
    private var changed: Set<Stream> = []

    init(last: [Stream: Int64] = [:]) {
        self.last = last
    }

    /// Takes note of a row.
    ///
    /// - Parameter gapsAreHoles: False where a broker may compact a topic: then a gap is what compaction left.
    mutating func admit(_ row: Int64, of stream: Stream, gapsAreHoles: Bool) -> Admission {
        let before = last[stream, default: 0]
        highest[stream] = max(highest[stream, default: 0], row)
        guard row > before else { return .known }
        guard row == before + 1 || !gapsAreHoles else { return .beyondHole }
        last[stream] = row
        changed.insert(stream)
        return .next
    }

    /// Takes note that rows up to `row` exist.
    mutating func announce(_ row: Int64, of stream: Stream) {
        highest[stream] = max(highest[stream, default: 0], row)
    }

    /// The streams with a hole, and the first row that is missing of each.
    var holes: [(stream: Stream, from: Int64)] {
        highest.filter { $0.value > last[$0.key, default: 0] }.keys.sorted()
            .map { ($0, last[$0, default: 0] + 1) }
    }

    /// The last rows that moved since the last call, to be written down.
    mutating func takeChanges() -> [(stream: Stream, row: Int64)] {
        defer { changed = [] }
        return changed.sorted().map { ($0, last[$0, default: 0]) }
    }

    /// The last rows of one topic and partition by source.
    func rows(topic: String, partition: Int32) -> [String: Int64] {
        last.filter { $0.key.topic == topic && $0.key.partition == partition }
            .reduce(into: [:]) { $0[$1.key.source] = $1.value }
    }

    mutating func restore(_ rows: [String: Int64], topic: String, partition: Int32) {
        for (source, row) in rows {
            let stream = Stream(topic: topic, partition: partition, source: source)
            last[stream] = max(last[stream, default: 0], row)
        }
    }

    /// Knows nothing any more of one topic and partition.
    mutating func forget(topic: String, partition: Int32) {
        self = only { $0.topic != topic || $0.partition != partition }
    }
}

extension StreamTracker {
    /// What it knows of some streams only.
    func only(_ isWanted: (Stream) -> Bool) -> StreamTracker {
        var part = StreamTracker(last: last.filter { isWanted($0.key) })
        part.highest = highest.filter { isWanted($0.key) }
        part.changed = changed.filter(isWanted)
        return part
    }
}
