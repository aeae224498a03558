import Foundation

/// The key that a rider platform 平台 signs its requests with: 32 random bytes as text, which only the platform keeps.
///
/// Nobody guesses so much chance, so a plain hash of it hides it well enough; a slow one would only slow each request.
package enum PlatformKey {
    /// What every key begins with, so that it is known for one where it turns up.
    package static let prefix = "ssp_"

    /// The SHA-256 of the key's text, in lower-case hex: all that is kept of it.
    package static func hash(of key: String) -> String {
        ContentHash.sha256(Data(key.utf8))
    }

    /// A new key.
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in String(generator.next(), radix: 16) }
        return prefix + words.map { String(repeating: "0", count: 16 - $0.utf8.count) + $0 }.joined()
    }
}

/// A platform may report with the key of this hash.
package struct PlatformKeyGranted: Message {
    package static let type = "platform-key.granted"

    /// Names the key where it is spoken of; says nothing of its text.
    package let keyId: String
    package let platform: PersonID
    /// SHA-256 of the key's text, in lower-case hex.
    package let hash: String
    /// Reports that the platform may send in a minute, over all its keys; absent for no limit.
    package let perMinute: Int?

    package init(keyId: String, platform: PersonID, hash: String, perMinute: Int?) {
        self.keyId = keyId
        self.platform = platform
        self.hash = hash
        self.perMinute = perMinute
    }

    package var subject: String { keyId }
}

/// A platform's key is no longer good from a moment on.
package struct PlatformKeyRevoked: Message {
    package static let type = "platform-key.revoked"

    package let keyId: String
    package let from: Timestamp

    package init(keyId: String, from: Timestamp) {
        self.keyId = keyId
        self.from = from
    }

    package var subject: String { keyId }
}
