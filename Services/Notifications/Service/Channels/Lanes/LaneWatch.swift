package import Contracts
package import EventProcessing
import Synchronization

/// Holds back what would only fail: a lane that failed again and again, and one that had its share for now.
///
/// After some failures in a row a lane is left alone for a while, twice as long each time; then one sending tries it out
/// before the others (a circuit breaker). What it knows is this process's own and ends with it.
package final class LaneWatch: Sendable {
    /// When a lane is left alone, and how long.
    package struct Breaker: Sendable {
        package var failures = 5
        package var firstPause = Duration.seconds(30)
        package var longestPause = Duration.seconds(600)

        package init() {}
    }

    package struct Wait: Sendable, Equatable {
        package let time: Duration
        package let reason: String
    }

    private struct Lane {
        var failures = 0
        var pause: Duration
        /// Left alone until then; nil while it is open to all.
        var closedUntil: ContinuousClock.Instant?
        /// What tries it out now.
        var probe: DeliveryID?
    }

    private struct State {
        var lanes: [String: Lane] = [:]
        var paces: [String: Pace] = [:]
        var lastCleaning: ContinuousClock.Instant?
    }

    private let breaker: Breaker
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    package init(
        breaker: Breaker = Breaker(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.breaker = breaker
        self.now = now
    }

    /// How long a sending has to wait; nil where it may go, which then has to be told by ``note(_:of:lane:)``.
    package func wait(for id: DeliveryID, lane: String, channel: Channel, limit: SendLimit) -> Wait? {
        let now = now()
        return state.withLock { state in
            if let wait = closed(state.lanes[lane], now: now) { return wait }
            if let wait = Self.paced(id, lane: lane, channel: channel, limit: limit, state: &state, now: now) {
                return wait
            }
            if state.lanes[lane]?.closedUntil != nil { state.lanes[lane]?.probe = id }
            clean(&state, now: now)
            return nil
        }
    }

    /// Takes down how a sending came out.
    package func note(_ result: DeliveryResult, of id: DeliveryID, lane: String) {
        let now = now()
        state.withLock { state in
            if Self.isFailure(result) {
                fail(&state.lanes[lane, default: Lane(pause: breaker.firstPause)], id: id, now: now)
            } else {
                // It answered, whatever it said.
                state.lanes[lane] = nil
            }
        }
    }

    /// Whether nobody seems to be there; one who answers "no" is there.
    private static func isFailure(_ result: DeliveryResult) -> Bool {
        switch result {
        case .failed(_, canRetry: true, retryAfter: nil), .unknown: true
        case .delivered, .failed, .gone, .postponed: false
        }
    }

    private func fail(_ lane: inout Lane, id: DeliveryID, now: ContinuousClock.Instant) {
        lane.failures += 1
        if lane.probe == id {
            lane.probe = nil
            lane.pause = min(lane.pause * 2, breaker.longestPause)
            lane.closedUntil = now + lane.pause
        } else if lane.closedUntil == nil, lane.failures >= breaker.failures {
            lane.closedUntil = now + lane.pause
        }
    }

    private func closed(_ lane: Lane?, now: ContinuousClock.Instant) -> Wait? {
        guard let lane, let until = lane.closedUntil else { return nil }
        let reason = "failed \(lane.failures) times in a row and is left alone for a while"
        if now < until { return Wait(time: until - now, reason: reason) }
        return lane.probe == nil ? nil : Wait(time: .seconds(1), reason: reason)
    }

    private static func paced(
        _ id: DeliveryID, lane: String, channel: Channel, limit: SendLimit, state: inout State,
        now: ContinuousClock.Instant
    ) -> Wait? {
        guard !limit.rates.isEmpty else { return nil }
        let name = limit.scope == .lane ? lane : "channel|\(channel.rawValue)"
        let time = state.paces[name, default: Pace(limit)].wait(for: id, now: now)
        return time.map { Wait(time: $0, reason: "as much was sent as the provider takes") }
    }

    /// Forgets lanes that had nothing to send for long.
    private func clean(_ state: inout State, now: ContinuousClock.Instant) {
        if let last = state.lastCleaning, now - last < .seconds(60) { return }
        state.lastCleaning = now
        state.paces = state.paces.filter { !$0.value.isIdle(at: now) }
        state.lanes = state.lanes.filter { lane in
            lane.value.probe != nil || lane.value.closedUntil.map { now - $0 < .seconds(86_400) } ?? true
        }
    }
}
