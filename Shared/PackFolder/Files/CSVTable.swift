import Foundation
import SwiftCSV

/// The rows of a CSV file, whose cells are asked for by column; what is missing or of the wrong kind is noted.
struct CSVTable {
    /// One row with its number as a spreadsheet counts.
    struct Row {
        let file: PackFile
        let position: PackProblem.Position
        fileprivate let cells: [String: String]

        /// The cell's text without blanks around it; empty where there is none.
        func optionalText(_ column: String) -> String { cells[column] ?? "" }

        /// A text that must be there.
        func text(_ column: String, _ problems: inout ProblemLog) -> String? {
            let text = optionalText(column)
            guard !text.isEmpty else {
                problems.add(.missingValue, file, position, "\(column) is empty", "fill in the cell")
                return nil
            }
            return text
        }

        /// The parts of a cell such as `worker;verifier`.
        func list(_ column: String) -> [String] {
            optionalText(column).split(whereSeparator: { $0 == ";" || $0 == "；" })
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }

        /// `true`, `false` or nothing, which means false.
        func flag(_ column: String, _ problems: inout ProblemLog) -> Bool {
            switch optionalText(column).lowercased() {
            case "true": return true
            case "false", "": return false
            case let other:
                problems.add(.badValue, file, position, "\(column) is \(other)", "write true or false")
                return false
            }
        }
    }

    /// Nil stands for a row that could not be read.
    private let rows: [Row?]

    /// What `read` makes of the rows; nil, though all were tried, where one could not be read.
    func entries<Value>(_ read: (Row) -> Entry<Value>?) -> [Entry<Value>]? {
        withoutGaps(rows.map { $0.flatMap(read) })
    }

    /// Reads a file that must have the `required` columns and may have the `optional` ones.
    init?(
        _ file: PackFile, in folder: URL, required: [String], optional: [String] = [], _ problems: inout ProblemLog
    ) {
        guard let text = file.text(in: folder, &problems) else { return nil }
        let csv: EnumeratedCSV
        do {
            csv = try EnumeratedCSV(string: text, delimiter: .comma, loadColumns: false)
        } catch {
            problems.add(
                .unreadable, file, nil, "the CSV cannot be read: \(error)",
                "look for a quotation mark without its partner")
            return nil
        }
        let header = csv.header.map { $0.trimmingCharacters(in: .whitespaces) }
        guard Self.check(header, file, required: required, optional: optional, &problems) else { return nil }
        var rows: [Row?] = []
        for (index, fields) in csv.rows.enumerated() {
            let cells = fields.map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            let position = PackProblem.Position.row(index + 2)
            if cells.dropFirst(header.count).contains(where: { !$0.isEmpty })
                || cells.contains(where: { $0.contains(where: \.isNewline) })
            {
                problems.add(
                    .unreadable, file, position, "the row does not fit the header's \(header.count) columns",
                    "put a text with commas in quotation marks, and see that every quotation mark has its partner")
                rows.append(nil)
                continue
            }
            rows.append(
                Row(
                    file: file, position: position,
                    cells: Dictionary(zip(header, cells), uniquingKeysWith: { first, _ in first })))
        }
        self.rows = rows
    }

    private static func check(
        _ header: [String], _ file: PackFile, required: [String], optional: [String], _ problems: inout ProblemLog
    ) -> Bool {
        let known = required + optional
        for column in header where !known.contains(column) && !column.isEmpty {
            problems.add(
                .unknownKey, file, .row(1), "the column \(column) is not known",
                "the columns are \(known.joined(separator: ", "))")
        }
        let missing = required.filter { !header.contains($0) }
        for column in missing {
            problems.add(
                .missingValue, file, .row(1), "the column \(column) is missing",
                "the columns are \(known.joined(separator: ", "))")
        }
        return missing.isEmpty
    }
}
