import Contracts
import Crypto
import Foundation
import Logging
import ObjectStore
import ServiceKit

/// Keeps things of one kind by what they are: the same bytes are kept once.
///
/// Under `<folder>/<id>/`: what others may have, written anew; `original.sealed`, the bytes as they were sent, encrypted;
/// `by/<hash>` for each who sent them; and `about.json`, written last: a thing without it was never wholly taken in.
struct Shelf<Item: Shelved>: Sendable {
    typealias ID = Identifier<Item.Named>

    private let store: any ObjectStore
    private let seal: SymmetricKey
    private let bench: Bench
    private let logger: Logger

    init(store: any ObjectStore, seal: DataFolderKey, bench: Bench = Bench(), logger: Logger) {
        self.logger = logger
        self.store = store
        self.seal = SymmetricKey(data: seal.bytes)
        self.bench = bench
    }

    /// Takes a thing in; the same one again is the same thing.
    ///
    /// - Throws: `Item.Refusal` for what is none of its kind, `Bench.Busy`, `ObjectStoreError`.
    func add(_ bytes: [UInt8], by sender: PersonID, at moment: Timestamp) async throws -> Item {
        let ready = try await read(bytes, at: moment)
        try await keep(ready, by: sender)
        return ready.item
    }

    /// A thing that was read and made anew, and is not kept yet.
    struct Ready: Sendable {
        let item: Item
        fileprivate let bytes: [UInt8]
        /// Nil where it lies here already.
        fileprivate let parts: [(name: String, bytes: [UInt8])]?
    }

    /// Reads a thing without keeping anything of it.
    ///
    /// - Throws: As ``add(_:by:at:)``.
    func read(_ bytes: [UInt8], at moment: Timestamp) async throws -> Ready {
        let id = ID(ContentHash.sha256(bytes))
        if let known = try await find(id) { return Ready(item: known, bytes: bytes, parts: nil) }
        let made = try await bench.make { try Item.make(of: bytes, id: id, at: moment) }
        return Ready(item: made.item, bytes: bytes, parts: made.parts)
    }

    /// - Throws: `ObjectStoreError`.
    func keep(_ ready: Ready, by sender: PersonID) async throws {
        let id = ready.item.id
        let bySender = Self.key(id, "by/\(Self.name(of: sender))")
        guard let parts = ready.parts else { return try await put(Data(), as: bySender) }
        for part in parts { try await put(Data(part.bytes), as: Self.key(id, part.name)) }
        let sealed = try AES.GCM.seal(ready.bytes, using: seal, authenticating: Data(id.rawValue.utf8))
        if let whole = sealed.combined { try await put(whole, as: Self.key(id, "original.sealed")) }
        try await put(Data(), as: bySender)
        try await put(try ContractCoding.encode(ready.item), as: Self.key(id, "about.json"))
    }

    /// What is known of a thing; nil where there is none.
    func find(_ id: ID) async throws -> Item? {
        guard let about = try await get(Self.key(id, "about.json")) else { return nil }
        return try ContractCoding.decode(Item.self, from: about)
    }

    /// The thing of this name, where this sender sent it: who only knows its name may not report with it.
    func find(_ id: ID, of sender: PersonID) async throws -> Item? {
        guard try await get(Self.key(id, "by/\(Self.name(of: sender))")) != nil else { return nil }
        return try await find(id)
    }

    /// What others may have of it, by the file's name.
    func part(_ name: String, of id: ID) async throws -> Data? {
        try await get(Self.key(id, name))
    }

    /// The bytes as they were sent.
    func original(_ id: ID) async throws -> Data? {
        guard let sealed = try await get(Self.key(id, "original.sealed")) else { return nil }
        return try AES.GCM.open(
            try AES.GCM.SealedBox(combined: sealed), using: seal, authenticating: Data(id.rawValue.utf8))
    }

    private func put(_ bytes: Data, as key: String) async throws {
        try await noted { try await store.put(bytes, as: key) }
    }

    private func get(_ key: String) async throws -> Data? {
        try await noted { try await store.get(key) }
    }

    /// Who sent a thing is told to come again; the operator must hear of it, too.
    private func noted<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ObjectStoreError {
            logger.error("The place of \(Item.kind.many) does not answer", metadata: ["error": "\(error)"])
            throw error
        }
    }

    private static func key(_ id: ID, _ part: String) -> String { "\(Item.kind.folder)/\(id.rawValue)/\(part)" }

    /// Pseudonyms may have characters that no key has.
    private static func name(of sender: PersonID) -> String { ContentHash.sha256(Data(sender.rawValue.utf8)) }
}
