import Contracts
import EventProcessing
import Foundation
import GRDB
import Logging
import ServiceKit
import Synchronization

/// Why it is not known who signed a record.
enum SignatureFault: Error, Equatable {
    /// It is missing, or has another form.
    case malformed
    /// Nobody was given a key of this name, as far as this instance has heard.
    case unknown
    case revoked
    /// Somebody else signed it, or other bytes.
    case wrong

    var message: String {
        switch self {
        case .malformed: "must be a header '<key id>:<HMAC-SHA256 of the value in hexadecimal>'"
        case .unknown: "must name a key that is known here: the keyId that came with your key"
        case .revoked: "must be made with a good key: this one was taken back, ask the operator for a new one"
        case .wrong: "must be the HMAC-SHA256 of exactly these bytes, with the SHA-256 of your key as its secret"
        }
    }
}

/// Who signed a record, and with which secret: that of the one key, and nobody else's.
struct Signer: Equatable, Sendable {
    let platform: PersonID
    let secret: String
}

/// Says whose key a request or a record was signed with, and how much that platform may send.
final class PlatformKeyRing: KeyHolders {
    struct Key: Equatable, Sendable {
        let id: String
        let hash: String
        let platform: PersonID
        let perMinute: Int?
        let revokedFrom: Timestamp?
    }

    private let store: IntakeStore
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let keys = Mutex<[String: Key]>([:])

    /// Begins with the keys that the store knows.
    init(store: IntakeStore, now: @escaping @Sendable () -> Timestamp, logger: Logger) throws {
        self.store = store
        self.now = now
        self.logger = logger
        try reload()
    }

    func holder(of text: String) -> Result<Principal, TokenRefusal>? {
        guard text.hasPrefix(PlatformKey.prefix) else { return nil }
        guard let key = keys.withLock({ $0[PlatformKey.hash(of: text)] }), isGood(key) else {
            return .failure(.unknownKey)
        }
        return .success(Principal(subject: key.platform.rawValue, roles: [.platform]))
    }

    /// Whose key signed these bytes.
    ///
    /// - Parameter header: as it came with them.
    func signer(of value: Data, by header: String?) -> Result<Signer, SignatureFault> {
        guard let signature = header.flatMap({ PlatformSignature($0) }) else { return .failure(.malformed) }
        guard let key = keys.withLock({ $0.values.first { $0.id == signature.keyId } }) else {
            return .failure(.unknown)
        }
        guard isGood(key) else { return .failure(.revoked) }
        guard signature.isValid(for: value, secret: key.hash) else { return .failure(.wrong) }
        return .success(Signer(platform: key.platform, secret: key.hash))
    }

    /// Reports that a platform may send in a minute: the most that a good key of it grants; nil for no limit.
    func perMinute(of platform: PersonID) -> Int? {
        let good = keys.withLock { $0.values.filter { $0.platform == platform && isGood($0) } }
        guard good.allSatisfy({ $0.perMinute != nil }) else { return nil }
        return good.compactMap(\.perMinute).max()
    }

    /// Whether a platform ever had a key.
    func knows(_ platform: PersonID) -> Bool { keys.withLock { $0.values.contains { $0.platform == platform } } }

    /// Looks at what the projection took in, and reads the keys anew where they may have changed.
    func take(_ records: [IncomingRecord]) {
        let types = [PlatformKeyGranted.type, PlatformKeyRevoked.type]
        guard records.contains(where: { types.contains($0.attributes.type) }) else { return }
        do {
            try reload()
        } catch {
            logger.error("The platforms' keys could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func isGood(_ key: Key) -> Bool { key.revokedFrom.map { now() < $0 } ?? true }

    private func reload() throws {
        let found = try store.pool.read { db in try PlatformKeys.all(in: db) }
        keys.withLock { $0 = Dictionary(found.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first }) }
    }
}
