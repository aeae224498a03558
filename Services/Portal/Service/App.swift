import ArgumentParser
import ServiceKit
import ServiceProgram

/// `portal`: pages, the query API, and the door for commands.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portal", abstract: "Serves pages and the query API, and takes commands.",
        subcommands: [Serve.self])
}

/// `portal serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the service until it is asked to stop.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let setup = try ProgramSetup(
            service: "portal", configuration: try options.configuration(defaultPort: 8_080))
        let config = Settings.reader(options: [:])
        try await buildPortal(
            setup,
            signIn: try SignInSettings(
                config: config, host: setup.configuration.host,
                signsOwnTokens: setup.configuration.tokenKeys == .dataFolder),
            pages: try PageSettings(config: config))
    }
}
