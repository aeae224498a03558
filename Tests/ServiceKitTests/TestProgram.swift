import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceKit
import Testing

/// The clock of the tests: noon of a day in March.
let noon = Date(timeIntervalSince1970: 1_772_337_600)

/// A program as every service builds one, with its log kept.
struct TestProgram {
    let health = HealthRegistry()
    let metrics = PrometheusRegistry()
    let log = KeptLogOutput()
    let router: Router<ServiceRequestContext>

    init(verifier: TokenVerifier? = nil, cookie: String? = nil, forwarded: ForwardedIdentity? = nil) {
        router = HTTPService.router(
            health: health, metrics: metrics, verifier: verifier, cookie: cookie, forwarded: forwarded)
    }

    var logger: Logger {
        Logger(label: "test") { [log] label in
            LogSetup.handler(
                label: label, service: "test", format: .json, level: .trace, output: log, now: { noon })
        }
    }

    var application: some ApplicationProtocol {
        HTTPService.make(router: router, host: "127.0.0.1", port: 0, logger: logger)
    }

    /// Sends one request and returns the answer.
    func ask(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:], body: String? = nil
    ) async throws -> TestResponse {
        try await application.test(.router) { client in
            try await client.execute(
                uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        }
    }
}

extension TestResponse {
    func json() throws -> JSONValue { try JSONValue(parsing: body.readableBytesView) }
    var text: String { String(buffer: body) }
}

/// Lends a folder of its own.
func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "suishoupai-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(folder))
    } catch {
        result = .failure(error)
    }
    try FileManager.default.removeItem(at: folder)
    return try result.get()
}
