package import Foundation
package import Logging
import Synchronization

/// How log lines look.
package enum LogFormat: String, CaseIterable, Sendable {
    case json
    case console
}

/// Sets up logging once for the whole process.
package enum LogSetup {
    private static let isDone = Mutex(false)

    /// Sends every logger of the process to standard error, in the given form and from the given level on.
    ///
    /// The first call decides; later ones change nothing and return false.
    @discardableResult
    package static func bootstrap(service: String, format: LogFormat, level: Logger.Level) -> Bool {
        isDone.withLock { isDone in
            guard !isDone else { return false }
            isDone = true
            let output = StandardErrorOutput()
            LoggingSystem.bootstrap { label in
                handler(label: label, service: service, format: format, level: level, output: output)
            }
            return true
        }
    }

    /// ``bootstrap(service:format:level:)`` with what the configuration says.
    @discardableResult
    package static func bootstrap(service: String, configuration: ServiceConfiguration) -> Bool {
        bootstrap(service: service, format: configuration.logFormat, level: configuration.logLevel)
    }

    /// One handler, for loggers that are not those of the process.
    package static func handler(
        label: String, service: String, format: LogFormat, level: Logger.Level, output: any LogOutput,
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> any LogHandler {
        var handler: any LogHandler =
            switch format {
            case .json: JSONLogHandler(label: label, service: service, output: output, now: now)
            case .console: ConsoleLogHandler(service: service, output: output, now: now)
            }
        handler.logLevel = level
        return handler
    }
}
