/// Cuts a body that comes in pieces into its lines, holding no more of it than one line.
///
/// Where the pieces are cut makes no difference. A line ends with `\n` or `\r\n`, the last one also with the body; a
/// blank line is counted and left out.
struct LineSplitter {
    struct Line: Equatable {
        /// Counted from 1, blank lines too.
        let number: Int
        /// Nil where it is longer than a line may be; its bytes were not kept.
        let bytes: [UInt8]?
    }

    private let limit: Int
    private var number = 1
    private var partial: [UInt8] = []
    private var isTooLong = false

    /// - Parameter limit: the bytes of the longest line, without its end.
    init(limit: Int) {
        self.limit = limit
    }

    /// The lines that end in this piece.
    mutating func lines(of piece: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = piece[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            hold(rest[..<end])
            if let line = endLine() { lines.append(line) }
            rest = rest[rest.index(after: end)...]
        }
        hold(rest)
        return lines
    }

    /// The last line, where the body ended without a line end.
    mutating func lastLine() -> Line? {
        endLine()
    }

    private mutating func hold(_ bytes: some Collection<UInt8>) {
        guard !isTooLong else { return }
        // One byte more than the limit, since it may be the `\r` of the line's end.
        if partial.count + bytes.count <= limit + 1 {
            partial.append(contentsOf: bytes)
        } else {
            isTooLong = true
            partial.removeAll()
        }
    }

    private mutating func endLine() -> Line? {
        defer {
            number += 1
            partial.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        guard !isTooLong, partial.count <= limit else { return Line(number: number, bytes: nil) }
        let isBlank = partial.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? nil : Line(number: number, bytes: partial)
    }
}
