import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Synchronization
import TestSupport

@testable import ObjectStore

/// Which store a test runs on.
enum StoreKind: String, Sendable, CaseIterable {
    case folder
    case s3

    static let available = allCases.filter { $0 == .folder || MotoServer.isInstalled }
}

/// An empty store for one test, and a folder for the test's own files.
struct StoreUnderTest: Sendable {
    let store: any ObjectStore
    let files: TemporaryFolder

    static func with(_ kind: StoreKind, _ body: @escaping @Sendable (StoreUnderTest) async throws -> Void) async throws
    {
        let files = try TemporaryFolder()
        switch kind {
        case .folder:
            let shared = try TemporaryFolder()
            try await body(StoreUnderTest(store: FolderStore(shared.url.appending(path: "not/yet")), files: files))
        case .s3:
            try await MotoServer.running { server in
                let settings = S3Settings.test(port: server.port)
                try await makeBucket(settings)
                try await withStore(settings) { store in
                    // Beside the place, where its list must not look.
                    try await store.put(Data("beside".utf8), as: "inside-not/x")
                    var within = settings
                    within.prefix = "inside"
                    try await withStore(within) { try await body(StoreUnderTest(store: $0, files: files)) }
                }
            }
        }
    }

    /// Lends a store with a client of its own.
    static func withStore<Result: Sendable>(
        _ settings: S3Settings, patience: Duration = S3Client.patience, tries: Tries = Tries(),
        _ body: (S3Store) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.withHTTPClient(configuration: S3Client.configuration(patience)) { http in
            try await body(
                S3Store(settings, http: http, patience: patience) {
                    tries.add()
                    return Date()
                })
        }
    }

    static func makeBucket(_ settings: S3Settings) async throws {
        try await HTTPClient.withHTTPClient { http in
            let exchange = S3Exchange(settings, http: http, patience: S3Client.patience) { Date() }
            _ = try await exchange.send(S3Request(method: .PUT), about: settings.place)
        }
    }

    /// A file of the test's own, with bytes that are hard to compress.
    func file(_ name: String = "file", bytes: Int) throws -> (url: URL, bytes: Data) {
        let data = Data.noise(bytes)
        let url = files.url.appending(path: name)
        try data.write(to: url)
        return (url, data)
    }

    var target: URL { files.url.appending(path: "target") }
}

/// Counts tries: each is signed with the time of its own.
final class Tries: Sendable {
    private let tries = Mutex(0)

    var count: Int { tries.withLock { $0 } }

    func add() { tries.withLock { $0 += 1 } }
}

extension S3Settings {
    static func test(port: Int, secret: String = "secret") -> S3Settings {
        S3Settings(
            endpoint: URL(filePath: "/"), region: "us-east-1", bucket: "shared-files", prefix: "", addressing: .path,
            credentials: Credentials(accessKeyID: "somebody", secretAccessKey: secret)
        ).at(port)
    }

    private func at(_ port: Int) -> S3Settings {
        var settings = self
        var components = URLComponents()
        components.scheme = "http"
        components.host = "127.0.0.1"
        components.port = port
        if let url = components.url { settings.endpoint = url }
        return settings
    }
}

extension Data {
    static func noise(_ count: Int) -> Data {
        var generator = SeededGenerator(seed: UInt64(count))
        var words: [UInt64] = []
        words.reserveCapacity(count / 8 + 1)
        for _ in 0...(count / 8) { words.append(generator.next()) }
        return words.withUnsafeBytes { Data($0.prefix(count)) }
    }
}
