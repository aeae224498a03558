import Synchronization

/// The sign of life of one loop: it is alive as long as it beats often enough.
///
/// A loop beats at least once each round, also when there is nothing to do. The supervisor kills a program whose loop
/// has stopped, since a stuck loop does not mend itself.
package final class Heartbeat: Sendable {
    package let name: String
    /// The longest silence of a healthy loop.
    package let within: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let last: Mutex<ContinuousClock.Instant>

    /// Counts as having beaten now, so that a program that starts has time to.
    package init(
        _ name: String, within: Duration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.name = name
        self.within = within
        self.now = now
        last = Mutex(now())
    }

    package func beat() {
        let moment = now()
        last.withLock { $0 = moment }
    }

    /// How long it has been silent.
    package var silence: Duration {
        let moment = now()
        return last.withLock { $0.duration(to: moment) }
    }

    package var isAlive: Bool { silence <= within }
}
