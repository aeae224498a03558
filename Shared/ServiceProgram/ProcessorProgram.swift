import ArgumentParser
import Contracts
package import EventProcessing
import Foundation
package import ServiceKit
import ServiceLifecycle

/// The program around a processor: the same for every one of them.
///
/// ```swift
/// @main
/// struct App {
///     static func main() async {
///         await ProcessorProgram.run(CaseRoutingProcessor(), abstract: "…", translators: [.reports])
///     }
/// }
/// ```
package struct ProcessorProgram: Sendable {
    let processor: any Processor
    let abstract: String
    let translators: [Translator]
    let edge: @Sendable (ServiceConfiguration) async throws -> (any DeliveryEdge)?

    /// The program that this process is.
    ///
    /// Set once, around `main`.
    @TaskLocal static var current: ProcessorProgram?

    /// Reads the arguments and runs what they ask for.
    ///
    /// - Parameter edge: Makes what sends to the outside, for processors that plan deliveries.
    package static func run(
        _ processor: any Processor, abstract: String, translators: [Translator],
        edge: @escaping @Sendable (ServiceConfiguration) async throws -> (any DeliveryEdge)? = { _ in nil }
    ) async {
        let program = ProcessorProgram(
            processor: processor, abstract: abstract, translators: translators, edge: edge)
        await $current.withValue(program) { await ProcessorCommand.main() }
    }
}

/// The command line of a processor.
struct ProcessorCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: ProcessorProgram.current?.processor.name,
            abstract: ProcessorProgram.current?.abstract ?? "",
            subcommands: [ServeCommand.self, ReplayCommand.self])
    }
}

/// `serve`: the processor, its translators, and its HTTP for health and metrics.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the service until it is asked to stop.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        guard let program = ProcessorProgram.current else { return }
        let processor = program.processor
        let setup = try ProgramSetup(
            service: processor.name, configuration: options.configuration(defaultPort: 0))
        let edge = try await program.edge(setup.configuration)
        var services: [any Service] = [
            ProcessorService(
                processor, edge: edge, configuration: setup.runtime, signals: setup.signals("processor"),
                logger: setup.logger)
        ]
        for translator in program.translators {
            services.append(
                TranslatorService(
                    translator, configuration: setup.runtime, signals: setup.signals("translator"),
                    logger: setup.logger))
        }
        let router = HTTPService.router(health: setup.health, metrics: setup.metrics)
        setup.partitions.addRoute(to: router)
        services.append(
            HTTPService.make(router: router, configuration: setup.configuration, logger: setup.logger))
        try await setup.run(services)
    }
}
