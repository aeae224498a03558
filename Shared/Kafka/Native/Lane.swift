import Dispatch
import Foundation
import Synchronization

/// The one thread of control on which a client of librdkafka is used.
///
/// Many calls of librdkafka block. On the cooperative pool, which has as many threads as there are cores, two blocked
/// calls would stop every timer and every answer of the program; here each client blocks a thread of its own. Since a
/// lane runs one block at a time, what its blocks alone touch needs no lock.
final class Lane: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) {
        queue = DispatchQueue(label: "kafka.\(name)")
    }

    /// Runs the body on the lane, behind all that was asked before, and gives its result.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs a body that cannot fail; the caller's cancellation does not cut it short.
    func finish(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                body()
                continuation.resume()
            }
        }
    }

    /// Leaves the body to be run behind all that was asked before.
    func post(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Blocks the lane for a moment.
    func pause(milliseconds: Int) {
        assertHere()
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    }

    /// Stops the program when the caller is not on this lane.
    func assertHere() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}

/// A word to a block on a lane that it should stop waiting; said once, never taken back.
final class StopSignal: Sendable {
    private let said = Atomic(false)

    var isSet: Bool { said.load(ordering: .acquiring) }

    func set() {
        said.store(true, ordering: .releasing)
    }
}

extension Duration {
    /// Whole milliseconds as librdkafka takes them, rounded up so that a short wait does not become a spin.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let milliseconds = Double(seconds) * 1000 + (Double(attoseconds) / 1e15).rounded(.up)
        return Int32(min(max(milliseconds, 0), Double(Int32.max)))
    }
}
