import Contracts
import Foundation
import TestSupport
import Testing

/// A city starts from its own open data: Los Angeles, January 2020, 6,660 requests and 99 neighbourhood councils.
@Suite(.serialized, .timeLimit(.minutes(20))) struct RealCityTests {
    @Test(.enabled(if: RealCity.isPresent, RealCity.absence))
    func `every request of a month becomes part of one case with the right owner, however often it is imported`()
        async throws
    {
        let home = try TemporaryFolder()
        let pack = try await RealCity.makePack(in: home.url)
        let deployment = try Deployment(pack: pack)
        try await deployment.running { deployment in
            for round in 1...2 {
                let imported = try await RealCity.importRequests(into: deployment)
                #expect(imported.status == 0, "import \(round): \(imported.output.suffix(2_000))")
                #expect(try deployment.acceptedCount() == 6_660)
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "240", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            try Self.compare(deployment)
        }
    }

    private static func compare(_ deployment: Deployment) throws {
        let expected = try cityAnswers()
        let accepted = try deployment.acceptedReports()
        let wrong = accepted.filter { report in
            let number = String(report.description.prefix { $0 != " " })
            return expected[number] != report.communityId
        }
        let share = 1 - Double(wrong.count) / Double(accepted.count)
        print("communities equal to the city's: \(accepted.count - wrong.count) of \(accepted.count)")
        #expect(share >= 0.993)

        let opened = try deployment.caseEvents(CaseOpened.self)
        let joined = try deployment.caseEvents(ReportJoined.self)
        let answered = opened.map(\.reportId) + joined.map(\.reportId)
        #expect(answered.count == 6_660)
        #expect(Set(answered).count == 6_660, "every report is in exactly one case")
        // The rule of the pack sends everything to the city hall; outside all communities nobody is found by it.
        #expect(opened.filter { $0.communityId != .unassigned }.allSatisfy { $0.ownerUnitId == "city-hall" })
        #expect(Set(opened.map { "\($0.communityId)/\($0.caseNumber)" }).count == opened.count, "numbers are unique")
    }

    /// The city's own answer for each request: `council_id`, mapped to the polygons' `nc_id`.
    private static func cityAnswers() throws -> [String: String] {
        let codes = try table("councils.csv").reduce(into: [String: String]()) {
            $0[$1["council_id"] ?? ""] = $1["data_code"]
        }
        return try table("service_requests.csv").reduce(into: [:]) { answers, row in
            guard let number = row["srnumber"], let council = row["council_id"] else { return }
            answers[number] = council == "0" ? "unassigned" : codes[council] ?? "unassigned"
        }
    }

    private static func table(_ name: String) throws -> [[String: String]] {
        let text = try String(contentsOf: RealCity.file(name), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map { fields(of: String($0)) }
        guard let header = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    private static func fields(of line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
