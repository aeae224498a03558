import Foundation
import Synchronization

/// What the supervisor tells the person in front of it, a line at a time.
final class Console: Sendable {
    private let isQuiet: Bool
    private let lock = Mutex(())

    init(isQuiet: Bool = false) {
        self.isQuiet = isQuiet
    }

    /// Something that was waited for has come.
    func done(_ text: String) { line("✓ \(text)") }

    /// Something that the person should know.
    func note(_ text: String) { line("• \(text)") }

    /// Something that is wrong.
    func trouble(_ text: String) { line("✗ \(text)") }

    func plain(_ text: String = "") { line(text) }

    private func line(_ text: String) {
        guard !isQuiet else { return }
        lock.withLock { _ in FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
    }
}
