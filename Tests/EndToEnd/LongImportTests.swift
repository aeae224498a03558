import Contracts
import Foundation
import TestSupport
import Testing

/// An import as long as years of a city, through a broker that keeps 5 MiB of a partition; and how fast such stores are
/// replayed, copied and brought back.
///
/// Takes minutes, so only on its own: `deploy/test --import 200000`.
@Suite(.serialized, .timeLimit(.minutes(120))) struct LongImportTests {
    private static let count = ProcessInfo.processInfo.environment["IMPORT_REPORTS"].flatMap(Int.init) ?? 0

    @Test(
        .enabled(if: count > 0, "takes minutes: deploy/test --import REPORTS"),
        .enabled(if: RealCity.isPresent, RealCity.absence))
    func `a long import ends complete`() async throws {
        let home = try TemporaryFolder()
        let pack = try await RealCity.makePack(in: home.url)
        let table = home.url.appending(path: "requests.csv")
        try Self.requests(Self.count).write(to: table, atomically: true, encoding: .utf8)
        let deployment = try Deployment(pack: pack)
        try await deployment.running { deployment in
            try await Self.timed("\(Self.count) reports were accepted") {
                let imported = try await RealCity.importRequests(of: table, into: deployment)
                #expect(imported.status == 0, "\(imported.output.suffix(2_000))")
            }
            #expect(try deployment.acceptedCount() == Self.count)
            try await Self.timed("the last of them were in the books") {
                let books = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "1800")
                #expect(books.status == 0, "\(books.output)")
                let cases = try deployment.caseEvents(CaseOpened.self).count
                try await eventually("portal shows all \(cases) cases", within: .seconds(600)) {
                    try deployment.portalCaseCount() == cases
                }
            }
            try await Self.timed("everything was replayed from the first record on") {
                let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--replay")
                #expect(audit.status == 0, "\(audit.output)")
                print(audit.output)
            }
            let backup = home.url.appending(path: "backup").path(percentEncoded: false)
            try await Self.timed("a backup was made") {
                let made = try await deployment.suishoupai("backup", "--data", deployment.data, "--to", backup)
                #expect(made.status == 0, "\(made.output)")
                print(made.output)
            }
            try await Self.timed("it was brought back") {
                let restored = home.url.appending(path: "restored").path(percentEncoded: false)
                let back = try await deployment.suishoupai("restore", "--from", backup, "--data", restored)
                #expect(back.status == 0, "\(back.output)")
                print(back.output)
            }
        }
    }

    private static func timed(_ what: String, _ body: () async throws -> Void) async rethrows {
        let start = ContinuousClock.now
        try await body()
        print("long import: \(what) in \((ContinuousClock.now - start) / .seconds(1)) s")
    }

    /// The city's month again and again, each time under other numbers and some 40 m further north.
    private static func requests(_ count: Int) throws -> String {
        let lines = try String(contentsOf: RealCity.file("service_requests.csv"), encoding: .utf8)
            .split(whereSeparator: \.isNewline)
        let header = try #require(lines.first).split(separator: ",", omittingEmptySubsequences: false)
        let number = try #require(header.firstIndex(of: "srnumber"))
        let latitude = try #require(header.firstIndex(of: "latitude")) - header.count
        let rows = (0..<count).map { index in
            let round = index / (lines.count - 1)
            // From the end: an address may have commas of its own.
            var fields = lines[1 + index % (lines.count - 1)].split(separator: ",", omittingEmptySubsequences: false)
            let north = Double(fields[fields.count + latitude]) ?? 0
            fields[fields.count + latitude] = Substring(String(north + Double(round) * 0.0004))
            fields[number] = "\(round)-\(fields[number])"
            return fields.joined(separator: ",")
        }
        return ([lines[0]] + rows.map { Substring($0) }).joined(separator: "\n") + "\n"
    }
}
