import Contracts
import EventProcessing
import Foundation
import Notifications
import Synchronization
import TestSupport
import Testing

/// A clock that stands until a test moves it.
private final class Stopwatch: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { instant.withLock { $0 } }

    func goOn(_ duration: Duration) { instant.withLock { $0 += duration } }
}

@Suite("Lanes")
struct LaneWatchTests {
    private let clock = Stopwatch()
    private let watch: LaneWatch
    private let failure = DeliveryResult.failed(reason: "answered 500", canRetry: true)

    init() {
        watch = LaneWatch(now: { [clock] in clock.now })
    }

    private func wait(
        _ id: DeliveryID = "a", lane: String = "lane", channel: Channel = .webhook, _ limit: SendLimit = .none
    ) -> Duration? {
        watch.wait(for: id, lane: lane, channel: channel, limit: limit)?.time
    }

    private func fail(_ times: Int, lane: String = "lane") {
        for _ in 0..<times { watch.note(failure, of: "a", lane: lane) }
    }

    @Test func `after five failures in a row a lane is left alone, and no other`() {
        fail(4)
        #expect(wait() == nil)
        fail(1)
        #expect(wait() == .seconds(30))
        #expect(wait(lane: "other") == nil)
        clock.goOn(.seconds(29))
        #expect(wait() == .seconds(1))
    }

    @Test func `one tries it out before the others, and opens it to them`() {
        fail(5)
        clock.goOn(.seconds(30))
        #expect(wait("probe") == nil)
        #expect(wait("other") == .seconds(1))
        watch.note(.delivered, of: "probe", lane: "lane")
        #expect(wait("other") == nil)
        #expect(wait("third") == nil)
        fail(4)
        #expect(wait() == nil)
    }

    @Test func `each time it fails again it is left alone for longer, up to ten minutes`() {
        fail(5)
        var pauses: [Duration?] = []
        for _ in 0..<6 {
            clock.goOn(wait() ?? .zero)
            #expect(wait("probe") == nil)
            watch.note(failure, of: "probe", lane: "lane")
            pauses.append(wait())
        }
        #expect(pauses == [60, 120, 240, 480, 600, 600].map { .seconds($0) })
    }

    @Test func `who takes things and never says so is left alone, too`() {
        for _ in 0..<5 { watch.note(.unknown(reason: "no answer in time"), of: "a", lane: "lane") }
        #expect(wait() == .seconds(30))
    }

    @Test func `what was under way when it closed changes nothing`() {
        fail(5)
        fail(3)
        #expect(wait() == .seconds(30))
    }

    @Test(arguments: [
        DeliveryResult.failed(reason: "answered 400", canRetry: false), .gone(reason: "answered 410"),
        .failed(reason: "answered 429", canRetry: true, retryAfter: .seconds(1)),
        .postponed(reason: "too fast", by: .seconds(1)), .delivered,
    ])
    func `who answers is there, whatever it says`(result: DeliveryResult) {
        fail(4)
        watch.note(result, of: "a", lane: "lane")
        fail(4)
        #expect(wait() == nil)
    }

    @Test func `a lane sends no more in any minute than its provider takes`() {
        let limit = SendLimit(.lane, .init(3, per: .seconds(60)))
        #expect([wait("a", limit), wait("b", limit)] == [nil, nil])
        clock.goOn(.seconds(20))
        #expect(wait("c", limit) == nil)
        #expect(wait("d", limit) == .seconds(40))
        #expect(wait("e", limit) == .seconds(40))
        #expect(wait("d", lane: "other", limit) == nil)
        clock.goOn(.seconds(40))
        #expect([wait("e", limit), wait("d", limit)] == [nil, nil])
        #expect(wait("f", limit) == .seconds(20))
    }

    @Test func `of two rates the slower one holds`() {
        let limit = SendLimit(.lane, .init(2, per: .seconds(1)), .init(3, per: .seconds(60)))
        #expect([wait("a", limit), wait("b", limit)] == [nil, nil])
        #expect(wait("c", limit) == .seconds(1))
        clock.goOn(.seconds(1))
        #expect(wait("c", limit) == nil)
        #expect(wait("d", limit) == .seconds(59))
    }

    @Test func `lanes that share a limit each get a moment of their own`() {
        let limit = SendLimit(.channel, .init(2, per: .seconds(60)))
        func wait(_ id: Int) -> Duration? { self.wait(DeliveryID("\(id)"), lane: "lane \(id)", channel: .sms, limit) }
        #expect((0..<6).map(wait) == [nil, nil, .seconds(60), .seconds(60), .seconds(120), .seconds(120)])
        clock.goOn(.seconds(59))
        #expect(wait(2) == .seconds(1))
        clock.goOn(.seconds(1))
        #expect([wait(2), wait(3)] == [nil, nil])
        #expect(wait(4) == .seconds(60))
        #expect(wait(6) == .seconds(120))
        clock.goOn(.seconds(60))
        #expect([wait(5), wait(4)] == [nil, nil])
        #expect(self.wait("0", lane: "lane 0", channel: .email, limit) == nil)
    }

    @Test(arguments: SeededGenerator.seeds(5, 6, fresh: 3))
    func `whoever comes when, no stretch holds more than it may`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let scope: SendLimit.Scope = Bool.random(using: &random) ? .lane : .channel
        let limit = SendLimit(scope, .init(7, per: .seconds(10)), .init(3, per: .seconds(2)))
        var sent: [ContinuousClock.Instant] = []
        var waiting: [Int: ContinuousClock.Instant] = [:]
        for number in 0..<400 {
            waiting[number] = clock.now
            // They come back exactly when they were told to, or somewhat later than that in a lane of their own.
            for (id, due) in waiting.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) where due <= clock.now {
                if let time = wait(DeliveryID("\(id)"), limit) {
                    waiting[id] = clock.now + time
                } else {
                    sent.append(clock.now)
                    waiting[id] = nil
                }
            }
            clock.goOn(.milliseconds(Int.random(in: 0...200, using: &random)))
        }
        #expect(sent.count > 20, "seed \(seed)")
        if scope == .lane {
            for rate in limit.rates {
                for (first, last) in zip(sent, sent.dropFirst(rate.count)) {
                    #expect(last - first >= rate.per, "seed \(seed)")
                }
            }
        }
    }
}
