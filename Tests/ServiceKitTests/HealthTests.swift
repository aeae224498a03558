import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Synchronization
import Testing

private final class Stopwatch: Sendable {
    private let moment = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { moment.withLock { $0 } }
    func advance(_ duration: Duration) { moment.withLock { $0 += duration } }
}

@Test func `a program is live while its loops beat in time`() async throws {
    let program = TestProgram()
    let watch = Stopwatch()
    let loop = program.health.heartbeat("relay", within: .seconds(5), now: { watch.now })
    #expect(try await program.ask(.get, "/health/live").status == .ok)

    watch.advance(.seconds(5))
    #expect(try await program.ask(.get, "/health/live").status == .ok)
    watch.advance(.seconds(1))
    let stuck = try await program.ask(.get, "/health/live")
    #expect(stuck.status == .serviceUnavailable)
    #expect(
        try stuck.json() == [
            "status": "failing",
            "checks": [["name": "relay", "status": "failing", "detail": "silent for 6 s, allowed are 5 s"]],
        ])

    loop.beat()
    #expect(try await program.ask(.get, "/health/live").status == .ok)
    watch.advance(.seconds(9))
    program.health.remove(loop)
    #expect(try await program.ask(.get, "/health/live").status == .ok)
}

@Test func `a program is ready when every check passes`() async throws {
    let program = TestProgram()
    let isUp = Mutex(false)
    program.health.check("store") { .ok("4 partitions") }
    program.health.check("broker") { isUp.withLock { $0 } ? .ok() : .failing("no broker answers") }

    let unready = try await program.ask(.get, "/health/ready")
    #expect(unready.status == .serviceUnavailable)
    #expect(
        try unready.json() == [
            "status": "failing",
            "checks": [
                ["name": "store", "status": "ok", "detail": "4 partitions"],
                ["name": "broker", "status": "failing", "detail": "no broker answers"],
            ],
        ])
    #expect(try await program.ask(.get, "/health/live").status == .ok)
    isUp.withLock { $0 = true }
    #expect(try await program.ask(.get, "/health/ready").status == .ok)
}
