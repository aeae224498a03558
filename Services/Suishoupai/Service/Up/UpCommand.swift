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
              suishoupai up --data ./data --kafka kafka-1:9092 --replication 3
            """)

    @Option(help: "The data folder; made where there is none.")
    var data: String

    @Option(help: "The folder of the pack to put in force; without it, the pack of the last start stays.")
    var pack: String?

    @Option(help: "The port of the portal.")
    var port = 8080

    @Option(help: "The port of report-intake; 0 lets the system choose.")
    var intakePort = 0

    @Option(
        help: ArgumentHelp(
            "Bootstrap servers of a Kafka cluster, instead of the embedded broker (default: KAFKA_BOOTSTRAP_SERVERS). "
                + "Security, properties and the topic prefix come from KAFKA_… variables.",
            valueName: "host:port,…"))
    var kafka: String?

    @Option(
        help: ArgumentHelp(
            "On a cluster, first make the topics that are missing, each kept on so many brokers; without it they must "
                + "be there.", valueName: "n"))
    var replication: Int?

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
        try checkLayout(folder)
        let broker = try broker(folder)
        let pack = try choosePack(folder)
        _ = try DataFolderKey.load(.jwt, in: folder.url)
        let console = Console(isQuiet: quiet)
        let runFile = RunFile(folder.runFile, scrapeFile: folder.scrapeFile)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        try await makeTopics(broker, folder, console: console, logger: logger)
        runFile.setShared(
            kafka: broker.cluster?.bootstrapServers, topicPrefix: broker.topicPrefix, snapshots: snapshotPlace(folder))
        let keepers = try children(folder, broker: broker, counts: counts).map {
            ChildKeeper(child: $0, runFile: runFile, console: console, http: http)
        }
        let brokers: [any Service] = keepers.filter(\.child.isBroker)
        let services = ChildGroup(keepers: keepers.filter { !$0.child.isBroker })
        let welcome = Welcome(folder: folder, pack: pack, playsDemo: demo, http: http, console: console)
        let conductor = Conductor(
            folder: folder, runFile: runFile, console: console, broker: broker, pack: pack,
            awaited: Self.services, afterwards: welcome.greet, logger: logger)
        do {
            // Stopped in reverse order: what services say last, the broker still hears.
            try await ServiceRunner.run(brokers + [services, conductor], logger: logger)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
        console.done("stopped; start again to go on")
    }

    private func broker(_ folder: DataFolder) throws -> DeploymentBroker {
        if let cluster = try DeploymentBroker.cluster(kafka) { return cluster }
        guard replication == nil else {
            throw ValidationError("--replication is for a cluster: name one with --kafka or KAFKA_BOOTSTRAP_SERVERS.")
        }
        return DeploymentBroker.embedded(folder)
    }

    private func makeTopics(
        _ broker: DeploymentBroker, _ folder: DataFolder, console: Console, logger: Logger
    ) async throws {
        guard let replication, let settings = broker.cluster else { return }
        // Stores that are there already belong to a log before: who has no copy must not begin anew then.
        let making = TopicMaking(
            settings: settings, topicPrefix: broker.topicPrefix, replication: replication,
            isFirst: try StoreShelf(folder).processors.isEmpty, logger: logger)
        let outcome = try await making.run()
        for line in outcome.lines where line.state != .there { console.plain(line.text) }
        guard outcome.log != nil else {
            throw ValidationError("The cluster's topics are not as they must be: see 'suishoupai topics list'.")
        }
    }

    /// Written so that it means the same in every folder.
    private func snapshotPlace(_ folder: DataFolder) -> String {
        guard let snapshots else { return folder.url.appending(path: "snapshots").path(percentEncoded: false) }
        guard !snapshots.contains("://") else { return snapshots }
        return URL(filePath: snapshots).absoluteURL.path(percentEncoded: false)
    }

    private func takeLock(_ folder: DataFolder) throws -> LockFile {
        do {
            return try LockFile(folder.url.appending(path: "up.lock"))
        } catch is StoreError {
            throw ValidationError(
                "'\(folder.path)' is in use: another 'suishoupai up' runs on it. Stop that one first.")
        }
    }

    /// A service that looks for its stores where they never were would begin anew beside them.
    private func checkLayout(_ folder: DataFolder) throws {
        let isTogether = folder.hasStores(of: Self.services)
        let isApart = try folder.hosts().contains { $0.hasStores(of: Self.services) }
        if isApart, !isTogether, !ownFolders {
            throw ValidationError(
                "'\(folder.path)' was begun with --own-folders: give it again, or bring the stores into one folder with "
                    + "'suishoupai backup' and 'suishoupai restore --one-folder'.")
        }
        if isTogether, !isApart, ownFolders {
            throw ValidationError("'\(folder.path)' was begun without --own-folders: leave it out.")
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

    /// What portal must know to serve pages on this machine.
    private func frontEnvironment(_ folder: DataFolder, _ broker: DeploymentBroker) -> [String: String] {
        let said = DeploymentBroker.environment
        var environment = [
            "SUISHOUPAI_PORTAL_INTAKE": said["SUISHOUPAI_PORTAL_INTAKE"]
                ?? folder.url.appending(path: "run/report-intake-1.json").path(percentEncoded: false)
        ]
        // Anybody may be anybody only where nobody but this machine's user comes, and nobody is to be checked.
        let isAlone =
            broker.cluster == nil
            && ["OIDC_ISSUER", "SUISHOUPAI_JWT_JWKS", "SUISHOUPAI_HTTP_HOST"].allSatisfy { said[$0] == nil }
        if isAlone, said["SUISHOUPAI_PORTAL_TRIAL"] == nil { environment["SUISHOUPAI_PORTAL_TRIAL"] = "true" }
        return environment
    }

    private func children(
        _ folder: DataFolder, broker: DeploymentBroker, counts: [String: Int]
    ) throws -> [ChildProgram] {
        let executables = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        var environment = [
            "WEBHOOK_ALLOW_PRIVATE": "loopback",
            "SUISHOUPAI_SNAPSHOTS": snapshotPlace(folder),
            // Every instance of intake must find the same photos and voice notes, whichever folder its store lies in.
            "INTAKE_PHOTOS": DeploymentBroker.environment["INTAKE_PHOTOS"] ?? folder.path,
            // So must portal, which seals people's addresses, and notifications, which open them, the same keys.
            "PERSON_KEYS": DeploymentBroker.environment["PERSON_KEYS"] ?? folder.path,
        ]
        var children: [ChildProgram] = []
        if let cluster = broker.cluster {
            // What else they need to know of it they read from the same environment as this command.
            environment["KAFKA_BOOTSTRAP_SERVERS"] = cluster.bootstrapServers
        } else {
            children.append(.broker(in: folder, executables: executables))
            if ownFolders {
                environment["SUISHOUPAI_BROKER_FILE"] = folder.brokerFile.path(percentEncoded: false)
                // This broker forgets after a few megabytes; whoever takes over must find a copy that its log still
                // reaches.
                environment["SUISHOUPAI_SNAPSHOT_KILOBYTES"] = "700"
            }
        }
        for name in Self.services {
            for replica in 1...(counts[name] ?? 1) {
                let wanted = name == "portal" ? port : name == "report-intake" ? intakePort : 0
                children.append(
                    .service(
                        name, replica: replica, port: replica == 1 ? wanted : 0, in: folder,
                        storesIn: ownFolders ? try host(replica, in: folder) : folder, executables: executables,
                        environment: name == "portal"
                            ? environment.merging(frontEnvironment(folder, broker)) { $1 } : environment))
            }
        }
        return children
    }
}
