import Foundation
import TestSupport
import Testing

@testable import ObjectStore

@Test func `files of others and half-written ones are not listed, and stay`() async throws {
    let folder = try TemporaryFolder()
    let store = FolderStore(folder.url)
    let beside = folder.url.appending(path: "a")
    try await store.put(Data("whole".utf8), as: "a/whole")
    for name in [".~half", "photo (1).jpg", "笔记.txt"] {
        try Data("?".utf8).write(to: beside.appending(path: name))
    }
    try FileManager.default.createSymbolicLink(
        atPath: beside.appending(path: "link").path, withDestinationPath: beside.path)

    let listed = try await store.list("")

    #expect(listed == [StoredObject(key: "a/whole", bytes: 5)])
    #expect(try FileManager.default.contentsOfDirectory(atPath: beside.path).count == 5)
}

@Test func `what a killed writer left is removed after a day by whoever lists`() async throws {
    let folder = try TemporaryFolder()
    let store = FolderStore(folder.url)
    try await store.put(Data(), as: "a/whole")
    let old = folder.url.appending(path: "a/.~old")
    let young = folder.url.appending(path: "a/.~young")
    for file in [old, young] { try Data("half".utf8).write(to: file) }
    for (file, age) in [(old, 90_000.0), (young, 80_000.0)] {
        try FileManager.default.setAttributes(
            [.modificationDate: Date.now.addingTimeInterval(-age)], ofItemAtPath: file.path)
    }

    _ = try await store.list("a/wh")

    #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "a").path).sorted() == [
            ".~young", "whole",
        ])
}

@Test func `a put that is cancelled or fails leaves no draft`() async throws {
    let folder = try TemporaryFolder()
    let store = FolderStore(folder.url.appending(path: "shared"))
    let source = folder.url.appending(path: "source")
    try Data.noise(20 << 20).write(to: source)

    await withThrowingTaskGroup { group in
        group.addTask { try await store.put(source, as: "cut") }
        await #expect(throws: CancellationError.self) {
            try await eventually("the draft is begun") { try drafts(in: folder) == 1 }
            group.cancelAll()
            try await group.next()
        }
    }
    try await store.put(Data(), as: "a/b")
    await #expect(throws: ObjectStoreError.self) { try await store.put(source, as: "a") }
    await #expect(throws: ObjectStoreError.self) { try await store.put(source, as: "a/b/c") }

    #expect(try drafts(in: folder) == 0)
    #expect(try await store.list("").map(\.key) == ["a/b"])
}

@Test func `a folder that cannot be had is named`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let store = FolderStore(file)

    let error = await #expect(throws: ObjectStoreError.self) { try await store.put(Data(), as: "a") }

    #expect(error?.description.contains(file.path) == true)
    #expect(error?.isRetriable == false)
}

private func drafts(in folder: TemporaryFolder) throws -> Int {
    let shared = folder.url.appending(path: "shared").path
    guard FileManager.default.fileExists(atPath: shared) else { return 0 }
    return try FileManager.default.contentsOfDirectory(atPath: shared).count { $0.hasPrefix(".~") }
}
