import Contracts
import Foundation

/// The records of a trace, each below the one that it follows from, and the first below the request that it came by.
struct TraceTree {
    struct Line: Equatable {
        let record: TracedRecord
        let depth: Int
        /// What it follows from; nil where that is not known.
        let cause: TracedRecord?

        /// The request that it came by: of those who begin a chain, where they came over HTTP.
        var request: (name: String, time: Int64)? {
            guard cause == nil, let name = record.request, let time = record.requestTime else { return nil }
            return (name, time)
        }

        /// Milliseconds from its cause's coming, or the request's, to its own: the way through the log, deciding and
        /// publishing.
        var took: Int64? { (cause?.time ?? request?.time).map { max(record.time - $0, 0) } }
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
        // What follows from a request stands one step further in.
        var step = 0
        return lines.flatMap { line in
            if line.cause == nil { step = line.request == nil ? 0 : 1 }
            let record = line.record
            let place = "\(record.type)  \(record.topic)/\(record.partition)#\(record.offset)"
            let row = Self.row(record.time, took: line.took, by: record.service, line.depth + step, place)
            guard let request = line.request else { return [row] }
            return [Self.row(request.time, took: nil, by: record.service, 0, request.name), row]
        }.joined(separator: "\n")
    }

    private static func row(
        _ time: Int64, took: Int64?, by service: String, _ depth: Int, _ what: String
    ) -> String {
        let branch = depth == 0 ? "" : String(repeating: "  ", count: depth - 1) + "└ "
        return "\(Timestamp(milliseconds: time))  \(padded(took.map { "+\($0) ms" } ?? "", 10)) "
            + "\(padded(service, 14)) \(branch)\(what)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}
