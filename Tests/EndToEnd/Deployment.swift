import AsyncHTTPClient
import Contracts
import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// The whole system as `suishoupai up` runs it, on a folder of its own, for one test.
final class Deployment: Sendable {
    let folder: TemporaryFolder
    let pack: URL
    /// The data folder.
    let data: String
    /// Whether it goes on with the pack that its data folder keeps.
    private let keepsPack: Bool
    /// The program's own client, which nobody has to shut down: a test that fails must not end the others.
    let http = HTTPClient.shared
    /// What its programs find in their environment: nothing of a broker or of shared files but what the test gives them.
    let environment: [String: String]
    private let supervisor = Mutex<Int32?>(nil)

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of the programs that were built with the tests, or of those that `TEST_PROGRAMS` names.
    static let programs =
        ProcessInfo.processInfo.environment["TEST_PROGRAMS"].map { URL(filePath: $0, directoryHint: .isDirectory) }
        ?? URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()

    init(
        pack: URL = Deployment.root.appending(path: "deploy/packs/nanchang"), environment: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        data = folder.url.appending(path: "data").path(percentEncoded: false)
        self.pack = pack
        keepsPack = false
        self.environment = Self.plainEnvironment.merging(environment) { $1 }
    }

    /// A deployment that goes on with a data folder of an earlier one.
    init(goingOnWith data: URL, environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        self.data = data.path(percentEncoded: false)
        pack = data.appending(path: "pack.json")
        keepsPack = true
        self.environment = Self.plainEnvironment.merging(environment) { $1 }
    }

