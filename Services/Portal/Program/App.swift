import ArgumentParser
import Portal

/// `portal`: pages, the query API, and the door for commands.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portal", abstract: "Serves pages and the query API, and takes commands.",
        subcommands: [Serve.self])
}
