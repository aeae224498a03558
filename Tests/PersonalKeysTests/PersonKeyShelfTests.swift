import Contracts
import Foundation
import ObjectStore
import PersonalKeys
import ServiceKit
import Synchronization
import TestSupport
import Testing

@Suite("Keys of people")
struct PersonKeyShelfTests {
    private let folder: TemporaryFolder
    private let seal: DataFolderKey
    private let shelf: PersonKeyShelf

    init() throws {
        folder = try TemporaryFolder()
        seal = try DataFolderKey.load(.persons, in: folder.url)
        shelf = PersonKeyShelf(store: FolderStore(folder.url), seal: seal)
    }

    private func made(_ person: PersonID = "rider-1") async throws -> PersonKey {
        try #require(try await shelf.key(of: person, making: true))
    }

    private func seal(_ text: String, by key: PersonKey) throws -> SealedContact {
        try key.seal(text, of: "rider-1", on: .email, contact: "c-1")
    }

    private func open(_ contact: SealedContact, by key: PersonKey?) throws -> String {
        try #require(key).open(contact, of: "rider-1", on: .email, contact: "c-1")
    }

    @Test func `a key is made once, and opens what it sealed after a restart`() async throws {
        #expect(try await shelf.key(of: "rider-1", making: false) == nil)
        let sealed = try seal("骑手@home.example", by: try await made())

        let again = PersonKeyShelf(store: FolderStore(folder.url), seal: seal)
        #expect(try await again.key(of: "rider-1", making: true)?.id == sealed.keyId)
        let key = try await again.key(of: "rider-1", id: sealed.keyId)
        #expect(try open(sealed, by: key) == "骑手@home.example")
        #expect(try await again.key(of: "rider-2", making: false) == nil)
    }

