package import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Keeps a second process of this host from opening the same store.
///
/// The lock is the kernel's: it ends with the process, however the process ends.
package final class LockFile: Sendable {
    /// Nil once the lock was given up.
    private let descriptor: Mutex<Int32?>

    /// Takes the lock, or says who has it.
    ///
    /// - Throws: `StoreError.locked` where another process has it, `StoreError.notWritable` where the disk takes no file.
    package init(_ url: URL) throws {
        try StoreFile.makeFolder(of: url)
        let opened = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw StoreError.notWritable(url, errno) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw StoreError.locked(path: url.path)
        }
        descriptor = Mutex(opened)
    }

    /// Gives the lock up at once, whoever may still refer to it.
    package func release() {
        let held = descriptor.withLock { $0.take() }
        if let held { close(held) }
    }

    deinit { release() }
}
