import Foundation

/// A row of the file on its way to intake.
struct ImportRow: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        /// The line for intake.
        case line(Data)
        /// It gives no report, for these reasons.
        case unfit([String])
    }

    let record: CSVRecord
    let content: Content
}

/// The rows of a file, seen through a mapping.
struct MappedRows {
    let header: [String]
    private let mapping: ImportMapping
    private let columns: [String: Int]
    private var records: CSVRecords

    /// Reads the header.
    ///
    /// - Throws: `ImportFault` where the file has none, or lacks columns that the mapping needs.
    init(_ records: CSVRecords, mapping: ImportMapping) throws {
        self.records = records
        self.mapping = mapping
        guard let first = try self.records.next() else { throw ImportFault.noHeader }
        header = first.cells.map { $0.trimmingCharacters(in: .whitespaces) }
        let twice = Dictionary(grouping: header, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
        guard twice.isEmpty else { throw ImportFault.columnsTwice(twice) }
        columns = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        let missing = mapping.missingColumns(in: header)
        guard missing.isEmpty else { throw ImportFault.columnsMissing(missing, header: header) }
    }

    mutating func next() throws -> ImportRow? {
        guard let record = try records.next() else { return nil }
        guard record.cells.count == header.count else {
            let reason = "has \(record.cells.count) cells where the header has \(header.count)"
            return ImportRow(record: record, content: .unfit([reason]))
        }
        let row = RowView(header: columns, cells: record.cells, values: mapping.values)
        return switch mapping.report(of: row) {
        case .report(let line): ImportRow(record: record, content: .line(try line.bytes()))
        case .unfit(let reasons): ImportRow(record: record, content: .unfit(reasons))
        }
    }
}

// ImportFault
//   noHeader          the file is empty
//   columnsTwice      a column of the header has the name of another
//   columnsMissing    the mapping names columns that the file lacks
//   refused           intake will not take anything from us, however often we ask
//   gaveUp            intake took nothing for too long
//   rejectsNotKept    the file of rejects cannot be written
//   outOfStep         an answer that does not belong to the row that waits for one

/// Why an import cannot begin, or cannot go on.
enum ImportFault: Error, CustomStringConvertible {
    case noHeader
    case columnsTwice([String])
    case columnsMissing([String], header: [String])
    case refused(status: UInt, detail: String)
    case gaveUp(line: Int, reason: String)
    case rejectsNotKept(file: String, reason: String)
    case outOfStep(answered: Int, expected: Int)

    /// Whether the one who called must change something first.
    var isMisuse: Bool {
        switch self {
        case .noHeader, .columnsTwice, .columnsMissing, .refused: true
        case .gaveUp, .rejectsNotKept, .outOfStep: false
        }
    }

    var description: String {
        switch self {
        case .noHeader: "the file is empty: its first line must name the columns"
        case .columnsTwice(let names): "these columns are there twice: \(names.joined(separator: ", "))"
        case .columnsMissing(let names, let header):
            "the mapping needs columns that the file lacks: \(names.joined(separator: ", ")); "
                + "it has \(header.joined(separator: ", "))"
        case .refused(let status, let detail): "intake refuses the import (\(status)): \(detail)"
        case .gaveUp(let line, let reason):
            "intake took nothing more after line \(line) (\(reason)); run the same command again to go on, "
                + "nothing will be doubled"
        case .rejectsNotKept(let file, let reason):
            "the rejects cannot be written to '\(file)' (\(reason)); make room or name another file with --rejects and "
                + "run the same command again, nothing will be doubled"
        case .outOfStep(let answered, let expected):
            "intake answered line \(answered) where \(expected) was due; run the same command again"
        }
    }
}
