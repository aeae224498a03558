import Contracts
import Foundation
import TestSupport
import Testing

/// Services and the broker are killed while reports stream in; afterwards the books are in order.
@Suite(.serialized, .timeLimit(.minutes(15))) struct KillTests {
    private static let mapping = """
        id: number
        description: "{number} {what}"
        category: "{category}"
        latitude: latitude
        longitude: longitude
        reporterId: "rider-{rider}"
        kind: snapshot
        """

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
        let csv = deployment.folder.url.appending(path: "reports.csv")
        let mapping = deployment.folder.url.appending(path: "mapping.yaml")
        var generator = SeededGenerator("kills")
        try Self.reports(rows, using: &generator).write(to: csv, atomically: true, encoding: .utf8)
        try Self.mapping.write(to: mapping, atomically: true, encoding: .utf8)
        try await deployment.running { deployment in
            async let imported = deployment.suishoupai(
                "import", "--data", deployment.data, "--mapping", mapping.path(percentEncoded: false),
                csv.path(percentEncoded: false))
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

    /// Problems all over the demo's communities, some close enough to be one case.
    private static func reports(_ count: Int, using generator: inout SeededGenerator) -> String {
        let categories = ["E0102", "E0505", "E0506", "P0118", "S0101", "D0103"]
        let lines = (1...count).map { number in
            let latitude = 28.66 + Double(Int.random(in: 0...4_000, using: &generator)) / 100_000
            let longitude = 115.93 + Double(Int.random(in: 0...4_000, using: &generator)) / 100_000
            let category = categories.randomElement(using: &generator) ?? "E0102"
            return "n-\(number),有人反映第 \(number) 处问题,\(category),\(latitude),\(longitude),\(number % 40)"
        }
        return "number,what,category,latitude,longitude,rider\n" + lines.joined(separator: "\n") + "\n"
    }
}