    static var plainEnvironment: [String: String] {
        ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("KAFKA_") && !$0.key.hasPrefix("SUISHOUPAI_")
        }
    }

    /// Runs the system while the body runs; all its processes are gone afterwards, whatever happened.
    ///
    /// - Parameter words: What it is to say before the body runs; nil waits until everything is up.
    func running<Result: Sendable>(
        _ options: [String] = [], saying words: String? = nil,
        _ body: @Sendable @escaping (Deployment) async throws -> Result
    ) async throws -> Result {
        let log = try FileDescriptor.open(
            FilePath(folder.url.appending(path: "up.log").path(percentEncoded: false)), .writeOnly,
            options: [.create, .append], permissions: .ownerReadWrite)
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
        let outcome = try await Subprocess.run(
            .path(FilePath(Self.programs.appending(path: "suishoupai").path(percentEncoded: false))),
            arguments: Arguments(
                ["up", "--data", data, "--port", "0"]
                    + (keepsPack ? [] : ["--pack", pack.path(percentEncoded: false)]) + options),
            environment: .exactly(environment), platformOptions: platform, input: .none,
            output: .fileDescriptor(log, closeAfterSpawningProcess: true),
            error: .combinedWithOutput
        ) { [platform] execution in
            supervisor.withLock { $0 = execution.processIdentifier.value }
            let result: Swift.Result<Result, any Error>
            do {
                if let words { try await waitUntilSaid(words) } else { try await waitUntilUp() }
                result = .success(try await body(self))
            } catch {
                result = .failure(error)
            }
            await execution.teardown(using: platform.teardownSequence)
            return result
        }
        do {
            return try outcome.closureResult.get()
        } catch {
            print(logs())
            throw error
        }
    }

    private func waitUntilSaid(_ words: String) async throws {
        let log = folder.url.appending(path: "up.log")
        try await eventually("up says '\(words)'") { try String(contentsOf: log, encoding: .utf8).contains(words) }
    }

    private func waitUntilUp() async throws {
        try await eventually("every service is up and the pack is in force", within: .seconds(90)) {
            guard try readRunFile()["portal"]?.url != nil, try readRunFile()["report-intake"]?.url != nil else {
                return false
            }
            let log = try String(contentsOf: folder.url.appending(path: "up.log"), encoding: .utf8)
            return log.contains("is in force everywhere") && log.contains("✓ portal at")
        }
    }

    // MARK: - What runs

    struct Entry: Codable, Sendable {
        let url: String?
        let pid: Int32
    }

    private struct RunFile: Codable {
        let bootstrapServers: String?
        let services: [String: Entry]
        let replicas: [String: Entry]
    }

    /// Every process by its name, such as `case-routing-2`.
    func readReplicas() throws -> [String: Entry] {
        let file = URL(filePath: data).appending(path: "run.json")
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return [:] }
        let contents = try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file))
        return contents.services.merging(contents.replicas) { first, _ in first }
    }

    func readRunFile() throws -> [String: Entry] {
        let file = URL(filePath: data).appending(path: "run.json")
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return [:] }
        return try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file)).services
    }

    func bootstrapServers() throws -> String {
        let file = URL(filePath: data).appending(path: "run.json")
        return try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file)).bootstrapServers ?? ""
    }

    func url(of service: String) async throws -> String {
        try await eventually("\(service) has an address", within: .seconds(60)) { try readRunFile()[service]?.url }
    }

    /// Kills a service as a power cut would, and returns its process id.
    @discardableResult
    func killNine(_ service: String) async throws -> Int32 {
        let entry = try await eventually("\(service) runs", within: .seconds(60)) { try readRunFile()[service] }
        kill(entry.pid, SIGKILL)
        return entry.pid
    }

    /// Kills `suishoupai up` itself; all that it started notices, and ends.
    func killSupervisor() {
        supervisor.withLock { pid in
            if let pid { kill(pid, SIGKILL) }
            pid = nil
        }
    }

    /// Stops a service where it stands while the body runs.
    ///
    /// And `suishoupai up` with it, which else starts anew what does not answer for so long.
    func stopping<Result>(_ service: String, _ body: () async throws -> Result) async throws -> Result {
        guard let entry = try readRunFile()[service] else { throw Missing(service: service) }
        let pids = (supervisor.withLock { $0 }).map { [$0, entry.pid] } ?? [entry.pid]
        for pid in pids { kill(pid, SIGSTOP) }
        defer { for pid in pids.reversed() { kill(pid, SIGCONT) } }
        return try await body()
    }

    /// Takes a service's process and its whole folder away, before `suishoupai up` can start it anew.
    func losing(_ service: String) throws {
        guard let entry = try readRunFile()[service] else { throw Missing(service: service) }
        let keeper = supervisor.withLock { $0 }
        if let keeper { kill(keeper, SIGSTOP) }
        defer { if let keeper { kill(keeper, SIGCONT) } }
        kill(entry.pid, SIGKILL)
        try FileManager.default.removeItem(atPath: "\(data)/\(service)")
    }

    struct Missing: Error {
        let service: String
    }

    // MARK: - The operator's command

    struct Answer: Sendable {
        let status: Int32
        let output: String
    }

    func suishoupai(_ arguments: String...) async throws -> Answer {
        try await Self.suishoupai(arguments, environment: environment)
    }

    static func suishoupai(
        _ arguments: [String], environment: [String: String] = plainEnvironment
    ) async throws -> Answer {
        let result = try await Subprocess.run(
            .path(FilePath(programs.appending(path: "suishoupai").path(percentEncoded: false))),
            arguments: Arguments(arguments), environment: .exactly(environment), output: .string(limit: 64 << 20),
            error: .combinedWithOutput)
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Answer(status: status, output: result.standardOutput)
    }

    func token(_ role: String, _ subject: String) async throws -> String {
        try await suishoupai("token", "--data", data, "--role", role, "--subject", subject).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The last lines of every log, for the report of a test that failed.
    func logs() -> String {
        let folder = URL(filePath: data).appending(path: "logs")
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
        } catch {
            return "the logs cannot be listed: \(error)"
        }
        let files = [self.folder.url.appending(path: "up.log")] + names.map { folder.appending(path: $0) }
        let texts = files.map { file in
            do {
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
                    !$0.contains("\"level\":\"info\"") && !$0.contains("\"level\":\"debug\"")
                }
                return "== \(file.lastPathComponent)\n" + lines.suffix(25).joined(separator: "\n")
            } catch {
                return "== \(file.lastPathComponent) cannot be read: \(error)"
            }
        }
        return texts.joined(separator: "\n")
    }
}
