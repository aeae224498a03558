/// A text made of the cells of a row.
enum RowText: Equatable, Sendable {
    /// Fixed words and cells, in order.
    case template([Piece])
    /// What the map says of a cell; otherwise the stand-in, if there is one.
    case lookup(column: String, map: [String: String], otherwise: String?)

    enum Piece: Equatable, Sendable {
        case words(String)
        case cell(String)
    }

    static func cell(_ column: String) -> RowText { .template([.cell(column)]) }

    /// Reads `{type} at {address}`; nil where a brace is not closed, or has no name in it.
    static func parse(_ text: String) -> RowText? {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"), close > rest.index(after: open) else { return nil }
            if open > rest.startIndex { pieces.append(.words(String(rest[..<open]))) }
            pieces.append(.cell(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        return .template(pieces)
    }

    /// The columns, or named values, that it needs.
    var needs: [String] {
        switch self {
        case .template(let pieces):
            pieces.compactMap { piece in
                guard case .cell(let name) = piece else { return nil }
                return name
            }
        case .lookup(let column, _, _): [column]
        }
    }

    /// Values that need one another, so that none could ever be known; nil where there are none.
    ///
    /// A value that names itself means the column of its name.
    static func ring(in values: [String: RowText]) -> [String]? {
        var rest = values
        while true {
            let known = rest.filter { name, text in text.needs.allSatisfy { $0 == name || rest[$0] == nil } }
            guard !known.isEmpty else { return rest.isEmpty ? nil : rest.keys.sorted() }
            for name in known.keys { rest[name] = nil }
        }
    }
}

/// A row seen through a mapping: cells by the header's names, and the mapping's own values beside them.
struct RowView {
    let header: [String: Int]
    let cells: [String]
    let values: [String: RowText]

    /// The text for this row, without blanks around it.
    ///
    /// - Throws: `RowFault` where a map has no word for the cell.
    func text(_ text: RowText) throws(RowFault) -> String {
        try self.text(text, of: nil)
    }

    /// - Parameter value: the name of the value whose text it is; within it the name means the column.
    private func text(_ text: RowText, of value: String?) throws(RowFault) -> String {
        switch text {
        case .template(let pieces):
            var result = ""
            for piece in pieces {
                switch piece {
                case .words(let words): result += words
                case .cell(let name): result += try cell(name, within: value)
                }
            }
            return Self.trimmed(result)
        case .lookup(let column, let map, let otherwise):
            let found = try cell(column, within: value)
            guard let meant = map[found] ?? otherwise else {
                guard found.isEmpty else { throw RowFault("'\(found)' of column \(column) is not in the map") }
                return ""
            }
            return meant
        }
    }

    private func cell(_ name: String, within value: String?) throws(RowFault) -> String {
        if name != value, let text = values[name] { return try self.text(text, of: name) }
        guard let index = header[name], index < cells.count else { return "" }
        return Self.trimmed(cells[index])
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// Why a row gives no report.
struct RowFault: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
