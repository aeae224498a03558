/// One line of a CSV file (RFC 4180), with a line feed at its end where nothing else is asked for.
package enum CSVLine {
    package static func text(_ cells: [String], delimiter: Character = ",", lineEnd: String = "\n") -> String {
        cells.map { cell in
            let needsQuotes = cell.contains { $0 == delimiter || $0 == "\"" || $0.isNewline }
            return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
        }.joined(separator: String(delimiter)) + lineEnd
    }

    /// Somebody's words as a cell that no spreadsheet takes for a formula.
    package static func plain(_ words: String) -> String {
        guard let first = words.first, "=+-@\t\r\n＝＋－＠".contains(first) else { return words }
        return "'" + words
    }
}
