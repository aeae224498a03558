import ArgumentParser
import Contracts
import Foundation
import Logging
import ServiceKit

/// `suishoupai skip`: one record is taken out of its processor's way.
struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Take one record of a command topic out of its processor's way.",
        discussion: """
            For a record at which a partition stands still: one that ends the process each time, or is stamped far \
            ahead. The processor puts it aside undecided: it becomes a dead letter, its sender is told that it failed, \
            and the same command sent once more does nothing. The partition goes on within seconds, without a restart, \
            and the letter counts as dealt with.

            A skip belongs to the log that the record lies in, as its offset does. When the embedded broker starts \
            anew, both are gone; what is sent again there gets another offset and may have to be skipped again.

            Exit status: 0 when the skip is written, 1 when there is no such record or it is applied already, 2 when \
            the command was not understood or nothing runs.

            Examples:
              suishoupai skip --data ./data --topic case-commands.v1 --partition 3 --offset 4711 \
            --reason "ends the process, ticket 12"
              KAFKA_BOOTSTRAP_SERVERS=kafka:9092 suishoupai skip --topic points-commands.v1 --partition 0 --offset 9 \
            --reason "stamped a year ahead" --json
            """)

    @OptionGroup var target: LogTarget

    @Option(help: "A command topic, by its name in the catalogue.")
    var topic: String

    @Option(help: ArgumentHelp("The partition, counted from 0.", valueName: "n"))
    var partition: Int

    @Option(help: ArgumentHelp("The record's offset, as the log of its processor names it.", valueName: "n"))
    var offset: Int64

    @Option(help: "Why, for whoever reads the control topic later.")
    var reason: String

    @Flag(help: "Print a JSON object.")
    var json = false

    private static var topics: [Topic] { TopicCatalogue.all.filter { $0.kind == .commands } }

    func validate() throws {
        guard let found = Self.topics.first(where: { $0.name == topic }) else {
            throw ValidationError(
                "'\(topic)' is no command topic; choose from \(Self.topics.map(\.name).joined(separator: ", ")).")
        }
        guard (0..<found.partitions).contains(partition) else {
            throw ValidationError(
                "'\(topic)' has the partitions 0 to \(found.partitions - 1), there is no \(partition).")
        }
        guard offset >= 0 else { throw ValidationError("--offset must be 0 or more.") }
        guard !reason.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            throw ValidationError("--reason must say why.")
        }
    }

    func run() async throws {
        guard let found = TopicCatalogue.topic(named: topic) else { return }
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let skip = Skip(session: try await target.session(logger: logger), logger: logger)
        do {
            let skipped = try await skip.write(
                topic: found, partition: Int32(partition), offset: offset, reason: reason
            ) { envelope in
                guard let data = target.data else { return }
                try await LetterDesk(folder: DataFolder(data), logger: logger).note(envelope)
            }
            print(json ? try ContractCoding.text(skipped) : skipped.line)
        } catch let refusal as Skip.Refusal {
            FileHandle.standardError.write(Data("Error: \(refusal)\n".utf8))
            throw ExitCode(1)
        }
    }
}
