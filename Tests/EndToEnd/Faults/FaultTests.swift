import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

/// Three replicas of each processor under a steady load of reports and case actions, while processes are killed,
/// stopped and woken, come and leave, and the broker loses everything: in the end the books are in order, and nobody
/// ever said anything in two ways.
///
/// Short here; `deploy/test --faults MINUTES --seed S` runs longer, and a seed repeats its schedule.
@Suite(.serialized, .timeLimit(.minutes(150))) struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["FAULT_MINUTES"].flatMap(Double.init).map { $0 * 60 } ?? 30
    private static let seed = environment["FAULT_SEED"].flatMap(UInt64.init) ?? 20_261_124
    private static let settings =
        environment["FAULT_SETTING"].flatMap(FaultSetting.init).map { [$0] } ?? FaultSetting.allCases
    private static let rate = 3.0

    @Test(arguments: settings)
    func `whatever happens to hosts, nothing is lost, doubled or contradicted`(setting: FaultSetting) async throws {
        print("faults: setting \(setting.rawValue), seed \(Self.seed), \(Self.seconds) s")
        try await setting.standing(seed: Self.seed) { ground in
            try await ground.deployment.running(ground.options) { _ in try await Self.sufferAndCheck(setting, ground) }
        }
    }

    private static func sufferAndCheck(_ setting: FaultSetting, _ ground: FaultGround) async throws {
        let deployment = ground.deployment
        let listener = TopicListener(ground.broker)
        let watch = OwnershipWatch(deployment)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await listener.run()
                return false
            }
            group.addTask {
                try await watch.run()
                return false
            }
            group.addTask {
                try await loadAndFaults(setting, ground)
                try await checkBooks(deployment)
                try await check(listener, against: deployment)
                return true
            }
            defer {
                group.cancelAll()
                tell(watch.seen, listener.heard)
            }
            while try await group.next() == false {}
        }
    }

    private static func loadAndFaults(_ setting: FaultSetting, _ ground: FaultGround) async throws {
        let deployment = ground.deployment
        let reports = Int(seconds * rate)
        async let played = deployment.suishoupai(
            "simulate", "--data", deployment.data, "--reports", "\(reports)", "--rate", "\(rate)", "--staff", "--seed",
            "\(seed)", "--patience", "300")
        var plan = FaultPlan(setting, seed: seed)
        var driver = FaultDriver(ground)
        try await driver.play(&plan, for: .seconds(seconds))
        let answer = try await played
        print(
            "faults: \(driver.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
        )
        print(answer.output)
        #expect(answer.status == 0, "\(answer.output.suffix(3_000))")
    }

    private static func checkBooks(_ deployment: Deployment) async throws {
        let start = ContinuousClock.now
        let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "240", "--replay")
        print("faults: the books were checked in \((ContinuousClock.now - start) / .seconds(1)) s")
        #expect(audit.status == 0, "\(audit.output)")
    }

    /// A recount from the topics alone: every row of the stores that count was heard, word for word, and nothing else.
    private static func check(_ listener: TopicListener, against deployment: Deployment) async throws {
        // Whoever says something has it in its store by then, so the stores are read after what was heard.
        let heard = listener.heard
        heard.expectOnly(try BestStores(deployment).written())
        try await recount(listener, against: deployment)
    }

    /// The balances as a reader of the topics adds them up; the last words may still be on their way.
    private static func recount(_ listener: TopicListener, against deployment: Deployment) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let stores = try BestStores(deployment)
            let accounts = try stores.rows("SELECT id, balance FROM account", having: "account")
            let written = try stores.written()
            let heard = listener.heard
            let unheard = written.keys.filter { heard.digests[$0] == nil }
            let wrong = accounts.filter { heard.balances[$0["id"] as String, default: 0] != $0["balance"] as Int }
            guard !unheard.isEmpty || !wrong.isEmpty, ContinuousClock.now < deadline else {
                // What a broker forgot before it was heard cannot be added up; all that was heard agrees.
                guard unheard.isEmpty else { return print("faults: \(unheard.count) records were not heard") }
                #expect(wrong.isEmpty, "accounts \(wrong.prefix(5))")
                return
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func tell(_ seen: OwnershipWatch.Seen, _ heard: TopicListener.Heard) {
        let absences = seen.absences.sorted()
        let sum = absences.reduce(0, +)
        print(
            """
            faults: \(seen.takeovers) takeovers; partitions without an owner \(absences.count) times, \
            \(Int(sum)) s in all, median \(absences.isEmpty ? 0 : absences[absences.count / 2]) s, longest \
            \(absences.last ?? 0) s; \(heard.records) records heard, \(heard.repeats) of them again
            """)
    }
}
