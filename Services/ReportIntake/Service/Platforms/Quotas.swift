import Contracts
import Synchronization

/// Keeps each platform to what its keys grant: so many reports in a minute, and ten seconds' worth at once.
///
/// Each instance counts for itself; behind several of them a platform gets the grant of each.
final class PlatformQuotas: Sendable {
    private struct Bucket {
        var left: Double
        var filledAt: ContinuousClock.Instant
    }

    private let perMinute: @Sendable (PersonID) -> Int?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[PersonID: Bucket]>([:])

    init(
        perMinute: @escaping @Sendable (PersonID) -> Int?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.perMinute = perMinute
        self.now = now
    }

    /// Takes the room for one report.
    ///
    /// - Returns: Nil where there was room, else how long to wait for it.
    func take(_ platform: PersonID) -> Duration? {
        guard let perMinute = perMinute(platform) else { return nil }
        let perSecond = Double(perMinute) / 60
        let most = max(1, perSecond * 10)
        let moment = now()
        return buckets.withLock { buckets in
            var bucket = buckets[platform] ?? Bucket(left: most, filledAt: moment)
            let seconds = (moment - bucket.filledAt) / .seconds(1)
            bucket.left = min(most, bucket.left + max(0, seconds) * perSecond)
            bucket.filledAt = moment
            defer { buckets[platform] = bucket }
            guard bucket.left >= 1 else { return .seconds((1 - bucket.left) / perSecond) }
            bucket.left -= 1
            return nil
        }
    }

    /// Waits until there is room for one report: a stream is slowed, not refused.
    func wait(for platform: PersonID) async throws {
        while let pause = take(platform) { try await Task.sleep(for: pause) }
    }
}
