import Foundation
import Synchronization

/// Where finished log lines go, whole ones only: two threads never mix theirs.
package protocol LogOutput: Sendable {
    func write(_ line: String)
}

/// The standard error of the process.
package final class StandardErrorOutput: LogOutput {
    private let lock = Mutex(())

    package init() {}

    /// Writes the line at once; when the reader is gone nobody can be told of it, and the rest of the line is dropped.
    package func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        lock.withLock { _ in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Foundation.write(2, $0.baseAddress?.advanced(by: sent), $0.count - sent)
                }
                if count > 0 {
                    sent += count
                } else if errno != EINTR && errno != EAGAIN {
                    return
                }
            }
        }
    }
}

/// Keeps the lines, for tests.
package final class KeptLogOutput: LogOutput {
    private let kept = Mutex<[String]>([])

    package init() {}

    package func write(_ line: String) {
        kept.withLock { $0.append(line) }
    }

    package var lines: [String] { kept.withLock { $0 } }
}
