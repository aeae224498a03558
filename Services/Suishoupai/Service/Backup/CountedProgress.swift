import Foundation

/// Shows on a terminal how far a long work is, in one line that changes; elsewhere nothing.
struct CountedProgress: Sendable {
    private let isShown: Bool
    private let write: @Sendable (String) -> Void

    init(
        isShown: Bool,
        write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
    ) {
        self.isShown = isShown
        self.write = write
    }

    static var ofThisTerminal: CountedProgress { CountedProgress(isShown: isatty(STDERR_FILENO) == 1) }

    /// Such as `12 of 40 stores …`.
    func show(_ done: Int, of total: Int, _ what: String) {
        line("\(done) of \(total) \(what) …")
    }

    /// Takes the line away.
    func finish() { line("") }

    private func line(_ text: String) {
        guard isShown else { return }
        write("\r\u{1B}[K" + text)
    }
}
