import Foundation

/// One row of a CSV file.
struct CSVRecord: Sendable, Equatable {
    /// The line that it begins on, from 1, as an editor counts: the header is line 1.
    let line: Int
    let cells: [String]
    /// How many bytes of the file lie before its end.
    let endOffset: Int
}

/// Reads the rows of a CSV file (RFC 4180) one after another, holding no more than a piece of the file at a time.
///
/// A quoted cell may hold delimiters, line breaks and doubled quotes. Lines may end with LF or CRLF; empty ones are passed
/// over, and so is a byte order mark.
struct CSVRecords {
    private let read: () throws -> Data?
    private let delimiter: UInt8
    private var piece: [UInt8] = []
    private var position = 0
    private var offset = 0
    private var line = 1
    /// A byte that was looked at too early.
    private var pending: UInt8?
    private var isAtStart = true

    /// - Parameter read: gives the next piece of the file; nil at its end.
    init(delimiter: UInt8 = UInt8(ascii: ","), read: @escaping () throws -> Data?) {
        self.delimiter = delimiter
        self.read = read
    }

    init(_ file: FileHandle, delimiter: UInt8 = UInt8(ascii: ",")) {
        self.init(delimiter: delimiter) { try file.read(upToCount: 64 * 1_024) }
    }

    /// The next row; nil at the end of the file.
    ///
    /// - Throws: `CSVFault` where a quote is never closed or a cell is not UTF-8, and what reading the file throws.
    mutating func next() throws -> CSVRecord? {
        try skipMark()
        while true {
            let start = line
            var cells: [String] = []
            var isLast = false
            var isBlank = false
            while !isLast {
                let (cell, ending) = try nextCell(from: start)
                isLast = ending != .delimiter
                isBlank = cells.isEmpty && cell.isEmpty && isLast
                if ending == .file, isBlank { return nil }
                cells.append(cell)
            }
            if !isBlank { return CSVRecord(line: start, cells: cells, endOffset: offset) }
        }
    }

    private enum Ending { case delimiter, line, file }

    private mutating func nextCell(from start: Int) throws -> (String, Ending) {
        var bytes: [UInt8] = []
        var isQuoted = false
        while true {
            guard let byte = try nextByte() else {
                guard !isQuoted else { throw CSVFault.openQuote(line: start) }
                return (try text(bytes, start), .file)
            }
            switch byte {
            case UInt8(ascii: "\"") where isQuoted:
                guard let following = try nextByte() else { return (try text(bytes, start), .file) }
                if following == byte {
                    bytes.append(byte)
                } else {
                    isQuoted = false
                    putBack(following)
                }
            case UInt8(ascii: "\"") where bytes.isEmpty:
                isQuoted = true
            case delimiter where !isQuoted:
                return (try text(bytes, start), .delimiter)
            case UInt8(ascii: "\n") where !isQuoted:
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return (try text(bytes, start), .line)
            default:
                bytes.append(byte)
            }
        }
    }

    private func text(_ bytes: [UInt8], _ start: Int) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CSVFault.notUTF8(line: start) }
        return text
    }

    private mutating func skipMark() throws {
        guard isAtStart else { return }
        isAtStart = false
        try fill()
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            offset = 3
        }
    }

    private mutating func nextByte() throws -> UInt8? {
        if let byte = pending {
            pending = nil
            count(byte)
            return byte
        }
        if position == piece.count { try fill() }
        guard position < piece.count else { return nil }
        let byte = piece[position]
        position += 1
        count(byte)
        return byte
    }

    private mutating func putBack(_ byte: UInt8) {
        pending = byte
        offset -= 1
        if byte == UInt8(ascii: "\n") { line -= 1 }
    }

    private mutating func count(_ byte: UInt8) {
        offset += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
    }

    private mutating func fill() throws {
        piece = try read().map { [UInt8]($0) } ?? []
        position = 0
    }
}

// CSVFault
//   openQuote    a quoted cell that never ends: all behind it would be one cell
//   notUTF8      bytes that are no text

/// Why a file cannot be read on.
enum CSVFault: Error, Equatable, CustomStringConvertible {
    case openQuote(line: Int)
    case notUTF8(line: Int)

    var description: String {
        switch self {
        case .openQuote(let line): "line \(line): a cell begins with a quote that is never closed"
        case .notUTF8(let line): "line \(line) is not UTF-8; convert the file first, such as with iconv"
        }
    }
}
