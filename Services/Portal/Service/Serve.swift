package import ArgumentParser
import ServiceKit
package import ServiceProgram

/// `portal serve`.
package struct Serve: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(abstract: "Run the service until it is asked to stop.")

    @OptionGroup package var options: ServeOptions

    package init() {}

    package func run() async throws {
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
