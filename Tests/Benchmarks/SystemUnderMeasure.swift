import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import GRDB
import NIOCore
import NIOHTTP1
import Synchronization

/// The whole system, run by `suishoupai up` on a folder that is thrown away.
final class SystemUnderMeasure: Sendable {
    private let data: URL
    private let programs: URL

    init() throws {
        programs = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        data = FileManager.default.temporaryDirectory.appending(path: "suishoupai-benchmark-\(MessageID.random())")
    }

    func running(_ body: () async throws -> Void) async throws {
        let process = Process()
        process.executableURL = programs.appending(path: "suishoupai")
        process.arguments = [
            "up", "--data", data.path(percentEncoded: false), "--pack", "deploy/packs/nanchang", "--port", "0",
            "--quiet",
        ]
        try process.run()
        supervisor.withLock { $0 = process.processIdentifier }
        do {
            try await waitUntilUp(process)
            try await body()
        } catch {
            stop(process)
            throw error
        }
        stop(process)
        try FileManager.default.removeItem(at: data)
    }

    private func stop(_ process: Process) {
        process.interrupt()
        process.waitUntilExit()
    }

    private struct RunFile: Codable {
        struct Entry: Codable {
            let url: String?
            let pid: Int32
        }

        let bootstrapServers: String?
        let services: [String: Entry]
    }

    private let supervisor = Mutex<Int32>(0)

    private func runFile() throws -> RunFile? {
        let file = data.appending(path: "run.json")
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return nil }
        return try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file))
    }

    func bootstrapServers() throws -> String { try runFile()?.bootstrapServers ?? "" }

    private func url(of service: String) throws -> String {
        guard let url = try runFile()?.services[service]?.url else { throw BenchmarkError.notRunning(service) }
        return url
    }

    private func waitUntilUp(_ process: Process) async throws {
        while try runFile()?.services["portal"]?.url == nil || count("packInForce") < 4 {
            guard process.isRunning else { throw BenchmarkError.notRunning("suishoupai up") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: - Stores

    /// The rows of a table in all stores of a service; a store that is just being made has none.
    private func count(
        _ table: String, where condition: String = "TRUE", in folder: String = "case-routing",
        files: Range<Int> = 0..<4
    ) throws -> Int {
        try files.reduce(0) { total, number in
            let path = data.appending(path: "\(folder)/\(number).sqlite").path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: path) else { return total }
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let store = try DatabaseQueue(path: path, configuration: configuration)
            return total
                + (try store.read { db in
                    guard try db.tableExists(table) else { return 0 }
                    return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table) WHERE \(condition)") ?? 0
                })
        }
    }

    private func unanswered() throws -> Int {
        try count("edgeOutbox", where: "state < 2", in: "report-intake", files: 1..<2)
    }

    private func events() throws -> Int {
        try count("outbox", where: "topic = 'case-events.v1'")
    }

    /// Waits until every report has its answer.
    func waitUntilQuiet() async throws {
        while try unanswered() > 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    // MARK: - Measures

    private func token(_ role: String, _ subject: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = programs.appending(path: "suishoupai")
        process.arguments = [
            "token", "--data", data.path(percentEncoded: false), "--role", role, "--subject", subject,
        ]
        process.standardOutput = pipe
        try process.run()
        process.waitUntilExit()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func intakeLoad() throws -> PostLoad {
        PostLoad(url: try url(of: "report-intake") + "/v1/reports", token: try token("platform", "platform-bench"))
    }

    func intake() throws -> LongStream.Intake {
        guard let entry = try runFile()?.services["report-intake"], let url = entry.url else {
            throw BenchmarkError.notRunning("report-intake")
        }
        return LongStream.Intake(url: url, pid: entry.pid, token: try token("platform", "platform-bench"))
    }

    /// Where reports are sent and portal is asked.
    func doors() throws -> ListenersBenchmark.Doors {
        guard let portal = try runFile()?.services["portal"], let address = portal.url else {
            throw BenchmarkError.notRunning("portal")
        }
        return ListenersBenchmark.Doors(
            intake: try url(of: "report-intake"), platform: try token("platform", "platform-bench"), portal: address,
            portalPID: portal.pid, rider: try token("rider", "rider-bench"), desk: try token("dispatcher", "desk-bench")
        )
    }

    /// Accepted reports in a second, each synced to disk before its answer, while all else goes on with them.
    func measureIntake(posts: Int) async throws -> Double {
        try await intakeLoad().run(posts: posts)
    }

    /// What intake does with the machine to itself and the broker.
    struct IntakeAlone {
        let posts: Double
        /// What the bare server did of the same.
        let ceiling: Double
        /// How many of the bare server's requests each report counts for.
        let share: Double
        /// How long each took at half that load, in milliseconds.
        let latencies: [Double]
        let lines: Double
    }

    /// Intake and the bare server in turns, since a machine is not always equally fast; the middle one of each counts, and
    /// of their shares in each turn.
    func measureIntakeAlone(reports: Int) async throws -> IntakeAlone {
        let load = try intakeLoad()
        let others = try runFile()?.services.filter { !["report-intake", "embedded-broker"].contains($0.key) }
        // The supervisor first, so that it does not start again what stands still.
        let pids = [supervisor.withLock { $0 }] + (others ?? [:]).values.map(\.pid)
        for pid in pids { kill(pid, SIGSTOP) }
        defer { for pid in pids.reversed() { kill(pid, SIGCONT) } }
        var (rates, ceilings): ([Double], [Double]) = ([], [])
        // Nobody takes the reports away meanwhile, and beyond its backlog intake refuses more.
        let posts = max(reports * 3 / 5, 1)
        for _ in 0..<5 {
            ceilings.append(try await BareServer.measure(posts: posts))
            rates.append(try await load.run(posts: posts))
        }
        let latencies = try await load.latencies(posts: reports / 2, rate: rates.middle / 2)
        return IntakeAlone(
            posts: rates.middle, ceiling: ceilings.middle, share: zip(rates, ceilings).map { $0 / $1 }.middle,
            latencies: latencies, lines: try await measureStream(lines: reports))
    }

    /// Reports in a second through the stream.
    private func measureStream(lines: Int) async throws -> Double {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        var request = HTTPClientRequest(url: try url(of: "report-intake") + "/v1/reports/stream")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(try token("platform", "platform-bench"))")
        request.headers.add(name: "Content-Type", value: "application/x-ndjson")
        let body = (1...lines).map { SampleReport.json($0) }.joined(separator: "\n") + "\n"
        request.body = .bytes(ByteBuffer(string: body))
        let begin = ContinuousClock.now
        let response = try await http.execute(request, timeout: .seconds(300))
        _ = try await response.body.collect(upTo: 256 << 20)
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        try await http.shutdown()
        return Double(lines) / seconds
    }

    /// Case events made in a second while reports wait to be routed.
    func measureRouting(reports: Int) async throws -> Double {
        let before = try events()
        let begin = ContinuousClock.now
        _ = try await measureStream(lines: reports)
        try await waitUntilQuiet()
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        return Double(try events() - before) / seconds
    }

    /// From the POST to the case, and from the filing to the promised points in the rider's inbox, in milliseconds.
    func measureLatencies(samples: Int) async throws -> [(String, [Double])] {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let result: [(String, [Double])]
        do {
            result = try await LatencyProbe(
                http: http, intake: try url(of: "report-intake"), portal: try url(of: "portal"),
                dispatcher: try token("admin", "admin-bench"), token: { try self.token("rider", $0) }
            ).measure(samples: samples)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
        return result
    }
}
