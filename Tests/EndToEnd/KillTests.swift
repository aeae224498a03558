import Contracts
import Foundation
import TestSupport
import Testing

/// Services and the broker are killed while reports stream in; afterwards the books are in order.
@Suite(.serialized, .timeLimit(.minutes(15))) struct KillTests {
    @Test func `20 kills of services during an import lose nothing and double nothing`() async throws {
        let services = ["report-intake", "case-routing", "points", "notifications", "portal"]
        try await importWhileKilling(rows: 2_000, victims: (0..<20).map { services[$0 % services.count] })
    }

    @Test func `3 kills of the broker with everything in it during an import lose nothing and double nothing`()
        async throws
    {
        try await importWhileKilling(rows: 1_200, victims: Array(repeating: "embedded-broker", count: 3))
    }

    private func importWhileKilling(rows: Int, victims: [String]) async throws {
        let deployment = try Deployment()
        let table = try ReportRows(rows, named: "kills", in: deployment.folder.url)
        try await deployment.running { deployment in
            async let imported = deployment.importRows(table)
            for (number, victim) in victims.enumerated() {
                // A different moment of the import each time, whatever the machine's speed.
                let mark = rows * number / (victims.count + 1)
                try await eventually("\(mark) reports are accepted", within: .seconds(120)) {
                    try deployment.acceptedCount() >= mark
                }
                let killed = try await deployment.killNine(victim)
                try await eventually("\(victim) runs again", within: .seconds(60)) {
                    guard let pid = try deployment.readRunFile()[victim]?.pid else { return false }
                    return pid != killed
                }
            }
            let answer = try await imported
            #expect(answer.status == 0, "\(answer.output.suffix(2_000))")
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "180", "--replay")
            #expect(audit.status == 0, "\(audit.output)")

            #expect(try deployment.acceptedCount() == rows)
            let answered =
                try deployment.caseEvents(CaseOpened.self).map(\.reportId)
                + deployment.caseEvents(ReportJoined.self).map(\.reportId)
            #expect(answered.count == rows)
            #expect(Set(answered).count == rows)
        }
    }
}
