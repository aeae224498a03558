import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Subprocess
import SystemPackage
import TestSupport

/// A provider of OpenID Connect that knows nothing of this code: `oidc-provider-mock` from PyPI, for one test.
struct OpenIDMock: Sendable {
    let port: Int

    static let absence = ".venv has no oidc-provider-mock: run deploy/test, which installs it"
    static let isInstalled = hasMock()

    /// Serves, and ends when its input does, which is at the latest with the process that started it.
    private static let program = """
        import os, sys, threading
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
        import oidc_provider_mock
        from werkzeug.serving import make_server
        server = make_server("127.0.0.1", 0, oidc_provider_mock.app(), threaded=True)
        print("serves at %d." % server.server_port, flush=True)
        server.serve_forever()
        """

    /// Lends a provider.
    static func running<Result: Sendable>(
        _ body: @Sendable @escaping (OpenIDMock) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "provider.log")
        let file = try FileDescriptor.open(
            FilePath(log.path(percentEncoded: false)), .writeOnly, options: [.create, .append],
            permissions: .ownerReadWrite)
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let outcome = try await Subprocess.run(
            .path(FilePath(MotoServer.python)), arguments: ["-u", "-c", program], platformOptions: platform,
            input: .inputWriter, output: .fileDescriptor(file, closeAfterSpawningProcess: true),
            error: .combinedWithOutput
        ) { [platform] execution in
            let result: Swift.Result<Result, any Error>
            do {
                let port = try await eventually("the provider serves", within: .seconds(60)) {
                    let text = try String(contentsOf: log, encoding: .utf8)
                    return text.firstMatch(of: /serves at ([0-9]+)\./).flatMap { Int($0.1) }
                }
                result = .success(try await body(OpenIDMock(port: port)))
            } catch {
                result = .failure(error)
            }
            await execution.teardown(using: platform.teardownSequence)
            return result
        }
        return try outcome.closureResult.get()
    }

    var issuer: String { "http://127.0.0.1:\(port)" }

    /// Says what its tokens claim of a person.
    func know(_ subject: String, roles: [String]) async throws {
        var request = HTTPClientRequest(url: "\(issuer)/users/\(subject)")
        request.method = .PUT
        request.headers.add(name: "content-type", value: "application/json")
        let names = roles.map { "\"\($0)\"" }.joined(separator: ",")
        request.body = .bytes(ByteBuffer(string: "{\"roles\":[\(names)]}"))
        _ = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    }

    /// Signs in there as a person would, and gives the address that the browser is led back to.
    func signIn(_ subject: String, at address: String) async throws -> String {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: "sub=\(subject)"))
        let answer = try await HTTPClient.withHTTPClient(
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow)
        ) { client in
            let response = try await client.execute(request, timeout: .seconds(20))
            return response.headers.first(name: "location")
        }
        guard let answer else { throw NotLedBack() }
        return answer
    }

    private struct NotLedBack: Error {}

    private static func hasMock() -> Bool {
        guard FileManager.default.isExecutableFile(atPath: MotoServer.python) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: MotoServer.python)
        process.arguments = ["-c", "import oidc_provider_mock"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
