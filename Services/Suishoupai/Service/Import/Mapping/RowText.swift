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

    /// Reads `{type} at {address}`; nil where a brace is not closed.
    static func parse(_ text: String) -> RowText? {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
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
        switch text {
        case .template(let pieces):
            var result = ""
            for piece in pieces {
                switch piece {
                case .words(let words): result += words
                case .cell(let name): result += try cell(name)
                }
            }
            return Self.trimmed(result)
        case .lookup(let column, let map, let otherwise):
            let found = try cell(column)
            guard let meant = map[found] ?? otherwise else {
                guard found.isEmpty else { throw RowFault("'\(found)' of column \(column) is not in the map") }
                return ""
            }
            return meant
        }
    }

    private func cell(_ name: String) throws(RowFault) -> String {
        if let value = values[name] { return try text(value) }
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
