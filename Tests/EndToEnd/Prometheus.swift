import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Subprocess
import SystemPackage
import TestSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Debian's Prometheus, with the project's rules, reading the programs of one data folder.
struct Prometheus: Sendable {
    private static let file = "/usr/bin/prometheus"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: file) }

    private let port: Int

    struct Answer: Decodable {
        struct Data: Decodable {
            struct Result: Decodable {
                let metric: [String: String]
                let value: Value
            }

            /// A moment and a number.
            struct Value: Decodable {
                let number: Double

                init(from decoder: any Decoder) throws {
                    var pair = try decoder.unkeyedContainer()
                    _ = try pair.decode(Double.self)
                    let text = try pair.decode(String.self)
                    guard let number = Double(text) else {
                        throw DecodingError.dataCorruptedError(in: pair, debugDescription: "'\(text)' is no number")
                    }
                    self.number = number
                }
            }

            let result: [Result]
        }

        let data: Data
    }

    /// Lends one while the body runs.
    ///
    /// - Parameter data: The data folder of what `suishoupai up` runs.
    static func running<Result: Sendable>(
        on data: String, rules: URL, _ body: @Sendable @escaping (Prometheus) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let configuration = folder.url.appending(path: "prometheus.yml")
        try Data(
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["\(rules.path(percentEncoded: false))/*.yml"]
            scrape_configs:
              - job_name: suishoupai
                file_sd_configs: [{files: ["\(data)/run/prometheus.json"], refresh_interval: 1s}]
            """.utf8
        ).write(to: configuration)
        let log = folder.url.appending(path: "prometheus.log")
        let output = try FileDescriptor.open(
            FilePath(log.path(percentEncoded: false)), .writeOnly, options: [.create, .append],
            permissions: .ownerReadWrite)
        let prometheus = Prometheus(port: try freePort())
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
        let outcome = try await Subprocess.run(
            .path(FilePath(file)),
            arguments: [
                "--config.file=\(configuration.path(percentEncoded: false))",
                "--storage.tsdb.path=\(folder.url.appending(path: "series").path(percentEncoded: false))",
                "--web.listen-address=127.0.0.1:\(prometheus.port)",
            ], platformOptions: platform, input: .none,
            output: .fileDescriptor(output, closeAfterSpawningProcess: true), error: .combinedWithOutput
        ) { [platform] execution in
            let result: Swift.Result<Result, any Error>
            do {
                try await eventually("Prometheus is ready") {
                    try String(contentsOf: log, encoding: .utf8).contains("Server is ready to receive web requests")
                }
                result = .success(try await body(prometheus))
            } catch {
                print(try String(contentsOf: log, encoding: .utf8).suffix(3_000))
                result = .failure(error)
            }
            await execution.teardown(using: platform.teardownSequence)
            return result
        }
        return try outcome.closureResult.get()
    }

    /// What an expression says now.
    func ask(_ expression: String) async throws -> [Answer.Data.Result] {
        var place = URLComponents()
        place.path = "/api/v1/query"
        place.queryItems = [URLQueryItem(name: "query", value: expression)]
        let (status, body) = try await get(place.string ?? "/")
        guard status == 200 else { throw Refused(status: status, text: String(decoding: body, as: UTF8.self)) }
        return try JSONDecoder().decode(Answer.self, from: body).data.result
    }

    /// The sum of what an expression says; nil while it says nothing.
    func number(_ expression: String) async throws -> Double? {
        let results = try await ask(expression)
        return results.isEmpty ? nil : results.reduce(0) { $0 + $1.value.number }
    }

    func text(_ path: String) async throws -> String { String(decoding: try await get(path).body, as: UTF8.self) }

    struct Refused: Error {
        let status: Int
        let text: String
    }

    private func get(_ path: String) async throws -> (status: Int, body: Data) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        return (Int(answer.status.code), Data(try await answer.body.collect(upTo: 1 << 22).readableBytesView))
    }

    /// A port that nobody has now.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) != 0 || getsockname(descriptor, $0, &size) != 0
            }
        }
        guard !failed else { throw Errno(rawValue: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
