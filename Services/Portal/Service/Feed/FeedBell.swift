import EventProcessing
import Metrics
import Synchronization

/// Rings for everybody who follows the feed when events have come.
///
/// It carries no events: who is rung reads them from the table, at their own pace. So a slow reader costs no memory.
final class FeedBell: Sendable {
    /// So many readers at once; a public page must not be able to use up the machine.
    static let mostListeners = 10_000

    private struct State {
        var nextID = 0
        var rings = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())
    private let subscribers: Gauge

    /// - Parameter label: Of the gauge that counts who listens.
    init(label: String = "feed_subscribers", metricsFactory: any MetricsFactory) {
        subscribers = Gauge(label: label, dimensions: [], factory: metricsFactory)
        subscribers.record(0)
    }

    /// Rings from now on until the reading of it ends; rings that nobody hears in time count as one.
    func listen() -> AsyncStream<Void> {
        let (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = continuation
            subscribers.record(state.listeners.count)
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        return rings
    }

    var isFull: Bool { state.withLock { $0.listeners.count >= Self.mostListeners } }
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// How often it has rung.
    var rings: Int { state.withLock(\.rings) }

    func ring() {
        let listeners = state.withLock { state in
            state.rings += 1
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    private func forget(_ id: Int) {
        state.withLock { state in
            state.listeners[id] = nil
            subscribers.record(state.listeners.count)
        }
    }
}
