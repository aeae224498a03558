import Foundation
import Subprocess
import SystemPackage

/// A server in Python for one test, in a process that ends with the test, or with this process.
///
/// The script prints `port N` once it serves, then a line for whatever it wants to tell; it ends when its input does.
package final class PythonServer: Sendable {
    package let port: Int
    private let log: URL

    private init(port: Int, log: URL) {
        self.port = port
        self.log = log
    }

    /// Lends a server.
    ///
    /// - Parameter script: its path in the project.
    package static func running<Result: Sendable>(
        _ script: String, _ arguments: [String] = [],
        _ body: @Sendable @escaping (PythonServer) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "server.log")
        let file = try FileDescriptor.open(
            FilePath(log.path(percentEncoded: false)), .writeOnly, options: [.create, .append],
            permissions: .ownerReadWrite)
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let outcome = try await Subprocess.run(
            .path(FilePath(PythonScript.environment)),
            arguments: Arguments(["-u", PythonScript.path(of: script)] + arguments),
            platformOptions: platform, input: .inputWriter,
            output: .fileDescriptor(file, closeAfterSpawningProcess: true), error: .combinedWithOutput
        ) { [platform] execution in
            let result: Swift.Result<Result, any Error>
            do {
                let server = PythonServer(port: try await port(in: log), log: log)
                result = .success(try await body(server))
            } catch {
                result = .failure(error)
            }
            await execution.teardown(using: platform.teardownSequence)
            return result
        }
        return try outcome.closureResult.get()
    }

    private static func port(in log: URL) async throws -> Int {
        try await eventually("the server in Python serves", within: .seconds(60)) {
            try lines(of: log).first { $0.hasPrefix("port ") }.flatMap { Int($0.dropFirst(5)) }
        }
    }

    /// What it told since it served.
    package func told() throws -> [String] {
        Array(try Self.lines(of: log).drop { !$0.hasPrefix("port ") }.dropFirst())
    }

    /// Only whole lines.
    private static func lines(of log: URL) throws -> [String] {
        try String(contentsOf: log, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
