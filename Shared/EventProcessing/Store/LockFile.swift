package import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Keeps a second process of this host from opening the same store.
///
/// The lock is the kernel's: it ends with the process, however the process ends.
package final class LockFile: Sendable {
    private let descriptor: Int32

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
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }
}
