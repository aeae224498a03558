import ArgumentParser
import EventProcessing
import Foundation
import ServiceKit
import ServiceProgram

/// `report-intake`: the door for rider apps.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-intake", abstract: "Accepts reports and requests over HTTP and publishes them.",
        subcommands: [ServeCommand.self])
}

/// `serve`: the doors, the store, and what carries reports to the broker and their answers back.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the service until it is asked to stop.")

    @OptionGroup var options: ServeOptions

    @Option(help: "When a report is answered: store or broker (INTAKE_ACCEPT_AFTER).")
    var acceptAfter: String?

    @Option(help: "With so many unanswered reports new ones are refused (INTAKE_BACKLOG_LIMIT).")
    var backlogLimit: String?

    @Option(help: "How many reports one person may send in a minute, 0 for no limit (INTAKE_PERSON_LIMIT).")
    var personLimit: String?

    @Option(help: "The address that Open311's discovery names (INTAKE_OPEN311_ADDRESS).")
    var open311Address: String?

    @Option(help: "Whom to ask about Open311, in a sentence (INTAKE_OPEN311_CONTACT).")
    var open311Contact: String?

    @Option(
        help:
            "Where photos and voice notes are kept (INTAKE_PHOTOS): a folder or s3://bucket/prefix; else the data folder."
    )
    var photos: String?

    func run() async throws {
        let setup = try ProgramSetup(
            service: "report-intake", configuration: options.configuration(defaultPort: 8_081))
        let environment = ProcessInfo.processInfo.environment
        let settings = try IntakeSettings(
            config: Settings.reader(options: [
                "intake.accept.after": acceptAfter ?? environment["INTAKE_ACCEPT_AFTER"],
                "intake.backlog.limit": backlogLimit ?? environment["INTAKE_BACKLOG_LIMIT"],
                "intake.person.limit": personLimit ?? environment["INTAKE_PERSON_LIMIT"],
                "intake.open311.address": open311Address ?? environment["INTAKE_OPEN311_ADDRESS"],
                "intake.open311.contact": open311Contact ?? environment["INTAKE_OPEN311_CONTACT"],
                "intake.photos": photos ?? environment["INTAKE_PHOTOS"],
            ]), brokerIsEmbedded: setup.runtime.brokerIsEmbedded)
        try await setup.run(try buildIntake(setup, settings: settings))
    }
}
