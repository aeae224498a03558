import Foundation
import TestSupport
import Testing

@testable import Suishoupai

private func line(_ name: String, isReady: Bool = true, detail: String? = nil) -> StatusReport.Line {
    .init(
        name: name, url: isReady ? "http://127.0.0.1:8080" : nil, pid: isReady ? 7 : nil, isReady: isReady,
        detail: detail)
}

@Test func `the status has a mark and a line for each service, and where the broker is`() {
    let report = StatusReport(
        bootstrapServers: "127.0.0.1:9092",
        services: [line("portal"), line("points", isReady: false, detail: "does not run")])

    #expect(!report.isReady)
    #expect(
        report.text == """
            ✓ portal  http://127.0.0.1:8080  pid 7
            ✗ points  does not run
              broker at 127.0.0.1:9092
            """)
    #expect(StatusReport(bootstrapServers: nil, services: [line("portal")]).isReady)
}

@Suite(.enabled(if: Program.isBuilt, "suishoupai is not built")) struct `the status program` {
    @Test func `leaves with 1 and names what does not run`() async throws {
        let folder = try TemporaryFolder()
        let file = RunFile(folder.url.appending(path: "run.json"))
        file.setBootstrapServers("127.0.0.1:9092")

        let words = try await Program.run("status", "--data", folder.url.path)
        let json = try await Program.run("status", "--data", folder.url.path, "--json")

        #expect(words.status == 1 && json.status == 1)
        #expect(words.output.contains("✗ case-routing"))
        let report = try JSONDecoder().decode(StatusReport.self, from: Data(json.output.utf8))
        #expect(report.bootstrapServers == "127.0.0.1:9092")
        #expect(Set(report.services.map(\.name)).isSuperset(of: UpCommand.services))
        #expect(report.services.allSatisfy { !$0.isReady })
    }

    @Test func `leaves with 2 where nothing was ever started`() async throws {
        let folder = try TemporaryFolder()

        let answer = try await Program.run("status", "--data", folder.url.path)

        #expect(answer.status == 2)
        #expect(answer.output.contains("There is no run.json in '\(folder.url.path)/'"))
    }
}
