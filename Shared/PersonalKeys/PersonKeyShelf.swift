package import Contracts
import Crypto
package import Foundation
package import ObjectStore
package import ServiceKit

/// The keys of people: one of each, and destroying it makes all that it sealed unreadable, wherever copies are.
///
/// A person's folder is `persons/<hash of the person's id>/`. In it lies `key-<id>`: 32 random bytes, sealed with a key of
/// the data folder so that whoever only has the bucket has nothing. Where two programs make a person's first key at the
/// same time both keys stay, and everybody takes the first by name; contacts say which key opens them, so none is lost.
/// `erased-<name>` lists the keys that an erasure takes away: carried out once more, it takes away those and no newer one.
package struct PersonKeyShelf: Sendable {
    private static let keyBytes = 32

    private let store: any ObjectStore
    private let seal: SymmetricKey

    /// - Parameter seal: `DataFolderKey.Name.persons`.
    package init(store: any ObjectStore, seal: DataFolderKey) {
        self.store = store
        self.seal = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: seal.bytes), info: Data("suishoupai person keys".utf8),
            outputByteCount: Self.keyBytes)
    }

    /// The shelf of a deployment: where `PERSON_KEYS` says, a folder or `s3://bucket/prefix`; else in the data folder.
    ///
    /// - Throws: `ObjectStoreError.configuration` or `DataFolderKeyError`.
    package static func open(dataFolder: URL, environment: [String: String]) throws -> PersonKeyShelf {
        let text = environment["PERSON_KEYS"] ?? ""
        let place: ObjectPlace =
            text.isEmpty ? .folder(dataFolder) : try ObjectPlace(text: text, environment: environment)
        return PersonKeyShelf(store: try place.open(), seal: try DataFolderKey.load(.persons, in: dataFolder))
    }

    /// The key to seal with; nil where there is none and none is to be made.
    ///
    /// - Parameter making: makes the first one.
    /// - Throws: `ObjectStoreError`, or ``PersonKeyError`` where one lies there that cannot be read.
    package func key(of person: PersonID, making: Bool) async throws -> PersonKey? {
        let folder = Self.folder(of: person)
        if let key = try await first(in: folder) { return key }
        guard making else { return nil }
        try await make(in: folder)
        // Perhaps not ours: another may have made one meanwhile.
        return try await first(in: folder)
    }

    /// The key that opens a contact; nil once it was destroyed.
    ///
    /// - Throws: As ``key(of:making:)``.
    package func key(of person: PersonID, id: String) async throws -> PersonKey? {
        let name = "\(Self.folder(of: person))/key-\(id)"
        // The id stands in a message: it may be anything.
        guard ObjectKey.isKey(name), !id.contains("/") else { return nil }
        guard let box = try await store.get(name) else { return nil }
        return PersonKey(id: id, bytes: try opened(box, name: name))
    }

    /// Destroys the keys that the person has now; once more by the same name, the same keys and no newer ones.
    ///
    /// - Parameter erasure: names the erasure; any text.
    /// - Throws: `ObjectStoreError`.
    package func destroy(of person: PersonID, erasure: String) async throws {
        let folder = Self.folder(of: person)
        let note = "\(folder)/erased-\(ContentHash.sha256(Data(erasure.utf8)))"
        let doomed: [String]
        if let known = try await store.get(note) {
            doomed = String(decoding: known, as: UTF8.self).split(separator: "\n").map(String.init)
        } else {
            doomed = try await store.list("\(folder)/key-").map(\.key)
            try await store.put(Data(doomed.joined(separator: "\n").utf8), as: note)
        }
        for key in doomed where key.hasPrefix("\(folder)/key-") { try await store.remove(key) }
    }

    private func first(in folder: String) async throws -> PersonKey? {
        for object in try await store.list("\(folder)/key-") {
            // One that is gone by now was destroyed between the two questions.
            guard let box = try await store.get(object.key) else { continue }
            return PersonKey(
                id: String(object.key.dropFirst("\(folder)/key-".count)), bytes: try opened(box, name: object.key))
        }
        return nil
    }

    private func make(in folder: String) async throws {
        let name = "\(folder)/key-\(UUID().uuidString.lowercased())"
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let box = try AES.GCM.seal(bytes, using: seal, authenticating: Data(name.utf8))
        guard let whole = box.combined else { throw PersonKeyError.unreadable }
        try await store.put(whole, as: name)
    }

    private func opened(_ box: Data, name: String) throws -> Data {
        do {
            let bytes = try AES.GCM.open(
                try AES.GCM.SealedBox(combined: box), using: seal, authenticating: Data(name.utf8))
            guard bytes.count == Self.keyBytes else { throw PersonKeyError.unreadable }
            return bytes
        } catch {
            throw PersonKeyError.unreadable
        }
    }

    /// Pseudonyms may have characters that no key has, and a listing of the place names nobody.
    private static func folder(of person: PersonID) -> String {
        "persons/" + ContentHash.sha256(Data("suishoupai person key\n\(person)".utf8))
    }
}

/// A person's key lies there and is none.
package enum PersonKeyError: Error, Equatable, CustomStringConvertible {
    /// Sealed with another data folder's key, or damaged.
    case unreadable

    package var description: String {
        "a person's key cannot be read: is keys/persons.key the one that it was sealed with?"
    }
}
