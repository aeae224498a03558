import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import ObjectStore

/// `suishoupai log …`: when a cluster has lost everything.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Bring the stores into the log of a cluster that took the place of a lost one.",
        discussion: """
            On one machine none of this is needed: stores go on by themselves. On a cluster each host has copies, some \
            older than others, and every processor waits until somebody has chosen:

              1. Stop every processor.
              2. suishoupai topics create --after-loss          (on the new cluster)
              3. suishoupai log offer --data D --snapshots S    (on every host, or give all folders in step 4)
              4. suishoupai log adopt --snapshots S
              5. Start everything.
            """,
        subcommands: [LogOfferCommand.self, LogAdoptCommand.self])
}

/// Where the snapshots lie, and the data folders to look into.
struct CopyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where snapshots of stores lie.", valueName: "folder or s3://bucket/prefix"))
    var snapshots: String

    @Option(help: "A data folder; may be given several times.")
    var data: [String] = []

    func place() throws -> any ObjectStore {
        do {
            return try ObjectPlace(text: snapshots, environment: ProcessInfo.processInfo.environment).open()
        } catch let error as ObjectStoreError {
            throw ValidationError("\(error)")
        }
    }

    /// The folders, and those of the hosts in them.
    func folders() throws -> [URL] {
        try data.flatMap { path in
            let folder = DataFolder(path)
            guard FileManager.default.fileExists(atPath: folder.path) else {
                throw ValidationError("There is no folder '\(path)'.")
            }
            return try ([folder] + folder.hosts()).map(\.url)
        }
    }

    /// Runs the body with a folder for what is on its way.
    static func withWorkFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "suishoupai-log-\(MessageID.random())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(folder))
        } catch {
            outcome = .failure(error)
        }
        try FileManager.default.removeItem(at: folder)
        return try outcome.get()
    }

    /// Every partition of every processor.
    static var partitions: [(processor: String, partition: Int32)] {
        TopicCatalogue.processors.flatMap { processor in
            let topic = TopicCatalogue.all.first { $0.kind == .commands && $0.writers.contains(processor) }
            return (0..<Int32(topic?.partitions ?? 0)).map { (processor, $0) }
        }
    }
}

/// `suishoupai log offer`.
struct LogOfferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer",
        abstract: "Put this host's copies of the stores where 'log adopt' finds them.",
        discussion: """
            The processors of this host must be stopped. Copies that lie there already are left as they are.

            Exit status: 0 when all copies of the folder lie there, 1 when one is damaged, 2 when the command was not \
            understood.

            Examples:
              suishoupai log offer --data /var/lib/suishoupai --snapshots s3://city/suishoupai
            """)

    @OptionGroup var options: CopyOptions

    func validate() throws {
        guard !options.data.isEmpty else { throw ValidationError("Name the data folder of this host (--data).") }
    }

    func run() async throws {
        let place = try options.place()
        let folders = try options.folders()
        try await CopyOptions.withWorkFolder { work in
            let adoption = LogAdoption(place: place, log: "", workFolder: work)
            for (processor, partition) in CopyOptions.partitions {
                for copy in try await adoption.copies(of: processor, partition, in: folders) {
                    guard case .file = copy.place else { continue }
                    try await LogAdoptCommand.explaining(copy) { try await adoption.offer(copy) }
                    print("✓ \(copy.store): \(copy.applied) records of log \(copy.log)")
                }
            }
        }
    }
}
