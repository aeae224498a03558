import Foundation
import TestSupport
import Testing

@testable import ObjectStore

/// What becomes of a call when the other side is slow, wrong or gone.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct S3FaultTests {
    private func withStore<Result: Sendable>(
        port: Int, patience: Duration = S3Client.patience, tries: Tries = Tries(),
        _ body: (S3Store) async throws -> Result
    ) async throws -> Result {
        try await StoreUnderTest.withStore(.test(port: port), patience: patience, tries: tries, body)
    }

    private func closedPort() async throws -> Int {
        try await ScriptedServer.running { $0.port }
    }

    @Test func `what may heal is asked again, and what a second answer says counts`() async throws {
        let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf"
        try await ScriptedServer.running(
            ScriptedServer.failure(503, "SlowDown"), .answer(cut), ScriptedServer.failure(429, ""),
            ScriptedServer.object("the whole")
        ) { server in
            let found = try await withStore(port: server.port) { try await $0.get("key") }
            #expect(found == Data("the whole".utf8))
        }
    }

    @Test func `after four tries the last reason is given`() async throws {
        try await ScriptedServer.running(ScriptedServer.failure(500, "InternalError")) { server in
            let error = await #expect(throws: ObjectStoreError.self) {
                try await withStore(port: server.port) { try await $0.list("a/") }
            }
            #expect(error == .unavailable(key: "a/", tries: 4, reason: "status 500, InternalError"))
            #expect(error?.isRetriable == true)
        }
    }

    @Test func `nobody at the port is no answer after four tries`() async throws {
        let port = try await closedPort()
        let error = await #expect(throws: ObjectStoreError.self) {
            try await withStore(port: port) { try await $0.put(Data("x".utf8), as: "key") }
        }

        guard case .unavailable("key", 4, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("refused"))
    }

    @Test func `a refusal is asked once, and its code is named with what to do`() async throws {
        let tries = Tries()
        try await ScriptedServer.running(ScriptedServer.failure(403, "AccessDenied")) { server in
            let error = await #expect(throws: ObjectStoreError.self) {
                try await withStore(port: server.port, tries: tries) { try await $0.remove("a/b") }
            }
            #expect(
                error?.description
                    == "'a/b' was refused by S3: status 403, AccessDenied. The key needs s3:GetObject, s3:PutObject, "
                    + "s3:DeleteObject and s3:ListBucket here.")
        }
        #expect(tries.count == 1)
    }

    @Test(arguments: [
        ScriptedServer.failure(404, "NoSuchBucket"), ScriptedServer.failure(404, ""),
        .answer("HTTP/1.1 404 -\r\nContent-Length: 0\r\n\r\n"),
    ])
    func `only a missing key is missing, nothing else that answers 404`(_ turn: ScriptedServer.Turn) async throws {
        try await ScriptedServer.running(turn) { server in
            try await withStore(port: server.port) { store in
                await #expect(throws: ObjectStoreError.self) { try await store.get("key") }
                await #expect(throws: ObjectStoreError.self) { try await store.list("") }
                await #expect(throws: ObjectStoreError.self) { try await store.remove("key") }
            }
        }
    }

    @Test func `a download that breaks off or falls silent leaves the file as it was`() async throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "target")
        try Data("before".utf8).write(to: target)
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
        for turn in [ScriptedServer.Turn.answer(half), .silence(after: half), .silence(after: "")] {
            try await ScriptedServer.running(turn) { server in
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await withStore(port: server.port, patience: .seconds(1)) {
                        try await $0.get("key", to: target)
                    }
                }
                #expect(error?.isRetriable == true)
            }
        }

        #expect(try Data(contentsOf: target) == Data("before".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["target"])
    }

    @Test func `whoever does not want to wait any more waits no longer`() async throws {
        let tries = Tries()
        try await ScriptedServer.running(.silence(after: "")) { server in
            try await withStore(port: server.port, patience: .seconds(1_000), tries: tries) { store in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await store.get("key") }
                    try await eventually("it is asked") { tries.count == 1 }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
            }
        }
    }

    @Test func `what one request cannot carry is refused before anything is read`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "sparse")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(ObjectSize.onePut) + 1)
        try handle.close()

        let port = try await closedPort()
        await #expect(
            throws: ObjectStoreError.tooLarge(key: "key", bytes: ObjectSize.onePut + 1, limit: ObjectSize.onePut)
        ) { try await withStore(port: port) { try await $0.put(file, as: "key") } }
    }

    @Test func `a list that is none, or goes on without saying where, is an error`() async throws {
        for text in ["hello", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"] {
            try await ScriptedServer.running(ScriptedServer.object(text)) { server in
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await withStore(port: server.port) { try await $0.list("") }
                }
                #expect(error?.description.contains("check S3_ENDPOINT") == true)
            }
        }
    }
}
