import Contracts
import Crypto
import Foundation
import Logging
import ObjectStore
import Photos
import ServiceKit

/// A photo that was taken in: what it is called, and what is known of it.
struct KeptPhoto: Codable, Equatable, Sendable {
    /// SHA-256 of the bytes as they were sent, in lower-case hex.
    let id: PhotoID
    /// Of the picture that others see, in pixels.
    let width: Int
    let height: Int
    /// What it looks like, as 16 hexadecimal digits: see `DifferenceHash`.
    let look: String
    let uploadedAt: Timestamp
}

/// Keeps photos by what they are: the same bytes are kept once.
///
/// Under `photos/<id>/`: `shown.jpg` and `thumbnail.jpg` for others, written anew without EXIF; `original.sealed`, the
/// bytes as they were sent, encrypted; `by/<hash>` for each who sent them; and `about.json`, written last: a photo
/// without it was never wholly taken in.
struct PhotoShelf: Sendable {
    /// Which form of a photo.
    enum Form: String, CaseIterable, Sendable {
        case shown
        case thumbnail

        /// The longer side at most, in pixels.
        var most: Int {
            switch self {
            case .shown: 2_048
            case .thumbnail: 320
            }
        }
    }

    private let store: any ObjectStore
    private let seal: SymmetricKey
    private let bench: PhotoBench
    private let logger: Logger

    init(store: any ObjectStore, seal: DataFolderKey, bench: PhotoBench = PhotoBench(), logger: Logger) {
        self.logger = logger
        self.store = store
        self.seal = SymmetricKey(data: seal.bytes)
        self.bench = bench
    }

    /// Takes a photo in; the same one again is the same photo.
    ///
    /// - Throws: `PhotoError` for what is none, `PhotoBench.Busy`, `ObjectStoreError`.
    func add(_ bytes: [UInt8], by sender: PersonID, at moment: Timestamp) async throws -> KeptPhoto {
        let id = PhotoID(ContentHash.sha256(bytes))
        if let known = try await photo(id) {
            try await put(Data(), as: Self.key(id, "by/\(Self.name(of: sender))"))
            return known
        }
        let made = try await bench.make(bytes)
        try await put(Data(made.shown), as: Self.key(id, "shown.jpg"))
        try await put(Data(made.thumbnail), as: Self.key(id, "thumbnail.jpg"))
        let sealed = try AES.GCM.seal(bytes, using: seal, authenticating: Data(id.rawValue.utf8))
        if let whole = sealed.combined { try await put(whole, as: Self.key(id, "original.sealed")) }
        try await put(Data(), as: Self.key(id, "by/\(Self.name(of: sender))"))
        let photo = KeptPhoto(
            id: id, width: made.width, height: made.height, look: made.look.description, uploadedAt: moment)
        try await put(try ContractCoding.encode(photo), as: Self.key(id, "about.json"))
        return photo
    }

    /// What is known of a photo; nil where there is none.
    func photo(_ id: PhotoID) async throws -> KeptPhoto? {
        guard let about = try await get(Self.key(id, "about.json")) else { return nil }
        return try ContractCoding.decode(KeptPhoto.self, from: about)
    }

    /// The photo of this name, where this sender sent it: who only knows its name may not report with it.
    func photo(_ id: PhotoID, of sender: PersonID) async throws -> KeptPhoto? {
        guard try await get(Self.key(id, "by/\(Self.name(of: sender))")) != nil else { return nil }
        return try await photo(id)
    }

    /// The JPEG that others may see.
    func picture(_ id: PhotoID, _ form: Form) async throws -> Data? {
        try await get(Self.key(id, "\(form.rawValue).jpg"))
    }

    /// The bytes as they were sent.
    func original(_ id: PhotoID) async throws -> Data? {
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

    /// Who sent a photo is told to come again; the operator must hear of it, too.
    private func noted<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ObjectStoreError {
            logger.error("The place of photos does not answer", metadata: ["error": "\(error)"])
            throw error
        }
    }

    private static func key(_ id: PhotoID, _ part: String) -> String { "photos/\(id.rawValue)/\(part)" }

    /// Pseudonyms may have characters that no key has.
    private static func name(of sender: PersonID) -> String { ContentHash.sha256(Data(sender.rawValue.utf8)) }
}
