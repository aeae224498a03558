import Contracts
import EventProcessing
import Synchronization

/// An edge that notes what it was given, and answers what a test wants.
final class ScriptedEdge: DeliveryEdge {
    private struct State {
        var calls: [PlannedDelivery] = []
        var now: [String: Int] = [:]
        var most: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let repeats: Bool
    private let answer: @Sendable (PlannedDelivery, _ call: Int) async -> DeliveryResult

    /// - Parameter answer: Is told which call of the edge it is, from 1.
    init(
        canRepeat: Bool = true,
        _ answer: @escaping @Sendable (PlannedDelivery, _ call: Int) async -> DeliveryResult = { _, _ in .delivered }
    ) {
        repeats = canRepeat
        self.answer = answer
    }

    /// An edge of which no answer ever comes.
    static func silent(canRepeat: Bool = true) -> ScriptedEdge {
        let gate = Gate()
        return ScriptedEdge(canRepeat: canRepeat) { _, _ in
            await gate.wait()
            return .delivered
        }
    }

    var calls: [PlannedDelivery] { state.withLock { $0.calls } }
    var ids: [String] { calls.map(\.id.rawValue) }

    /// How many were in flight at once, by lane.
    var most: [String: Int] { state.withLock { $0.most } }

    func canRepeat(_ delivery: PlannedDelivery) -> Bool { repeats }

    func send(_ delivery: PlannedDelivery) async -> DeliveryResult {
        let call = state.withLock { state in
            state.calls.append(delivery)
            state.now[delivery.lane, default: 0] += 1
            state.most[delivery.lane] = max(state.most[delivery.lane] ?? 0, state.now[delivery.lane] ?? 0)
            return state.calls.count
        }
        let result = await answer(delivery, call)
        state.withLock { $0.now[delivery.lane, default: 0] -= 1 }
        return result
    }
}

/// Holds whoever waits until it is opened, or until they are cancelled.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var count = 0
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for one in waiting { one.resume() }
    }

    func wait() async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = state.withLock { state in
                    guard !state.isOpen, !state.cancelled.contains(number) else { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                state.cancelled.insert(number)
                return state.waiting.removeValue(forKey: number)
            }?.resume()
        }
    }
}
