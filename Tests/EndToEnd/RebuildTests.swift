import Foundation
import TestSupport
import Testing

/// A service's whole folder is gone, as with a disk: it comes back from the log, from snapshots and from the others.
@Suite(.serialized, .timeLimit(.minutes(6))) struct RebuildTests {
    @Test func `whichever service loses its folder, it comes back, and a report that is sent again is known`()
        async throws
    {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            try await Self.play(30, seed: 613, deployment)
            for (number, service) in ["case-routing", "points", "notifications", "portal", "report-intake"].enumerated()
            {
                try deployment.losing(service)
                // The same riders send the same reports under the same keys, at last to an intake that has lost them.
                try await Self.play(30, seed: 613, deployment)
                try await Self.play(8, seed: 700 + number, deployment)
            }

            let audit = try await eventually("points has its books again", within: .seconds(120)) {
                let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
                return audit.output.contains(/balances are what the postings give \([1-9]/) ? audit : nil
            }
            #expect(audit.status == 0, "\(audit.output)")
            let replayed = try await deployment.suishoupai("audit", "--data", deployment.data, "--replay")
            #expect(replayed.status == 0, "\(replayed.output)")
        }
    }

    private static func play(_ reports: Int, seed: Int, _ deployment: Deployment) async throws {
        let answer = try await deployment.suishoupai(
            "simulate", "--data", deployment.data, "--reports", "\(reports)", "--rate", "8", "--staff", "--seed",
            "\(seed)", "--patience", "120")
        #expect(answer.status == 0, "\(answer.output)")
    }
}
