import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Every key that a platform was ever given, and which were taken back; of the keys themselves only hashes.
///
/// Is kept in the data folder, since a broker of one machine forgets, and travels on `reference.v1`, since on a cluster
/// the folder is that of one host among many.
struct PlatformKeyBook: Codable, Sendable, Equatable {
    private(set) var granted: [Envelope<PlatformKeyGranted>] = []
    private(set) var revoked: [Envelope<PlatformKeyRevoked>] = []

    /// A key as an operator sees it.
    struct Entry: Codable, Sendable, Equatable {
        let keyId: String
        let platform: String
        let perMinute: Int?
        let grantedAt: Timestamp
        /// The first moment when it is not good any more; absent for one that is good until it is revoked.
        let revokedFrom: Timestamp?
    }

    /// In the order in which they were given.
    var entries: [Entry] {
        granted.map { key in
            Entry(
                keyId: key.data.keyId, platform: key.data.platform.rawValue, perMinute: key.data.perMinute,
                grantedAt: key.time, revokedFrom: revokedFrom(key.data.keyId))
        }
    }

    func key(_ id: String) -> PlatformKeyGranted? { granted.first { $0.data.keyId == id }?.data }

    /// Of several revocations the earliest counts.
    func revokedFrom(_ id: String) -> Timestamp? {
        revoked.filter { $0.data.keyId == id }.map(\.data.from).min()
    }

    mutating func add(_ key: Envelope<PlatformKeyGranted>) {
        guard !granted.contains(where: { $0.id == key.id }) else { return }
        granted.append(key)
    }

    mutating func add(_ revocation: Envelope<PlatformKeyRevoked>) {
        guard !revoked.contains(where: { $0.id == revocation.id }) else { return }
        revoked.append(revocation)
    }

    mutating func add(_ other: PlatformKeyBook) {
        for key in other.granted { add(key) }
        for revocation in other.revoked { add(revocation) }
    }
}

// MARK: - In the folder

extension DataFolder {
    /// The file where the hashes of platforms' keys are kept for ever.
    var platformKeysFile: URL { url.appending(path: "platform-keys.json") }
}

extension PlatformKeyBook {
    static func kept(in folder: DataFolder) throws -> PlatformKeyBook {
        let file = folder.platformKeysFile
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return PlatformKeyBook() }
        return try ContractCoding.decode(PlatformKeyBook.self, from: Data(contentsOf: file))
    }

    /// Only the folder's owner may read it: whoever has a key's hash can sign what its platform writes to Kafka.
    func keep(in folder: DataFolder) throws {
        let file = folder.platformKeysFile
        try ContractCoding.encode(self).write(to: file, options: .atomic)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: file.path(percentEncoded: false))
    }
}

// MARK: - On the topic

extension PlatformKeyBook {
    /// What `reference.v1` knows.
    static func read(_ session: DeploymentSession, logger: Logger) async throws -> PlatformKeyBook {
        var book = PlatformKeyBook()
        try await session.eachRecord(of: [TopicCatalogue.reference], logger: logger) { record in
            guard let value = record.value else { return }
            switch try MessageAttributes(value: value).type {
            case PlatformKeyGranted.type: book.add(try Envelope<PlatformKeyGranted>(value: value))
            case PlatformKeyRevoked.type: book.add(try Envelope<PlatformKeyRevoked>(value: value))
            default: return
            }
        }
        return book
    }

    /// Says again what the log lacks.
    func publish(on session: DeploymentSession, logger: Logger) async throws {
        guard !granted.isEmpty else { return }
        let known = try await Self.read(session, logger: logger)
        let topic = TopicCatalogue.reference
        let keys = try granted.filter { key in !known.granted.contains { $0.id == key.id } }.map {
            session.record(try $0.value(), key: $0.data.keyId, to: topic, partition: 0)
        }
        let revocations = try revoked.filter { word in !known.revoked.contains { $0.id == word.id } }.map {
            session.record(try $0.value(), key: $0.data.keyId, to: topic, partition: 0)
        }
        guard !keys.isEmpty || !revocations.isEmpty else { return }
        try await session.send(keys + revocations, logger: logger)
    }
}
