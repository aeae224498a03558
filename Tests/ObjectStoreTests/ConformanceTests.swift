import Foundation
import TestSupport
import Testing

@testable import ObjectStore

/// What every store must do for us, a folder and a bucket alike.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ConformanceTests {
    @Test(.enabled(if: MotoServer.isInstalled, Comment(rawValue: MotoServer.absence)))
    func `an S3 server is among the stores that are tested here`() {
        #expect(StoreKind.available == [.folder, .s3])
    }

    @Test(arguments: StoreKind.available)
    func `what was put is found, as bytes and as a file`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let small = Data("垃圾桶旁井盖\u{0}\r\n".utf8)
            let (file, bytes) = try test.file(bytes: 300_000)

            try await test.store.put(small, as: "case-routing/0/log=1.a_b-c/snapshot.sqlite")
            try await test.store.put(file, as: "case-routing/0/large")

            #expect(try await test.store.get("case-routing/0/log=1.a_b-c/snapshot.sqlite") == small)
            #expect(try await test.store.get("case-routing/0/large") == bytes)
            #expect(try await test.store.get("case-routing/0/large", to: test.target))
            #expect(try Data(contentsOf: test.target) == bytes)
        }
    }

    @Test(arguments: StoreKind.available)
    func `what is not there is nil, and the file that waits for it stays as it was`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            try await test.store.put(Data("x".utf8), as: "a/b/c")
            try Data("before".utf8).write(to: test.target)

            for key in ["none", "a", "a/b", "a/b/d", "a/b/c/d", "a/b/c.", "A/b/c"] {
                #expect(try await test.store.get(key) == nil)
                #expect(try await !test.store.get(key, to: test.target))
            }

            #expect(try Data(contentsOf: test.target) == Data("before".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: test.files.url.path) == ["target"])
        }
    }

    @Test(arguments: StoreKind.available)
    func `an object and a file are replaced as a whole, shorter or empty too`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            for bytes in [Data.noise(700_000), Data("short".utf8), Data(), Data.noise(600_000)] {
                let file = test.files.url.appending(path: "source")
                try bytes.write(to: file)

                try await test.store.put(file, as: "key")
                let asFile = try await test.store.get("key")
                try await test.store.put(bytes, as: "key")

                #expect(asFile == bytes)
                #expect(try await test.store.get("key") == bytes)
                #expect(try await test.store.get("key", to: test.target))
                #expect(try Data(contentsOf: test.target) == bytes)
                #expect(try await test.store.list("") == [StoredObject(key: "key", bytes: Int64(bytes.count))])
            }
        }
    }

    @Test(arguments: StoreKind.available)
    func `a file of twenty megabytes travels, but not into memory`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let (file, bytes) = try test.file(bytes: 20 << 20)

            try await test.store.put(file, as: "large")

            #expect(try await test.store.get("large", to: test.target))
            #expect(try Data(contentsOf: test.target) == bytes)
            await #expect(
                throws: ObjectStoreError.tooLarge(key: "large", bytes: 20 << 20, limit: ObjectSize.small)
            ) { try await test.store.get("large") }
        }
    }

    @Test(arguments: StoreKind.available)
    func `what was removed is gone, and removing it again is no error`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            try await test.store.put(Data("1".utf8), as: "a/1")
            try await test.store.put(Data("2".utf8), as: "a/2")

            for key in ["a/1", "a/1", "never/was", "a", "a/2/3"] { try await test.store.remove(key) }

            #expect(try await test.store.get("a/1") == nil)
            #expect(try await test.store.list("a/").map(\.key) == ["a/2"])
        }
    }

    @Test(arguments: StoreKind.available)
    func `keys are listed by prefix, in the order of their bytes`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let keys = ["Z", "a", "a-1/x", "a.d/y", "a=/z", "ab/2", "ab/10", "b/.hidden/c", "b/C/c", "b_/0"]
            #expect(try await test.store.list("") == [])
            for key in keys.reversed() { try await test.store.put(Data(key.utf8), as: key) }

            func listed(_ prefix: String) async throws -> [String] { try await test.store.list(prefix).map(\.key) }

            let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(try await listed("") == sorted)
            for prefix in ["a", "ab", "ab/", "ab/1", "b", "b/", "b/.", "b/C/c", "none/", "a=", "Z/"] {
                #expect(try await listed(prefix) == sorted.filter { $0.hasPrefix(prefix) }, "\(prefix)")
            }
            #expect(try await test.store.list("ab/10") == [StoredObject(key: "ab/10", bytes: 5)])
        }
    }

    @Test(arguments: StoreKind.available)
    func `more keys than one page are listed, each once`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let keys = (0..<1_100).map { "many/\($0)" }
            try await withThrowingTaskGroup { group in
                for lane in 0..<8 {
                    group.addTask {
                        for key in keys where key.utf8.reduce(0, { $0 &+ Int($1) }) % 8 == lane {
                            try await test.store.put(Data(), as: key)
                        }
                    }
                }
                try await group.waitForAll()
            }

            let listed = try await test.store.list("many/")

            #expect(listed.map(\.key) == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }

    @Test(arguments: StoreKind.available)
    func `what is no key is refused everywhere`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let (file, _) = try test.file(bytes: 1)
            for key in ["", "..", "../x", "a/../b", "/etc/x", "a//b", "a/", "a b", "a\u{0}", "%2e%2e/x", "ä"] {
                let refusal = ObjectStoreError.badKey(key)
                await #expect(throws: refusal) { try await test.store.put(Data(), as: key) }
                await #expect(throws: refusal) { try await test.store.put(file, as: key) }
                await #expect(throws: refusal) { try await test.store.get(key) }
                await #expect(throws: refusal) { try await test.store.get(key, to: test.target) }
                await #expect(throws: refusal) { try await test.store.remove(key) }
            }
            for prefix in ["../", "/", "a/../", "a b", "a//"] {
                await #expect(throws: ObjectStoreError.badKey(prefix)) { try await test.store.list(prefix) }
            }
        }
    }

    @Test(arguments: StoreKind.available)
    func `a file that is not there, or is a folder, is no object`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            for file in [test.files.url, test.files.url.appending(path: "none")] {
                let error = await #expect(throws: ObjectStoreError.self) { try await test.store.put(file, as: "key") }
                #expect(error?.description.hasSuffix("is not there or is no file.") == true)
            }
            let listed = try await test.store.list("")
            #expect(listed == [])
        }
    }

    @Test(arguments: StoreKind.available)
    func `of many who write one key one whole object is left, and readers see only whole ones`(
        _ kind: StoreKind
    ) async throws {
        try await StoreUnderTest.with(kind) { test in
            let versions = try (1...8).map { try test.file("source \($0)", bytes: $0 * 150_000) }
            let whole = Set(versions.map(\.bytes))
            try await test.store.put(versions[0].url, as: "key")

            try await withThrowingTaskGroup { group in
                for version in versions { group.addTask { try await test.store.put(version.url, as: "key") } }
                for _ in 0..<20 {
                    #expect(whole.contains(try #require(try await test.store.get("key"))))
                    let listed = try await test.store.list("")
                    #expect(listed.map(\.key) == ["key"])
                    #expect(listed.allSatisfy { object in whole.contains { Int64($0.count) == object.bytes } })
                }
                try await group.waitForAll()
            }

            #expect(whole.contains(try #require(try await test.store.get("key"))))
        }
    }

    @Test(arguments: StoreKind.available)
    func `a put that is cancelled leaves what was there`(_ kind: StoreKind) async throws {
        try await StoreUnderTest.with(kind) { test in
            let (file, _) = try test.file(bytes: 20 << 20)
            try await test.store.put(Data("before".utf8), as: "key")

            await withThrowingTaskGroup { group in
                for key in ["key", "new"] { group.addTask { try await test.store.put(file, as: key) } }
                group.cancelAll()
                for _ in 0..<2 { await #expect(throws: CancellationError.self) { try await group.next() } }
            }

            #expect(try await test.store.list("") == [StoredObject(key: "key", bytes: 6)])
        }
    }
}
