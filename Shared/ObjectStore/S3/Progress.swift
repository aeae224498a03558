import Synchronization

/// When a call last came forward.
final class Progress: Sendable {
    private let last = Mutex(ContinuousClock.now)

    /// Bytes moved, or the server said something.
    func moved() { last.withLock { $0 = .now } }

    var idle: Duration { last.withLock { ContinuousClock.now - $0 } }

    /// Does the work, and gives it up when nothing moves for so long.
    func watched<Value: Sendable>(
        for patience: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: work)
            group.addTask { throw try await self.standstill(of: patience) }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private func standstill(of patience: Duration) async throws -> Unanswered {
        while idle < patience { try await Task.sleep(for: patience - idle) }
        return Unanswered(reason: "nothing moved for \(patience)")
    }
}
