import Foundation

/// How far an import is, in numbers and in one line for people.
struct ImportProgress: Sendable, Equatable {
    /// Of the file; 0 where it is not known.
    let totalBytes: Int
    private(set) var settledBytes = 0
    private(set) var accepted = 0
    private(set) var duplicates = 0
    private(set) var rejected = 0

    init(totalBytes: Int) {
        self.totalBytes = totalBytes
    }

    var rows: Int { accepted + duplicates + rejected }

    mutating func settle(_ outcome: RowOutcome, endOffset: Int) {
        settledBytes = endOffset
        switch outcome {
        case .accepted: accepted += 1
        case .duplicate: duplicates += 1
        case .rejected: rejected += 1
        }
    }

    /// From 0 to 1.
    var share: Double {
        totalBytes > 0 ? min(1, Double(settledBytes) / Double(totalBytes)) : 0
    }

    /// One line for people.
    ///
    /// Such as `[████████░░░░]  62 %  4130 rows  812/s  about 3 s left  12 rejected`.
    func line(after elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let filled = Int(share * 24)
        var parts = [
            "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled) + "]",
            "\(Int(share * 100)) %", "\(rows) rows",
        ]
        if seconds > 0 { parts.append("\(Int(Double(rows) / seconds))/s") }
        if share > 0, share < 1 { parts.append("about \(Self.time(seconds / share * (1 - share))) left") }
        if rejected > 0 { parts.append("\(rejected) rejected") }
        return parts.joined(separator: "  ")
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 120 ? "\(whole) s" : whole < 7_200 ? "\(whole / 60) min" : "\(whole / 3_600) h"
    }
}

/// What became of a row.
enum RowOutcome: Equatable, Sendable {
    case accepted
    /// It was there from before.
    case duplicate
    case rejected([String])
}

/// Draws the progress: one line that changes on a terminal, a line now and then elsewhere.
struct ProgressDrawing {
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let write: @Sendable (String) -> Void
    private let start = ContinuousClock.now
    private var next: ContinuousClock.Instant

    init(isQuiet: Bool, isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.isQuiet = isQuiet
        self.write = write
        next = start + (isTerminal ? .milliseconds(100) : .seconds(2))
    }

    mutating func update(_ progress: ImportProgress) {
        guard !isQuiet, ContinuousClock.now >= next else { return }
        draw(progress)
        next = ContinuousClock.now + (isTerminal ? .milliseconds(200) : .seconds(5))
    }

    /// Draws the last state, and leaves the line.
    mutating func finish(_ progress: ImportProgress) {
        guard !isQuiet else { return }
        draw(progress)
        if isTerminal { write("\n") }
    }

    /// Says something beside the progress.
    func note(_ text: String) {
        guard !isQuiet else { return }
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }

    private func draw(_ progress: ImportProgress) {
        let line = progress.line(after: ContinuousClock.now - start)
        write(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    }
}
