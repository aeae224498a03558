import Contracts
import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// One whole demo, and then those who read its topics: programs that share nothing with ours, and pages as they are written.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ReadersTests {
    private static let page = Deployment.root.appending(path: "docs/reading-topics.md")
    private static let environment = Deployment.root.appending(path: ".venv/bin").path(percentEncoded: false)

    @Test(
        .enabled(if: areInstalled("kcat", "jq", "sqlite3"), "needs kcat, jq and sqlite3"),
        .enabled(
            if: PythonScript.hasLibraries("jsonschema", "pandas", "confluent_kafka", "cryptography"),
            Comment(rawValue: PythonScript.absence)))
    func `the records of a demo are as promised, are recounted and exported, and the manual works`() async throws {
        let deployment = try Deployment()
        try await deployment.running(["--demo"]) { deployment in
            try await eventually("the story is told to its end", within: .seconds(180)) {
                FileManager.default.fileExists(atPath: "\(deployment.data)/demo-played")
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
            #expect(audit.status == 0, "\(audit.output)")
            let dumped = try await dump(deployment)
            try await validate(deployment, dumped)
            try await recount(deployment, dumped)
            try await export(deployment, dumped)
            try await runPage(deployment)
            let program = Deployment.programs.appending(path: "ReadCases").path(percentEncoded: false)
            let swift = try await run(deployment, program)
            #expect(swift.status == 0 && swift.output.contains("已结案"), "\(swift.output)")
        }
    }

    @Test func `the Swift that the manual shows is the one that is built`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let shown = try #require(text.components(separatedBy: "```swift\n").last?.components(separatedBy: "```").first)
        let file = Deployment.root.appending(path: "Tests/Examples/ReadCases/ReadCases.swift")

        #expect(try shown == String(contentsOf: file, encoding: .utf8))
        #expect(shown.split(separator: "\n", omittingEmptySubsequences: false).count <= 31)
    }

    // MARK: - Readers

    /// Every topic that has our envelope, read by kcat into a file each.
    private func dump(_ deployment: Deployment) async throws -> [String: [String]] {
        let folder = deployment.folder.url.appending(path: "dump")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var dumped: [String: [String]] = [:]
        for topic in TopicCatalogue.all where !MessageCatalogue.messages(on: topic).isEmpty {
            let answer = try await run(
                deployment, "kcat", "-C", "-b", try deployment.bootstrapServers(), "-t", topic.name, "-e", "-q")
            #expect(answer.status == 0, "\(topic.name): \(answer.output)")
            guard !answer.output.isEmpty else { continue }
            try Data(answer.output.utf8).write(to: folder.appending(path: "\(topic.name).ndjson"))
            dumped[topic.name] = answer.output.split(separator: "\n").map(String.init)
        }
        // The story comes by all of these.
        for topic in [
            "reports", "case-commands", "case-events", "cases", "open-cases", "open-reference", "points-events",
            "accounts",
        ] {
            #expect(dumped["\(topic).v1"]?.isEmpty == false, "\(topic)")
        }
        return dumped
    }

    private func validate(_ deployment: Deployment, _ dumped: [String: [String]]) async throws {
        let document = deployment.folder.url.appending(path: "asyncapi.json")
        try Data(try await deployment.suishoupai("contracts").output.utf8).write(to: document)
        let folder = deployment.folder.url.appending(path: "dump")
        let arguments = [document, folder].map { $0.path(percentEncoded: false) }
        let script = PythonScript(inEnvironment: "Tests/ContractsTests/validate_records.py")
        let answer = try await script.run(arguments, input: Data())
        print(answer.output)
        #expect(answer.status == 0, "\(answer.output)")
        // Somebody who writes what the schema does not say is found.
        let file = folder.appending(path: "open-cases.v1.ndjson")
        let lines = try #require(dumped["open-cases.v1"])
        try Data(lines[0].replacing("\"reworks\":", with: "\"reworked\":").utf8).write(to: file)
        let broken = try await script.run(arguments, input: Data())
        #expect(broken.status == 1 && broken.output.contains("'reworks' is a required property"), "\(broken.output)")
    }

    private func recount(_ deployment: Deployment, _ dumped: [String: [String]]) async throws {
        let topics = ["case-events.v1", "cases.v1", "case-rates.v1", "points-events.v1", "accounts.v1"]
        let lines = topics.flatMap { dumped[$0] ?? [] }
        func recount(_ lines: [String]) async throws -> PythonScript.Answer {
            try await PythonScript("deploy/recount.py").run(input: Data(lines.joined(separator: "\n").utf8))
        }
        let whole = try await recount(lines)
        print(whole.output)
        #expect(whole.status == 0 && whole.output.contains("events of 8 cases"), "\(whole.output)")
        let index = try #require(lines.firstIndex { $0.contains("\"type\":\"case.dispatched\"") })
        var changed = lines
        changed[index] = changed[index].replacing("\"actorId\":\"d", with: "\"actorId\":\"e")
        #expect(changed != lines)
        let broken = try await recount(changed)
        #expect(broken.status == 1, "\(broken.output)")
    }

    private func export(_ deployment: Deployment, _ dumped: [String: [String]]) async throws {
        for topic in ["case-events.v1", "open-cases.v1", "points-events.v1"] {
            let target = deployment.folder.url.appending(path: "export").path(percentEncoded: false)
            let answer = try await deployment.suishoupai(
                "export", "--data", deployment.data, "--topic", topic, "--to-dir", target)
            #expect(answer.status == 0, "\(answer.output)")
            let lines = try String(contentsOfFile: "\(target)/\(topic).ndjson", encoding: .utf8).split(separator: "\n")
            #expect(lines.map(String.init).sorted() == dumped[topic]?.sorted(), "\(topic)")
            let again = try await deployment.suishoupai(
                "export", "--data", deployment.data, "--topic", topic, "--to-dir", target)
            #expect(again.status == 2 && again.output.contains("finished"), "\(again.output)")
        }
    }

    private func runPage(_ deployment: Deployment) async throws {
        let folder = deployment.folder.url.appending(path: "desk")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, target) in [("data", deployment.data), ("deploy", Deployment.root.appending(path: "deploy").path)] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path(percentEncoded: false), withDestinationPath: target)
        }
        let script = Deployment.root.appending(path: "Tests/EndToEnd/Reading/run_page.py").path(percentEncoded: false)
        let answer = try await run(
            deployment, "python3", script, Self.page.path(percentEncoded: false), folder.path(percentEncoded: false))
        print(answer.output)
        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.contains("accepted ") && answer.output.contains("as signed"))
    }

    /// Runs a program as somebody would who has our programs and the Python of the tests in PATH.
    private func run(
        _ deployment: Deployment, _ program: String, _ arguments: String...
    ) async throws -> Deployment.Answer {
        var environment = deployment.environment
        let programs = Deployment.programs.path(percentEncoded: false)
        environment["PATH"] = "\(Self.environment):\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
        environment["KAFKA_BOOTSTRAP_SERVERS"] = try deployment.bootstrapServers()
        let result = try await Subprocess.run(
            .path("/usr/bin/env"), arguments: Arguments([program] + arguments), environment: .exactly(environment),
            output: .string(limit: 64 << 20), error: .combinedWithOutput)
        guard case .exited(let status) = result.terminationStatus else {
            return Deployment.Answer(status: -1, output: result.standardOutput)
        }
        return Deployment.Answer(status: status, output: result.standardOutput)
    }
}
