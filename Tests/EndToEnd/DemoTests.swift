import Contracts
import Foundation
import TestSupport
import Testing

/// The demo is killed in the middle of its story, with everything that runs, and told to its end by later starts.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DemoTests {
    @Test func `a demo that is killed again and again ends with its story told once`() async throws {
        let deployment = try Deployment()
        // A different place of the story each time: the second case, and then further on.
        for (type, count) in [("case.opened", 2), ("case.dispatched", 4), ("case.closed", 3)] {
            try await deployment.running(["--demo"]) { deployment in
                try await eventually("the story has come to \(type) no. \(count)", within: .seconds(60)) {
                    try deployment.steps().count { $0 == type } >= count
                }
                deployment.killSupervisor()
            }
        }
        let told = try await deployment.running(["--demo"]) { deployment in
            try await eventually("the story is told to its end", within: .seconds(120)) {
                FileManager.default.fileExists(atPath: "\(deployment.data)/demo-played")
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            return try deployment.steps()
        }

        let counts = Dictionary(grouping: told, by: \.self).mapValues(\.count)
        #expect(
            counts == [
                "case.opened": 8, "case.report-joined": 2, "case.filed": 7, "case.refused": 1, "case.dispatched": 9,
                "case.returned": 1, "case.handled": 6, "case.verified": 6, "case.closed": 5,
            ])
        // A later start does not tell it again.
        let later = try await deployment.running(["--demo"]) { try $0.steps() }
        #expect(later.count == told.count)
    }
}
