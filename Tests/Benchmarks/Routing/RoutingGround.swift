import Contracts
import EventProcessing
import Foundation
import GRDB

/// A broker and one case-routing on one core, on a folder that is thrown away.
final class RoutingGround {
    let folder: URL
    let pinning: Pinning
    let pack: Pack
    private let programs: URL
    private var broker: Process?
    private var routing: Process?
    /// Held open: the programs stop by themselves when this process ends, however it ends.
    private var inputs: [Pipe] = []

    init(_ pinning: Pinning) throws {
        self.pinning = pinning
        programs = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appending(path: "suishoupai-routing-\(MessageID.random())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        pack = try Self.demoPack(programs, in: folder)
        try pinning.stepAside()
    }

    private static func demoPack(_ programs: URL, in folder: URL) throws -> Pack {
        let file = folder.appending(path: "pack.json")
        let process = Process()
        process.executableURL = programs.appending(path: "suishoupai")
        process.arguments = ["pack", "build", "deploy/packs/nanchang", "--to", file.path(percentEncoded: false)]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError.notRunning("suishoupai pack build") }
        return try ContractCoding.decode(Pack.self, from: Data(contentsOf: file))
    }

    func start() async throws {
        let data = folder.path(percentEncoded: false)
        broker = try run("embedded-broker", ["--data", data, "--log-level", "error"], on: .beside)
        try await wait(for: "the broker") { try self.address() != nil }
        routing = try run(
            "case-routing", ["serve", "--data", data, "--port", "0", "--log-level", "error"], on: .measured)
    }

    private func run(_ name: String, _ arguments: [String], on place: Pinning.Place) throws -> Process {
        let process = pinning.process(
            programs.appending(path: name), arguments + ["--stop-with-stdin"], on: place)
        let input = Pipe()
        process.standardInput = input
        inputs.append(input)
        try process.run()
        return process
    }

    func address() throws -> BrokerFile? { try BrokerFile.read(folder.appending(path: "broker.json")) }

    /// Holds case-routing as it is, and lets it go on.
    func hold() { signal(SIGSTOP) }
    func letGo() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let routing { kill(routing.processIdentifier, number) }
    }

    func stop() throws {
        letGo()
        for process in [routing, broker].compactMap({ $0 }) where process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        (routing, broker) = (nil, nil)
        try FileManager.default.removeItem(at: folder)
    }

    /// Runs a program of this folder to its end, on the core that is measured, and says what it printed.
    func measured(_ arguments: [String]) throws -> String {
        let process = pinning.process(programs.appending(path: "Benchmarks"), arguments, on: .measured)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError.notRunning("the loop alone") }
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: - Stores

    /// How far each partition has applied its commands.
    func positions() throws -> [Int64] {
        try (0..<TopicCatalogue.caseCommands.partitions).map { partition in
            try read(partition) { db in
                guard try db.tableExists("localInput") else { return 0 }
                return try Int64.fetchOne(db, sql: "SELECT \"offset\" FROM localInput") ?? 0
            } ?? 0
        }
    }

    /// Cases, and commands that were not followed, of all partitions.
    func count() throws -> (cases: Int, refusals: Int) {
        try (0..<TopicCatalogue.caseCommands.partitions).reduce((0, 0)) { sum, partition in
            let found = try read(partition) { db in
                let refused = "instr(value, CAST('\"type\":\"command.refused\"' AS BLOB)) > 0"
                return (
                    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM caseFile") ?? 0,
                    // A store of a million would be read for minutes: the last rows are the measured ones.
                    try Int.fetchOne(
                        db,
                        sql: """
                            SELECT COUNT(*) FROM outbox
                            WHERE number > (SELECT MAX(number) FROM outbox) - 20000 AND \(refused)
                            """) ?? 0
                )
            }
            return (sum.0 + (found?.0 ?? 0), sum.1 + (found?.1 ?? 0))
        }
    }

    private func read<Value>(_ partition: Int, _ body: (Database) throws -> Value) throws -> Value? {
        let path = folder.appending(path: "case-routing/\(partition).sqlite").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration).read(body)
    }

    func wait(for what: String, _ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try !condition() {
            guard ContinuousClock.now < deadline else { throw BenchmarkError.waitedInVain(for: what) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
