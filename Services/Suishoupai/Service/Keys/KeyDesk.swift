import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Where keys are given and taken back: written down in the folder first, and then said on the topic.
struct KeyDesk: Sendable {
    let folder: DataFolder
    let logger: Logger

    /// What the folder and a running broker know together.
    func book() async throws -> PlatformKeyBook {
        var book = try PlatformKeyBook.kept(in: folder)
        if let session = try await session() { book.add(try await .read(session, logger: logger)) }
        return book
    }

    func create(for platform: PersonID, perMinute: Int?, at moment: Timestamp) async throws -> NewPlatformKey {
        try await changing { book in
            let key = PlatformKey.random()
            let keyId = "k-" + MessageID.random().description.suffix(8)
            book.add(
                Self.envelope(
                    PlatformKeyGranted(
                        keyId: keyId, platform: platform, hash: PlatformKey.hash(of: key), perMinute: perMinute),
                    at: moment))
            return { NewPlatformKey(key: key, keyId: keyId, platform: platform.rawValue, published: $0) }
        }
    }

    func rotate(_ keyId: String, graceHours: Int, at moment: Timestamp) async throws -> NewPlatformKey {
        let old = try await demand(keyId, at: moment)
        let made = try await create(for: old.platform, perMinute: old.perMinute, at: moment)
        let end = moment.adding(milliseconds: Int64(graceHours) * 3_600_000)
        _ = try await changing { book in
            book.add(Self.envelope(PlatformKeyRevoked(keyId: keyId, from: end), at: moment))
            return { $0 }
        }
        return made
    }

    /// Takes a key back; one that is taken back already is only said again.
    ///
    /// - Returns: Whether running services were told.
    func revoke(_ keyId: String, at moment: Timestamp) async throws -> Bool {
        let book = try await book()
        guard book.key(keyId) != nil else { throw Self.unknown(keyId) }
        let isRevoked = book.revokedFrom(keyId).map { $0 <= moment } ?? false
        return try await changing { book in
            if !isRevoked {
                book.add(Self.envelope(PlatformKeyRevoked(keyId: keyId, from: moment), at: moment))
            }
            return { $0 }
        }
    }

    /// The key of this name, which must be good.
    private func demand(_ keyId: String, at moment: Timestamp) async throws -> PlatformKeyGranted {
        let book = try await book()
        guard let key = book.key(keyId) else { throw Self.unknown(keyId) }
        if let end = book.revokedFrom(keyId), end <= moment {
            throw ValidationError("Key '\(keyId)' was revoked at \(end). Make a new one with 'suishoupai keys create'.")
        }
        return key
    }

    private static func unknown(_ keyId: String) -> ValidationError {
        ValidationError("There is no key '\(keyId)'. See them with 'suishoupai keys list'.")
    }

    /// Changes the book, one command at a time, and tells the log where there is one.
    ///
    /// What is written down and could not be said is said at the next change, or by `up` when it starts.
    private func changing<Result>(
        _ change: (inout PlatformKeyBook) -> (_ isPublished: Bool) -> Result
    ) async throws -> Result {
        let lock: LockFile
        do {
            lock = try LockFile(folder.url.appending(path: "platform-keys.lock"))
        } catch is StoreError {
            throw ValidationError("Another 'suishoupai keys' is at work on this folder: wait until it has ended.")
        }
        defer { lock.release() }
        var book = try PlatformKeyBook.kept(in: folder)
        let session = try await session()
        // Keys that another host gave.
        if let session { book.add(try await .read(session, logger: logger)) }
        let result = change(&book)
        try book.keep(in: folder)
        guard let session else { return result(false) }
        try await book.publish(on: session, logger: logger)
        return result(true)
    }

    /// Nil where nothing runs on the folder and no cluster is named.
    private func session() async throws -> DeploymentSession? {
        try await DeploymentBroker.find(folder)?.demandSession(logger: logger)
    }

    private static func envelope<Word: Message>(_ word: Word, at moment: Timestamp) -> Envelope<Word> {
        Envelope(word, id: .random(), source: "/suishoupai", time: moment)
    }
}
