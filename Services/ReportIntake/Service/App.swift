import ArgumentParser
import Foundation
import Logging
import ServiceKit

/// `report-intake`: the door for rider apps.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-intake", abstract: "Accepts reports and requests over HTTP and publishes them.",
        subcommands: [Serve.self])
}

/// `report-intake serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Listens until it is asked to stop.")

    @Option(help: "The data folder.") var data: String?
    @Option(help: "The address to listen at (127.0.0.1).") var host: String?
    @Option(help: "The port; 0 lets the system choose (8081).") var port: String?
    @Option(help: "Where to write the address once it listens.") var addressFile: String?
    @Option(help: "Tells this process from others of its kind.") var replica: String?
    @Option(help: "When a report is answered: store or broker.") var acceptAfter: String?
    @Option(help: "So many unanswered reports are too many (100000).") var backlogLimit: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String?
    @Option(help: "console or json.") var logFormat: String?
    @Flag(help: "Stops when standard input ends.") var stopWithStdin = false

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let given: [String: String?] = [
            "data": data, "http.host": host, "http.port": port, "address.file": addressFile, "replica": replica,
            "intake.accept.after": acceptAfter, "intake.backlog.limit": backlogLimit, "log.level": logLevel,
            "log.format": logFormat, "stop.with.stdin": stopWithStdin ? "true" : nil,
        ]
        let options = IntakeSettings.options(from: environment).merging(given) { $1 ?? $0 }
        let config = Settings.reader(options: options, environment: environment)
        let configuration = try ServiceConfiguration(config: config, defaultPort: 8_081)
        LogSetup.bootstrap(service: "report-intake", configuration: configuration)
        let logger = Logger(label: "report-intake")
        let services = try buildIntake(
            configuration: configuration, config: config, environment: environment, logger: logger)
        try await ServiceRunner.run(services, logger: logger, stopWithStdin: configuration.stopWithStdin)
    }
}
