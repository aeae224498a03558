import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Logging
import ServiceKit

/// `suishoupai replay`: records of a topic are published once more.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Publish records of a topic once more, from the stores that wrote them.",
        discussion: """
            For readers that lost what they had read. Each store says its own part again, word for word: the same ids, \
            the same rows. Readers of ours pass over what they know. Nothing is stopped meanwhile.

            With --states only the last record of each key is published: the states as they stand. Without --topic \
            that is done for every topic of states.

            Exit status: 0 when every partition has said that it is done, 1 when one has not (the same command again \
            begins anew, which does no harm), 2 when the command was not understood or nothing runs.

            Examples:
              suishoupai replay --data ./data --topic case-events.v1 --from 2026-11-23T00:00:00Z --to 2026-11-24T00:00:00Z
              suishoupai replay --data ./data --states
              KAFKA_BOOTSTRAP_SERVERS=kafka:9092 suishoupai replay --topic points-events.v1 --json
            """)

    @OptionGroup var target: LogTarget

    @Option(help: "The topic, by its name in the catalogue: one of events or states that a processor writes.")
    var topic: String?

    @Option(help: ArgumentHelp("Only records of this time or later (RFC 3339).", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Only records before this time (RFC 3339).", valueName: "time"))
    var to: String?

    @Flag(help: "Only the last record of each key.")
    var states = false

    @Option(help: ArgumentHelp("How long to wait without hearing of any partition.", valueName: "seconds"))
    var wait = 60

    @Flag(help: "Print a JSON array with a line for each partition.")
    var json = false

    static var choices: [Topic] {
        TopicCatalogue.all.filter { topic in
            (topic.kind == .events || topic.kind == .states)
                && topic.writers.allSatisfy(TopicCatalogue.processors.contains)
                && !topic.name.contains("dead-letters")
        }
    }

    func validate() throws {
        if let topic, !Self.choices.contains(where: { $0.name == topic }) {
            throw ValidationError(
                "'\(topic)' is not written by a processor; choose from "
                    + "\(Self.choices.map(\.name).joined(separator: ", ")).")
        }
        guard topic != nil || states else { throw ValidationError("Name a topic (--topic), or say --states.") }
        let window = [try Self.moment(from, of: "--from"), try Self.moment(to, of: "--to")]
        if let from = window[0], let to = window[1], from >= to {
            throw ValidationError("--from must be before --to.")
        }
        guard wait >= 1 else { throw ValidationError("--wait must be 1 or more.") }
    }

    private static func moment(_ text: String?, of option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(text) else {
            throw ValidationError("\(option) '\(text)' is no time; write it like 2026-11-23T08:00:00Z.")
        }
        return moment
    }

    func run() async throws {
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let run = ReplayRun(
            session: try await target.session(logger: logger), patience: .seconds(wait), logger: logger)
        let topics =
            topic.flatMap(TopicCatalogue.topic(named:)).map { [$0] } ?? Self.choices.filter { $0.kind == .states }
        let asks = try topics.map {
            ReplayAsked(
                topic: $0.name, from: try Self.moment(from, of: "--from"), to: try Self.moment(to, of: "--to"),
                onlyLast: states)
        }
        let ended = try await run.ask(asks) { done, wanted in
            guard !json else { return }
            FileHandle.standardError.write(Data("\(done) of \(wanted) partitions\n".utf8))
        }
        try tell(ended, topics)
    }

    private func tell(_ ended: [ReplayEnded], _ topics: [Topic]) throws {
        let missing = topics.flatMap { topic in
            (0..<topic.partitions).filter { partition in
                !ended.contains { $0.topic == topic.name && $0.partition == partition }
            }.map { "\(topic.name)/\($0)" }
        }
        if json {
            print(try ContractCoding.text(ended.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }))
        } else {
            for topic in topics {
                let parts = ended.filter { $0.topic == topic.name }
                print("✓ \(topic.name): \(parts.reduce(0) { $0 + $1.records }) records of \(parts.count) partitions")
            }
        }
        guard !missing.isEmpty else { return }
        FileHandle.standardError.write(
            Data(
                """
                Error: nothing was heard of \(missing.joined(separator: ", ")) for \(wait) s: see 'suishoupai status', \
                and run the same command again

                """.utf8))
        throw ExitCode(1)
    }
}
