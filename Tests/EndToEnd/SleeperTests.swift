import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

/// A process is stopped where it stands, for longer than the broker waits for it, and wakes up as if nothing had been.
@Suite(.serialized, .timeLimit(.minutes(8))) struct SleeperTests {
    @Test func `an owner that slept while another took over only repeats what is known, byte for byte`() async throws {
        let deployment = try Deployment()
        try await deployment.running(["--replicas", "case-routing=2", "--own-folders"]) { deployment in
            let listener = TopicListener { try deployment.embeddedBroker() }
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await listener.run()
                    return false
                }
                group.addTask {
                    try await Self.importWhileOwnersSleep(deployment)
                    try await Self.check(listener, deployment)
                    return true
                }
                defer { group.cancelAll() }
                while try await group.next() == false {}
            }
        }
    }

    /// Each of the two sleeps in the middle of its work, and the other does the work meanwhile.
    private static func importWhileOwnersSleep(_ deployment: Deployment) async throws {
        let rows = 2_400
        let table = try ReportRows(rows, named: "sleepers", in: deployment.folder.url)
        async let imported = deployment.importRows(table)
        for (number, (sleeper, other)) in [
            ("case-routing", "case-routing-2"), ("case-routing-2", "case-routing"),
        ].enumerated() {
            let mark = rows * (number + 1) / 4
            try await eventually("\(mark) reports are accepted", within: .seconds(120)) {
                try deployment.acceptedCount(on: "host-1/") >= mark
            }
            let pid = try #require(try deployment.readReplicas()[sleeper]).pid
            kill(pid, SIGSTOP)
            defer { kill(pid, SIGCONT) }
            try await eventually("\(other) owns every partition", within: .seconds(60)) {
                guard let url = try deployment.readReplicas()[other]?.url else { return false }
                let reports = try await deployment.partitions(at: url)
                return reports.count { $0.state == .running } == TopicCatalogue.caseCommands.partitions
            }
        }
        let answer = try await imported
        #expect(answer.status == 0, "\(answer.output.suffix(2_000))")
    }

    private static func check(_ listener: TopicListener, _ deployment: Deployment) async throws {
        let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "180", "--replay")
        // It has failed for reasons that nothing in the audit tells.
        let standing = audit.status == 0 ? "" : await Diagnosis.of(deployment)
        #expect(audit.status == 0, "\(audit.output)\n\(standing)")
        let heard = listener.heard
        heard.expectOnly(try BestStores(deployment).written())
        #expect(heard.repeats > 0, "nothing was said twice, so nothing was compared")
    }
}
