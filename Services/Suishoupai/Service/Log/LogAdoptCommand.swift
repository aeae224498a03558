import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import GRDB
import Logging
import ObjectStore
import ServiceKit

/// `suishoupai log adopt`.
struct LogAdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Choose, for each partition, the copy with most applied, and bring it into the cluster's log.",
        discussion: """
            Every processor must be stopped. Looks at all snapshots, and at the data folders that are given; chooses all \
            or nothing. The chosen copies go on at the beginning of the new log: readers are told what they lack, and \
            what had not been applied is sent again by those who promised it.

            Exit status: 0 when every partition is in the new log, 1 when a copy is missing, damaged or came too late \
            (nothing was changed then), 2 when the command was not understood.

            Examples:
              suishoupai log adopt --snapshots s3://city/suishoupai --dry-run
              suishoupai log adopt --snapshots /mnt/snapshots --data /mnt/host-1 --data /mnt/host-2
              suishoupai log adopt --snapshots /mnt/snapshots --begin-empty points/2
            """)

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var options: CopyOptions

    @Option(
        help: ArgumentHelp(
            "A partition that never applied anything, and so has no copy; may be given several times.",
            valueName: "processor/n"))
    var beginEmpty: [String] = []

    @Flag(help: "Only say what would be chosen.")
    var dryRun = false

    @Flag(help: "Print a JSON array.")
    var json = false

    func validate() throws {
        let known = Set(CopyOptions.partitions.map { "\($0.processor)/\($0.partition)" })
        if let stranger = beginEmpty.first(where: { !known.contains($0) }) {
            throw ValidationError("'\(stranger)' is no partition of a processor; write it like points/2.")
        }
    }

    struct Line: Codable, Equatable, Sendable {
        let store: String
        /// `adopted`, `goes-on`, `empty`, `missing` or `too-late`.
        let choice: String
        let applied: Int64
        let log: String?
        let from: String?
    }

    func run() async throws {
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let log = try await LogTarget.session(of: cluster, logger: Logger(label: "suishoupai")).log
        let place = try options.place()
        let folders = try options.folders()
        try await CopyOptions.withWorkFolder { work in
            let adoption = LogAdoption(place: place, log: log, workFolder: work)
            var choices: [(processor: String, partition: Int32, choice: AdoptionChoice)] = []
            for (processor, partition) in CopyOptions.partitions {
                let copies = try await adoption.copies(of: processor, partition, in: folders)
                choices.append((processor, partition, AdoptionChoice.choose(among: copies, for: log)))
            }
            let lines = choices.map { line("\($0.processor)/\($0.partition)", $0.choice) }
            let isPossible = lines.allSatisfy { $0.choice != "missing" && $0.choice != "too-late" }
            if isPossible, !dryRun {
                for (processor, partition, choice) in choices {
                    try await carry(out: choice, processor, partition, adoption)
                }
            }
            try tell(lines, log: log)
            guard isPossible else { throw ExitCode(1) }
        }
    }

    private func carry(
        out choice: AdoptionChoice, _ processor: String, _ partition: Int32, _ adoption: LogAdoption
    ) async throws {
        switch choice {
        case .adopt(let copy): try await Self.explaining(copy) { try await adoption.adopt(copy) }
        case .missing: try await adoption.beginEmpty(processor, partition)
        case .goesOn, .tooLate: return
        }
    }

    /// Names the copy where something is wrong with it.
    static func explaining(_ copy: PartitionCopy, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as TakeoverRefusal {
            FileHandle.standardError.write(
                Data("Error: \(copy.store), \(copy.applied) records: the copy is damaged (\(error))\n".utf8))
            throw ExitCode(1)
        }
    }

    private func line(_ store: String, _ choice: AdoptionChoice) -> Line {
        switch choice {
        case .adopt(let copy):
            Line(store: store, choice: "adopted", applied: copy.applied, log: copy.log, from: copy.origin)
        case .goesOn(let copy):
            Line(store: store, choice: "goes-on", applied: copy.applied, log: copy.log, from: copy.origin)
        case .missing where beginEmpty.contains(store):
            Line(store: store, choice: "empty", applied: 0, log: nil, from: nil)
        case .missing:
            Line(store: store, choice: "missing", applied: 0, log: nil, from: nil)
        case .tooLate(_, let copy):
            Line(store: store, choice: "too-late", applied: copy.applied, log: copy.log, from: copy.origin)
        }
    }

    private func tell(_ lines: [Line], log: String) throws {
        guard !json else { return print(try ContractCoding.text(lines)) }
        for line in lines {
            let from = line.from.map { " from \($0)" } ?? ""
            switch line.choice {
            case "adopted":
                print("✓ \(line.store): \(line.applied) records\(from) \(dryRun ? "would go" : "go") on in log \(log)")
            case "goes-on": print("• \(line.store): goes on in log \(log) already, \(line.applied) records")
            case "empty": print("✓ \(line.store): \(dryRun ? "would begin" : "begins") empty")
            case "missing":
                print(
                    "✗ \(line.store): no copy. Offer it from its host ('suishoupai log offer'), or, if it never applied "
                        + "anything, say --begin-empty \(line.store)")
            default:
                print(
                    "✗ \(line.store): goes on in log \(log) from an older copy, and the one\(from) knew more "
                        + "(\(line.applied) records): the two contradict each other")
            }
        }
    }
}

extension PartitionCopy {
    /// Where it lies, as people say it.
    var origin: String {
        switch place {
        case .file(let url): url.path(percentEncoded: false)
        case .snapshot(let name): "snapshot \(name.applied) of log \(name.log)"
        }
    }
}
