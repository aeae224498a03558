import Contracts
import ReportIntakeDomain
import ServiceKit
import Synchronization

/// Keeps each platform to what its keys grant, and each person and link to what is enough for anybody: so many in a
/// minute, and ten seconds' worth at once.
///
/// Each instance counts for itself; behind several of them a sender gets the grant of each.
final class Quotas: Sendable {
    /// What is sent.
    enum Purse: Hashable, Sendable {
        /// Reports, and what is done with them later.
        case reports
        /// What goes along with them: photos, voice notes, nonces, previews, looks at what is known already.
        case trimmings

        /// A report has up to nine photos and voice notes, so of these there may be ten times as many.
        fileprivate var factor: Int { self == .reports ? 1 : 10 }
    }

    /// Who sends it.
    enum Payer: Hashable, Sendable {
        case platform(PersonID)
        case person(PersonID)
        /// Whoever holds the link of a report.
        case link(MessageID)

        init(_ sender: Sender) {
            self = sender.maySpeakForOthers ? .platform(sender.id) : .person(sender.id)
        }
    }

    private struct Account: Hashable {
        let payer: Payer
        let purse: Purse
    }

    private struct Bucket {
        var left: Double
        var filledAt: ContinuousClock.Instant
    }

    /// So many seconds' worth at once.
    private static let seconds = 10.0
    /// After a minute at the latest a bucket is full again, as if it had never been there.
    private static let full = 60.0
    /// With so many buckets the full ones are thrown away: people come and go.
    private static let many = 10_000

    private let perMinute: @Sendable (Payer) -> Int?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<(open: [Account: Bucket], limit: Int)>(([:], many))

    /// - Parameter perMinute: how many reports somebody may send in a minute; nil for no limit.
    init(
        perMinute: @escaping @Sendable (Payer) -> Int?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.perMinute = perMinute
        self.now = now
    }

    /// How many buckets there are.
    var count: Int { buckets.withLock { $0.open.count } }

    /// Takes the room for one thing.
    ///
    /// - Returns: Nil where there was room, else how long to wait for it.
    func take(_ purse: Purse, by payer: Payer) -> Duration? {
        guard let perMinute = perMinute(payer) else { return nil }
        let perSecond = Double(perMinute * purse.factor) / 60
        let most = max(1, perSecond * Self.seconds)
        let moment = now()
        let account = Account(payer: payer, purse: purse)
        return buckets.withLock { buckets in
            var bucket = buckets.open[account] ?? Bucket(left: most, filledAt: moment)
            let seconds = (moment - bucket.filledAt) / .seconds(1)
            bucket.left = min(most, bucket.left + max(0, seconds) * perSecond)
            bucket.filledAt = moment
            defer {
                buckets.open[account] = bucket
                Self.sweep(&buckets, at: moment)
            }
            guard bucket.left >= 1 else { return .seconds((1 - bucket.left) / perSecond) }
            bucket.left -= 1
            return nil
        }
    }

    /// Throws away what is full again by now; where that is little, it waits for twice as many, so that a crowd of people
    /// does not make each of them slow.
    private static func sweep(
        _ buckets: inout (open: [Account: Bucket], limit: Int), at moment: ContinuousClock.Instant
    ) {
        guard buckets.open.count > buckets.limit else { return }
        buckets.open = buckets.open.filter { (moment - $0.value.filledAt) / .seconds(1) < full }
        buckets.limit = max(many, buckets.open.count * 2)
    }

    /// Waits until there is room for one thing: a stream is slowed, not refused.
    func wait(_ purse: Purse, by payer: Payer) async throws {
        while let pause = take(purse, by: payer) { try await Task.sleep(for: pause) }
    }

    /// - Throws: ``ProblemDetails`` 429 where there is no room.
    func check(_ purse: Purse, by payer: Payer) throws(ProblemDetails) {
        guard let pause = take(purse, by: payer) else { return }
        throw .tooManyRequests(retryAfter: pause, payer.advice)
    }
}

extension Quotas.Payer {
    fileprivate var advice: String {
        switch self {
        case .platform: "This platform has sent as much as it may; send the rest later."
        case .person: "You have sent as much as one person may in a minute; send the rest later."
        case .link: "This link has been used as often as one may be in a minute; send the rest later."
        }
    }
}
