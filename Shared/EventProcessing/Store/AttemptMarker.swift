import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Remembers, outside the database, which record is being applied, so that one that ends the process is known by its deeds.
///
/// Written without a sync: it has to survive the process, not the machine.
final class AttemptMarker: Sendable {
    struct Suspect: Sendable {
        let offset: Int64
        let attempts: Int64
    }

    private let descriptor: Int32
    /// The record that was being applied when the last process ended, and how often that happened.
    private let known: Mutex<Suspect?>

    /// After so many ends at the same record its partition stops.
    static let mostAttempts: Int64 = 3

    init(_ url: URL) throws {
        let opened = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw StoreError.notWritable(url, errno) }
        descriptor = opened
        var words: [Int64] = [-1, 0]
        let count = words.withUnsafeMutableBytes { pread(opened, $0.baseAddress, 16, 0) }
        let suspect = count == 16 && words[0] >= 0 ? Suspect(offset: words[0], attempts: words[1] + 1) : nil
        known = Mutex(suspect)
    }

    var suspect: Suspect? { known.withLock { $0 } }

    deinit {
        close(descriptor)
    }

    /// Says that the record at `offset` is about to be applied.
    func begin(_ offset: Int64) {
        let attempts = suspect.map { $0.offset == offset ? $0.attempts : 0 } ?? 0
        write(offset, attempts)
    }

    /// Says that nothing is being applied.
    func clear() {
        write(-1, 0)
    }

    /// Says that applying ended with an error and not with the process: what was known of a suspect stays as it was.
    ///
    /// A disk that is full for long must not make a suspect of the record that it met first.
    func putBack() {
        guard let suspect else { return clear() }
        write(suspect.offset, suspect.attempts - 1)
    }

    /// Says that the suspect turned out well, or lies in a log that is gone.
    func acquit() {
        known.withLock { $0 = nil }
        clear()
    }

    private func write(_ offset: Int64, _ attempts: Int64) {
        var words = [offset, attempts]
        _ = words.withUnsafeMutableBytes { pwrite(descriptor, $0.baseAddress, 16, 0) }
    }
}
