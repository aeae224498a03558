import Contracts
import ServiceKit
import Sheets

/// A table as CSV for spreadsheets: RFC 4180, in UTF-8 with the mark by which they know it.
struct CSVTable: Sendable {
    let utcOffsetMinutes: Int

    func head(_ columns: [Column]) -> String {
        "\u{FEFF}" + CSVLine.text(columns.map(\.title), lineEnd: "\r\n")
    }

    func row(_ cells: [Cell]) -> String { CSVLine.text(cells.map(text), lineEnd: "\r\n") }

    private func text(_ cell: Cell) -> String {
        switch cell {
        case .empty: ""
        case .text(let text): CSVLine.plain(text)
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case .moment(let milliseconds):
            StatementPaper.minute(of: Timestamp(milliseconds: milliseconds), utcOffsetMinutes: utcOffsetMinutes)
        }
    }
}
