import Synchronization

/// Whether one part of a program can do its work.
package enum HealthStatus: Hashable, Sendable {
    case ok(_ detail: String? = nil)
    case failing(_ detail: String)

    package var isOK: Bool {
        guard case .ok = self else { return false }
        return true
    }

    var detail: String? {
        switch self {
        case .ok(let detail): detail
        case .failing(let detail): detail
        }
    }
}

/// What the program knows of its own health.
///
/// *Live*: every loop has beaten in time; if not, only a restart helps. *Ready*: every check passes too; if not, send
/// requests elsewhere for a while.
package final class HealthRegistry: Sendable {
    package typealias Check = @Sendable () async -> HealthStatus

    private struct Parts {
        var heartbeats: [Heartbeat] = []
        var checks: [(name: String, check: Check)] = []
    }

    private let parts = Mutex(Parts())

    package init() {}

    /// Makes a heartbeat that counts from now on.
    package func heartbeat(
        _ name: String, within: Duration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) -> Heartbeat {
        let heartbeat = Heartbeat(name, within: within, now: now)
        add(heartbeat)
        return heartbeat
    }

    package func add(_ heartbeat: Heartbeat) {
        parts.withLock { $0.heartbeats.append(heartbeat) }
    }

    /// Forgets a heartbeat whose loop has ended as it should, such as that of a partition given away.
    package func remove(_ heartbeat: Heartbeat) {
        parts.withLock { $0.heartbeats.removeAll { $0 === heartbeat } }
    }

    /// Adds a check that answers at once from what is known; it must not wait for anything.
    package func check(_ name: String, _ check: @escaping Check) {
        parts.withLock { $0.checks.append((name, check)) }
    }

    package func live() -> HealthReport {
        let heartbeats = parts.withLock { $0.heartbeats }
        return HealthReport(checks: heartbeats.map { .init(name: $0.name, status: Self.status(of: $0)) })
    }

    package func ready() async -> HealthReport {
        let checks = parts.withLock { $0.checks }
        var report = live()
        for (name, check) in checks {
            report.checks.append(.init(name: name, status: await check()))
        }
        return report
    }

    private static func status(of heartbeat: Heartbeat) -> HealthStatus {
        if heartbeat.isAlive { return .ok() }
        let seconds = heartbeat.silence.components.seconds
        return .failing("silent for \(seconds) s, allowed are \(heartbeat.within.components.seconds) s")
    }
}

/// The answer of `/health/live` and `/health/ready`.
package struct HealthReport: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let name: String
        package let status: HealthStatus
    }

    package var checks: [Line]

    package var isOK: Bool { checks.allSatisfy(\.status.isOK) }

    /// `{"status": "ok"|"failing", "checks": [{"name", "status", "detail"}]}`.
    package var json: JSONValue {
        [
            "status": .string(isOK ? "ok" : "failing"),
            "checks": .array(
                checks.map { line in
                    [
                        "name": .string(line.name),
                        "status": .string(line.status.isOK ? "ok" : "failing"),
                        "detail": line.status.detail.map(JSONValue.string) ?? .null,
                    ]
                }),
        ]
    }
}
