import ArgumentParser
import Contracts
import Foundation
import Logging
import ServiceKit

/// `embedded-broker`: one machine's Kafka.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embedded-broker",
        abstract: "A Kafka-protocol broker in one small process, for one machine.",
        discussion: """
            Keeps everything in memory, about 5 MB a partition, and listens on a port of the system's choice; \
            the address file says where, and which log this is. What it forgets the services still have.
            Stops on SIGTERM and SIGINT.
            """)

    @Option(help: "The data folder, where the broker remembers that there was a log before.")
    var data: String

    @Option(help: "Where to write the address; default: broker.json in the data folder.")
    var addressFile: String?

    @Option(help: "Stands before each topic's name (default: KAFKA_TOPIC_PREFIX), as on a cluster.")
    var topicPrefix: String?

    @Flag(help: "Stop when standard input ends, so that the broker does not outlive its supervisor.")
    var stopWithStdin = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.", transform: level(named:))
    var logLevel = Logger.Level.info

    @Option(help: "json or console; default: console on a terminal, else json.", transform: format(named:))
    var logFormat: LogFormat?

    func run() async throws {
        // What it writes is for its own user alone.
        umask(0o077)
        LogSetup.bootstrap(
            service: "embedded-broker", format: logFormat ?? (isatty(2) == 1 ? .console : .json), level: logLevel)
        let logger = Logger(label: "embedded-broker")
        let folder = URL(filePath: data, directoryHint: .isDirectory)
        let broker = EmbeddedBroker(
            data: folder, addressFile: addressFile.map { URL(filePath: $0) } ?? folder.appending(path: "broker.json"),
            topics: TopicCatalogue.all,
            topicPrefix: topicPrefix ?? ProcessInfo.processInfo.environment["KAFKA_TOPIC_PREFIX"] ?? "", logger: logger)
        try await ServiceRunner.run([broker], logger: logger, stopWithStdin: stopWithStdin)
    }
}

private func level(named name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else { throw ValidationError("There is no log level \(name).") }
    return level
}

private func format(named name: String) throws -> LogFormat {
    guard let format = LogFormat(rawValue: name) else { throw ValidationError("There is no log format \(name).") }
    return format
}
