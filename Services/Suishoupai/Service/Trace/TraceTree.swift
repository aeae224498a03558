import Contracts
import Foundation

/// The records of a trace, each below the one that it follows from.
struct TraceTree {
    struct Line: Equatable {
        let record: TracedRecord
        let depth: Int
        /// Milliseconds from its cause's coming to its own: the way through the log, deciding and publishing.
        let took: Int64?
    }

    let lines: [Line]

    init(_ records: [TracedRecord]) {
        let known = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        var children: [String: [TracedRecord]] = [:]
        var roots: [TracedRecord] = []
        for record in records {
            if let cause = Self.cause(of: record, known) {
                children[cause, default: []].append(record)
            } else {
                roots.append(record)
            }
        }
        var lines: [Line] = []
        // A chain can be long, and a stack of our own has no end.
        var open = roots.reversed().map { ($0, 0) }
        while let (record, depth) = open.popLast() {
            let cause = Self.cause(of: record, known).flatMap { known[$0] }
            lines.append(Line(record: record, depth: depth, took: cause.map { max(record.time - $0.time, 0) }))
            open += (children.removeValue(forKey: record.id) ?? []).reversed().map { ($0, depth + 1) }
        }
        self.lines = lines
    }

    /// Its cause, where that is known; a sending that nobody's message caused stands below the event that it tells of.
    private static func cause(of record: TracedRecord, _ known: [String: TracedRecord]) -> String? {
        [record.causeId, record.aboutEventId].compactMap(\.self).first { $0 != record.id && known[$0] != nil }
    }

    /// As it is read on a terminal: when, how long after its cause, by whom, what, and where it lies.
    var text: String {
        lines.map { line in
            let record = line.record
            let time = Timestamp(milliseconds: record.time).description
            let took = line.took.map { "+\($0) ms" } ?? ""
            let branch = line.depth == 0 ? "" : String(repeating: "  ", count: line.depth - 1) + "└ "
            return "\(time)  \(Self.padded(took, 10)) \(Self.padded(record.service, 14)) "
                + "\(branch)\(record.type)  \(record.topic)/\(record.partition)#\(record.offset)"
        }.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}
