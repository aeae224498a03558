import Contracts
import EventProcessing

/// What storing needs of whoever brings the outbox to the broker.
struct Publishing: Sendable {
    /// Says that there are new rows.
    let nudge: @Sendable () -> Void
    /// Waits until the broker has a row, for a bounded time; false when the time is up.
    let wait: @Sendable (_ id: MessageID, _ timeout: Duration) async -> Bool

    init(
        nudge: @escaping @Sendable () -> Void, wait: @escaping @Sendable (MessageID, Duration) async -> Bool
    ) {
        self.nudge = nudge
        self.wait = wait
    }

    init(_ relay: EdgeRelay) {
        self.init(
            nudge: { relay.nudge() },
            wait: { id, timeout in await relay.waitUntilPublished(id, for: timeout) })
    }
}