    @Test func `an address opens only in its place, and not once it was changed`() async throws {
        let key = try await made()
        let sealed = try seal("rider@home.example", by: key)
        let bytes = try #require(Data(base64Encoded: sealed.box))

        #expect(throws: SealError.unreadable) {
            try key.open(sealed, of: "rider-2", on: .email, contact: "c-1")
        }
        #expect(throws: SealError.unreadable) { try key.open(sealed, of: "rider-1", on: .sms, contact: "c-1") }
        #expect(throws: SealError.unreadable) { try key.open(sealed, of: "rider-1", on: .email, contact: "c-2") }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let contact = SealedContact(keyId: sealed.keyId, box: changed.base64EncodedString())
            #expect(throws: SealError.unreadable) { try open(contact, by: key) }
        }
        for box in ["", "x", "AAAA"] {
            #expect(throws: SealError.unreadable) { try open(SealedContact(keyId: key.id, box: box), by: key) }
        }
        let other = try await made("rider-2")
        #expect(throws: SealError.otherKey) { try open(sealed, by: other) }
    }

    @Test func `the same address is sealed differently each time, and nothing of it is to be seen`() async throws {
        let key = try await made()
        let boxes = try (0..<3).map { _ in try seal("rider@home.example", by: key).box }

        #expect(Set(boxes).count == 3)
        #expect(boxes.allSatisfy { !$0.contains(Data("rider@home.example".utf8).base64EncodedString().prefix(12)) })
    }

    @Test func `a destroyed key is nowhere, and a new one is another`() async throws {
        let key = try await made()
        let sealed = try seal("rider@home.example", by: key)

        try await shelf.destroy(of: "rider-1", erasure: "erasure-1")

        #expect(try await shelf.key(of: "rider-1", id: key.id) == nil)
        #expect(try await shelf.key(of: "rider-1", making: false) == nil)
        let next = try await made()
        #expect(next.id != key.id)
        #expect(throws: SealError.otherKey) { try open(sealed, by: next) }
        let renamed = SealedContact(keyId: next.id, box: sealed.box)
        #expect(throws: SealError.unreadable) { try open(renamed, by: next) }
    }

    @Test func `an erasure that is carried out again leaves newer keys alone, a second one does not`() async throws {
        _ = try await made()
        try await shelf.destroy(of: "rider-1", erasure: "erasure-1")
        let next = try await made()
        let other = try await made("rider-2")

        try await shelf.destroy(of: "rider-1", erasure: "erasure-1")
        #expect(try await shelf.key(of: "rider-1", id: next.id) != nil)
        try await shelf.destroy(of: "rider-1", erasure: "erasure-2")
        #expect(try await shelf.key(of: "rider-1", id: next.id) == nil)
        #expect(try await shelf.key(of: "rider-2", id: other.id) != nil)
        // Nobody is there: nothing to destroy, and no error.
        try await shelf.destroy(of: "rider-9", erasure: "erasure-1")
    }

    @Test func `an erasure that was cut short is finished when it is carried out again`() async throws {
        let key = try await made()
        let failing = FailingStore(FolderStore(folder.url))
        let broken = PersonKeyShelf(store: failing, seal: seal)
        await #expect(throws: ObjectStoreError.self) {
            try await broken.destroy(of: "rider-1", erasure: "erasure-1")
        }
        #expect(try await shelf.key(of: "rider-1", id: key.id) != nil)

        try await shelf.destroy(of: "rider-1", erasure: "erasure-1")
        #expect(try await shelf.key(of: "rider-1", id: key.id) == nil)
    }

    @Test func `programs that make a person's first key together lose no address`() async throws {
        let keys = try await withThrowingTaskGroup(of: PersonKey?.self) { group in
            for _ in 0..<20 {
                group.addTask { [folder, seal] in
                    try await PersonKeyShelf(store: FolderStore(folder.url), seal: seal)
                        .key(of: "rider-1", making: true)
                }
            }
            return try await group.reduce(into: [PersonKey?]()) { $0.append($1) }
        }
        for key in keys {
            let sealed = try seal("rider@home.example", by: try #require(key))
            let opener = try await shelf.key(of: "rider-1", id: sealed.keyId)
            #expect(try open(sealed, by: opener) == "rider@home.example")
        }
        try await shelf.destroy(of: "rider-1", erasure: "erasure-1")
        #expect(try await shelf.key(of: "rider-1", making: false) == nil)
    }

    @Test func `the place names nobody, holds no key in the clear, and is of no use without the data folder`()
        async throws
    {
        let key = try await made()
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path(percentEncoded: false))
        #expect(files.contains { $0.hasSuffix("key-\(key.id)") })
        #expect(files.allSatisfy { !$0.contains("rider") })

        let otherFolder = try TemporaryFolder()
        let stranger = PersonKeyShelf(
            store: FolderStore(folder.url), seal: try DataFolderKey.load(.persons, in: otherFolder.url))
        await #expect(throws: PersonKeyError.unreadable) { try await stranger.key(of: "rider-1", making: true) }
        await #expect(throws: PersonKeyError.unreadable) { try await stranger.key(of: "rider-1", id: key.id) }
    }

    @Test(arguments: ["", "../keys", "a/b", "nothing", String(repeating: "x", count: 900)])
    func `an id that is none opens nothing`(id: String) async throws {
        _ = try await made()
        #expect(try await shelf.key(of: "rider-1", id: id) == nil)
    }

    @Test func `the shelf lies in the data folder, or where the environment says`() async throws {
        let other = try TemporaryFolder()
        let here = try PersonKeyShelf.open(dataFolder: folder.url, environment: [:])
        let there = try PersonKeyShelf.open(
            dataFolder: folder.url, environment: ["PERSON_KEYS": other.url.path(percentEncoded: false)])
        let key = try #require(try await here.key(of: "rider-1", making: true))

        #expect(try await shelf.key(of: "rider-1", making: false)?.id == key.id)
        #expect(try await there.key(of: "rider-1", making: false) == nil)
        #expect(throws: ObjectStoreError.self) {
            try PersonKeyShelf.open(dataFolder: folder.url, environment: ["PERSON_KEYS": "ftp://nowhere"])
        }
    }
}

/// Takes nothing away.
private struct FailingStore: ObjectStore {
    private let store: FolderStore

    init(_ store: FolderStore) {
        self.store = store
    }

    func put(_ file: URL, as key: String) async throws { try await store.put(file, as: key) }
    func put(_ bytes: Data, as key: String) async throws { try await store.put(bytes, as: key) }
    func get(_ key: String, to file: URL) async throws -> Bool { try await store.get(key, to: file) }
    func get(_ key: String) async throws -> Data? { try await store.get(key) }
    func list(_ prefix: String) async throws -> [StoredObject] { try await store.list(prefix) }
    func remove(_ key: String) async throws {
        throw ObjectStoreError.unavailable(key: key, tries: 1, reason: "the test says so")
    }
}
