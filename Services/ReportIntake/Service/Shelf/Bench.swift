import Dispatch
import Synchronization

/// Where photos and voice notes are decoded and made anew: one at a time, apart from those who answer requests.
///
/// One takes a tenth of a second and tens of megabytes; a crowd of them must not take the machine.
final class Bench: Sendable {
    /// So many wait already; come again in a moment.
    struct Busy: Error {}

    private static let mostWaiting = 32

    private let queue = DispatchQueue(label: "bench")
    private let waiting = Mutex(0)

    /// Does the work when it is its turn.
    ///
    /// - Throws: `Busy`, and what the work throws.
    func make<Made: Sendable>(_ work: @escaping @Sendable () throws -> Made) async throws -> Made {
        let isBearable = waiting.withLock { count in
            guard count < Self.mostWaiting else { return false }
            count += 1
            return true
        }
        guard isBearable else { throw Busy() }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
