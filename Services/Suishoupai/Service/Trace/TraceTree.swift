import Contracts
import Foundation

/// The records of a trace, each below the one that it follows from.
struct TraceTree {
    struct Line: Equatable {
        let record: TracedRecord
        let depth: Int
        /// What it follows from; nil where that is not known.
        let cause: TracedRecord?

        /// Milliseconds from its cause's coming to its own: the way through the log, deciding and publishing.
        var took: Int64? { cause.map { max(record.time - $0.time, 0) } }
    }

    let lines: [Line]

    init(_ records: [TracedRecord]) {
        let known = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        var children: [String: [TracedRecord]] = [:]
        var roots: [TracedRecord] = []
        for record in records {
            if let cause = Self.cause(of: record, known) {
                children[cause.id, default: []].append(record)
            } else {
                roots.append(record)
            }
        }
        var lines: [Line] = []
        // A chain can be long, and a stack of our own has no end.
        var open = roots.reversed().map { ($0, 0) }
        while let (record, depth) = open.popLast() {
            lines.append(Line(record: record, depth: depth, cause: Self.cause(of: record, known)))
            open += (children.removeValue(forKey: record.id) ?? []).reversed().map { ($0, depth + 1) }
        }
        self.lines = lines
    }

    /// Its cause, where that is known; a sending that nobody's message caused stands below the event that it tells of.
    private static func cause(of record: TracedRecord, _ known: [String: TracedRecord]) -> TracedRecord? {
        [record.causeId, record.aboutEventId].compactMap(\.self).filter { $0 != record.id }.lazy
            .compactMap { known[$0] }.first
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
