import Synchronization

/// Wakes a loop that waits for work, and those who wait for the loop to have done it.
final class Bell: Sendable {
    fileprivate struct State {
        /// Set by a ring that found nobody waiting.
        var isRung = false
        var nextID = 0
        /// Who waits; the continuation follows a moment after the entry.
        var sleepers: [Int: CheckedContinuation<Void, Never>?] = [:]
        var listeners: [Int: CheckedContinuation<Void, Never>?] = [:]
    }

    fileprivate enum Side: Sendable {
        case sleepers
        case listeners
    }

    private let state = Mutex(State())

    /// Wakes the loop, now or when it next waits.
    func ring() {
        wakeAll(.sleepers) { $0.isRung = $0.sleepers.isEmpty }
    }

    /// Wakes everybody who waits for the loop's work.
    func echo() {
        wakeAll(.listeners) { _ in }
    }

    /// Waits for a ring, at most so long.
    func wait(atMost timeout: Duration) async {
        let id: Int? = state.withLock { state in
            defer { state.isRung = false }
            return state.isRung ? nil : state.enter(.sleepers)
        }
        guard let id else { return }
        await sleep(id, .sleepers, until: ContinuousClock.now + timeout)
    }

    /// Waits for the next echo, at most until the deadline.
    func waitForEcho(until deadline: ContinuousClock.Instant) async {
        await sleep(state.withLock { $0.enter(.listeners) }, .listeners, until: deadline)
    }

    private func sleep(_ id: Int, _ side: Side, until deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await withCheckedContinuation { continuation in
                    // No entry any more: the waking came before the waiting.
                    let isAwake = state.withLock { !$0.register(continuation, as: id, side) }
                    if isAwake { continuation.resume() }
                }
            }
            group.addTask {
                // A cancelled task has waited long enough.
                do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
            }
            await group.next()
            wake(id, side)
            group.cancelAll()
        }
    }

    private func wake(_ id: Int, _ side: Side) {
        state.withLock { $0.remove(id, side) }?.resume()
    }

    private func wakeAll(_ side: Side, also change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return state.removeAll(side)
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension Bell.State {
    mutating func enter(_ side: Bell.Side) -> Int {
        nextID += 1
        self[side][nextID] = .some(nil)
        return nextID
    }

    mutating func register(
        _ continuation: CheckedContinuation<Void, Never>, as id: Int, _ side: Bell.Side
    ) -> Bool {
        guard self[side][id] != nil else { return false }
        self[side][id] = .some(continuation)
        return true
    }

    mutating func remove(_ id: Int, _ side: Bell.Side) -> CheckedContinuation<Void, Never>? {
        self[side].removeValue(forKey: id) ?? nil
    }

    mutating func removeAll(_ side: Bell.Side) -> [CheckedContinuation<Void, Never>] {
        defer { self[side] = [:] }
        return self[side].values.compactMap { $0 }
    }

    private subscript(side: Bell.Side) -> [Int: CheckedContinuation<Void, Never>?] {
        get { side == .sleepers ? sleepers : listeners }
        set { if side == .sleepers { sleepers = newValue } else { listeners = newValue } }
    }
}
