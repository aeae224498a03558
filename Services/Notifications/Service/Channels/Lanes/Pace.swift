import Contracts

/// Keeps what is sent within rates: never more than so many in any stretch of that length.
struct Pace {
    private let limit: SendLimit
    private let most: Int
    private let longest: Duration
    /// When the last ones went or are to go, oldest first.
    private var moments: [ContinuousClock.Instant] = []
    /// Who was told to come when.
    private var places: [DeliveryID: ContinuousClock.Instant] = [:]

    init(_ limit: SendLimit) {
        self.limit = limit
        most = limit.rates.map(\.count).max() ?? 0
        longest = limit.rates.map(\.per).max() ?? .zero
    }

    /// How long to wait; nil where it may go now.
    ///
    /// Where lanes share a limit, whoever has to wait gets a moment of its own: else a thousand would all come back at
    /// the next free one. A lane alone waits as a whole, and whoever comes first takes it.
    mutating func wait(for id: DeliveryID, now: ContinuousClock.Instant) -> Duration? {
        if let place = places[id] {
            guard place <= now else { return place - now }
            places[id] = nil
            return nil
        }
        let next = next(now: now)
        if next <= now {
            add(now)
            return nil
        }
        if limit.scope == .channel {
            add(next)
            places[id] = next
        }
        return next - now
    }

    func isIdle(at now: ContinuousClock.Instant) -> Bool {
        moments.last.map { now - $0 > max(longest, .seconds(600)) } ?? true
    }

    private func next(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        var next = max(now, limit.scope == .channel ? moments.last ?? now : now)
        for rate in limit.rates where moments.count >= rate.count {
            next = max(next, moments[moments.count - rate.count] + rate.per)
        }
        return next
    }

    private mutating func add(_ moment: ContinuousClock.Instant) {
        moments.append(moment)
        if moments.count > most { moments.removeFirst(moments.count - most) }
        // Who never came back, since it was given up meanwhile, is forgotten.
        if places.count > 1_000 {
            places = places.filter { moment - $0.value < .seconds(600) }
        }
    }
}
