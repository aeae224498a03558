import Foundation
import Subprocess
import SystemPackage

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// An S3 server of its own for one test: moto, in a process that ends with the test, or with this process.
package final class MotoServer: Sendable {
    package let port: Int
    private let pid: Int32

    package static let python = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".venv/bin/python").path(percentEncoded: false)

    /// What to do where it is not there.
    package static let absence = ".venv has no moto[server]: run deploy/test, which installs it"

    package static let isInstalled = hasMoto()

    private static func hasMoto() -> Bool {
        guard FileManager.default.isExecutableFile(atPath: python) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", "import moto.server"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private init(port: Int, pid: Int32) {
        self.port = port
        self.pid = pid
    }

    /// Serves, and ends when its input does, which is at the latest with the process that started it.
    private static let program = """
        import os, sys, threading
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
        from moto.server import main
        main(["-H", "127.0.0.1", "-p", "0"])
        """

    /// Lends a server.
    ///
    /// - Parameter open: How many requests it grants to whoever asks, before it checks signatures; nil for all.
    package static func running<Result: Sendable>(
        open: Int? = nil, _ body: @Sendable @escaping (MotoServer) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "moto.log")
        let file = try FileDescriptor.open(
            FilePath(log.path(percentEncoded: false)), .writeOnly, options: [.create, .append],
            permissions: .ownerReadWrite)
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let limit: [Environment.Key: String] = open.map { ["INITIAL_NO_AUTH_ACTION_COUNT": "\($0)"] } ?? [:]
        let outcome = try await Subprocess.run(
            .path(FilePath(python)), arguments: ["-u", "-c", program],
            environment: .inherit.updating(limit), platformOptions: platform, input: .inputWriter,
            output: .fileDescriptor(file, closeAfterSpawningProcess: true), error: .combinedWithOutput
        ) { [platform] execution in
            let result: Swift.Result<Result, any Error>
            do {
                let server = MotoServer(port: try await port(in: log), pid: execution.processIdentifier.value)
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
        try await eventually("moto serves", within: .seconds(60)) {
            let text = try String(contentsOf: log, encoding: .utf8)
            return text.firstMatch(of: /Running on http:\/\/127\.0\.0\.1:([0-9]+)/).flatMap { Int($0.1) }
        }
    }

    package var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Makes an empty bucket.
    package func makeBucket(_ name: String) async throws {
        guard let url = URL(string: "\(endpoint)/\(name)") else { return }
        var request = URLRequest(url: url)
        request.httpMethod = "PUT"
        _ = try await URLSession.shared.data(for: request)
    }

    /// Lets it stand still: it is there, takes connections, and says nothing.
    package func pause() { kill(pid, SIGSTOP) }

    package func goOn() { kill(pid, SIGCONT) }

    /// Takes it away as a power cut would.
    package func killNine() { kill(pid, SIGKILL) }
}
