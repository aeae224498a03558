import ArgumentParser
import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import PackFolder
import ServiceKit
import ServiceLifecycle

/// `suishoupai up`: everything on one machine, under one supervisor.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run every service on this machine until Ctrl-C.",
        discussion: """
            Starts the embedded broker (or uses a Kafka cluster) and all services, starts again what dies, and writes \
            where everything is to run.json in the data folder. Started again on the same folder, it goes on where it \
            stopped.

            Examples:
              suishoupai up --data ./data --pack deploy/packs/nanchang --demo
              suishoupai up --data ./data --replicas case-routing=3
              suishoupai up --data ./data --kafka kafka-1:9092
            """)

    @Option(help: "The data folder; made where there is none.")
    var data: String

    @Option(help: "The folder of the pack to put in force; without it, the pack of the last start stays.")
    var pack: String?

    @Option(help: "The port of the portal.")
    var port = 8080

    @Option(help: "The port of report-intake; 0 lets the system choose.")
    var intakePort = 0

    @Option(help: "Bootstrap servers of a Kafka cluster, instead of the embedded broker.")
    var kafka: String?

    @Option(help: "More processes of a service, such as case-routing=3; may be given several times.")
    var replicas: [String] = []

    @Flag(
        help: "Give each replica a data folder of its own, as on different hosts: host-1, host-2, … in the data folder."
    )
    var ownFolders = false

    @Option(
        help: "Where snapshots of stores go: a folder or s3://bucket/prefix; default: snapshots in the data folder.")
    var snapshots: String?

    @Flag(help: "Play a short morning of riders and staff, once per data folder.")
    var demo = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    static let services = ["case-routing", "points", "notifications", "report-intake", "portal"]

    func run() async throws {
        let folder = DataFolder(data)
        let counts = try replicaCounts()
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let lock = try takeLock(folder)
        defer { withExtendedLifetime(lock) {} }
        let pack = try choosePack(folder)
        _ = try DataFolderKey.load(.jwt, in: folder.url)
        let console = Console(isQuiet: quiet)
        let runFile = RunFile(folder.runFile)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let keepers = try children(folder, counts: counts).map {
            ChildKeeper(child: $0, runFile: runFile, console: console, http: http)
        }
        let welcome = Welcome(folder: folder, pack: pack, playsDemo: demo, http: http, console: console)
        let conductor = Conductor(
            folder: folder, runFile: runFile, console: console,
            broker: kafka.map { KafkaSettings(bootstrapServers: $0, clientID: "suishoupai") }, pack: pack,
            awaited: Self.services, afterwards: welcome.greet, logger: logger)
        do {
            try await ServiceRunner.run(keepers + [conductor], logger: logger)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
        console.done("stopped; start again to go on")
    }

    private func takeLock(_ folder: DataFolder) throws -> LockFile {
        do {
            return try LockFile(folder.url.appending(path: "up.lock"))
        } catch is StoreError {
            throw ValidationError(
                "'\(folder.path)' is in use: another 'suishoupai up' runs on it. Stop that one first.")
        }
    }

    private func replicaCounts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for text in replicas {
            let sides = text.split(separator: "=")
            guard sides.count == 2, Self.services.contains(String(sides[0])), let count = Int(sides[1]), count >= 1
            else {
                throw ValidationError(
                    "'\(text)' is no number of replicas; write SERVICE=N with one of "
                        + Self.services.joined(separator: ", "))
            }
            counts[String(sides[0])] = count
        }
        return counts
    }

    /// The pack that was asked for, which is remembered, or the one remembered.
    private func choosePack(_ folder: DataFolder) throws -> Pack? {
        if let pack {
            let loaded = try PackFolder.load(URL(filePath: pack, directoryHint: .isDirectory))
            try folder.keep(loaded)
            return loaded
        }
        return try folder.keptPack()
    }

    /// The folder of the n-th host; the keys, which all share, are the deployment's.
    private func host(_ number: Int, in folder: DataFolder) throws -> DataFolder {
        let host = DataFolder(folder.url.appending(path: "host-\(number)").path(percentEncoded: false))
        try FileManager.default.createDirectory(at: host.url, withIntermediateDirectories: true)
        let keys = host.url.appending(path: "keys").path(percentEncoded: false)
        if !FileManager.default.fileExists(atPath: keys) {
            try FileManager.default.createSymbolicLink(atPath: keys, withDestinationPath: "../keys")
        }
        return host
    }

    private func children(_ folder: DataFolder, counts: [String: Int]) throws -> [ChildProgram] {
        let executables = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        var environment = [
            "WEBHOOK_ALLOW_PRIVATE": "loopback",
            "SUISHOUPAI_SNAPSHOTS": snapshots ?? folder.url.appending(path: "snapshots").path(percentEncoded: false),
        ]
        if ownFolders {
            environment["SUISHOUPAI_BROKER_FILE"] = folder.brokerFile.path(percentEncoded: false)
            // The broker forgets after a few megabytes; whoever takes over must find a copy that its log still reaches.
            environment["SUISHOUPAI_SNAPSHOT_KILOBYTES"] = "700"
        }
        var children: [ChildProgram] = []
        if let kafka {
            environment["KAFKA_BOOTSTRAP_SERVERS"] = kafka
        } else {
            children.append(.broker(in: folder, executables: executables))
        }
        for name in Self.services {
            for replica in 1...(counts[name] ?? 1) {
                let wanted = name == "portal" ? port : name == "report-intake" ? intakePort : 0
                children.append(
                    .service(
                        name, replica: replica, port: replica == 1 ? wanted : 0, in: folder,
                        storesIn: ownFolders ? try host(replica, in: folder) : folder, executables: executables,
                        environment: environment))
            }
        }
        return children
    }
}
