import Foundation
package import Logging
package import ServiceLifecycle
import UnixSignals

/// Runs the services of a program until it is asked to stop.
package enum ServiceRunner {
    /// How long services have to finish what they began, after which they are cancelled.
    package static let patience = Duration.seconds(10)

    /// Starts the services in order and returns when all have stopped.
    ///
    /// SIGTERM and SIGINT stop them in reverse order. A service that ends by itself, or throws, stops the others too,
    /// and its error is thrown.
    /// - Parameter stopWithStdin: whether the end of standard input is a request to stop as well: a supervisor that
    ///   holds the other end of the pipe takes its children with it, even when it is killed.
    package static func run(_ services: [any Service], logger: Logger, stopWithStdin: Bool = false) async throws {
        // A reader of our output that is gone must not kill us: the write fails instead.
        signal(SIGPIPE, SIG_IGN)
        var configurations = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        if stopWithStdin {
            configurations.append(
                .init(
                    service: StandardInputWatch(descriptor: 0, logger: logger),
                    successTerminationBehavior: .gracefullyShutdownGroup))
        }
        var configuration = ServiceGroupConfiguration(
            services: configurations, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = patience
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Ends when its file descriptor does, or at a request to stop.
struct StandardInputWatch: Service {
    let descriptor: Int32
    let logger: Logger

    func run() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        // A thread of its own, since reading may wait for ever; it dies with the process.
        let thread = Thread { [descriptor] in
            var buffer: UInt8 = 0
            while true {
                let count = read(descriptor, &buffer, 1)
                guard count > 0 || (count < 0 && errno == EINTR) else { break }
            }
            end.yield()
            end.finish()
        }
        thread.name = "standard-input"
        thread.start()
        for await _ in ends.cancelOnGracefulShutdown() {
            logger.notice("Standard input ended, so this program stops")
            return
        }
    }
}
