import Crypto
package import Foundation

/// A secret key that lives in the data folder and is made by whoever needs it first.
///
/// All programs on one machine share the folder and therefore the key. It is 32 random bytes in a file that is readable
/// only by its owner, and appears complete or not at all: two programs that start together get the same key.
package struct DataFolderKey: Sendable, Hashable {
    /// Which key: the name of its file in `keys/`.
    package enum Name: String, Sendable, CaseIterable {
        /// Signs and checks the tokens of people and programs.
        case jwt = "jwt-hs256.key"
        /// Signs the webhooks that are sent.
        case webhook = "webhook.key"
        /// Seals photos as they were sent.
        case photos = "photos.key"
        /// Hides who reports confidentially or anonymously, and makes the links by which a report is followed.
        case reporters = "reporters.key"
        /// Seals voice notes as they were sent.
        case voiceNotes = "voice-notes.key"
        /// Marks the nonces that go out with forms.
        case captures = "captures.key"
        /// Makes the pick-up codes of orders, and signs the passes that stations check.
        case pickUp = "pick-up.key"
        /// Makes the key pair by which push services know who sends.
        case vapid = "vapid.key"
        /// Seals the keys of people, which seal their addresses.
        case persons = "persons.key"
        /// Seals the sessions of those who signed in by a browser.
        case sessions = "sessions.key"
        /// Signs the manifests of exports.
        case exports = "exports.key"
        /// Signs what portal says of who asks, where it hands a request on to another program.
        case forwarding = "forwarding.key"
    }

    package let bytes: [UInt8]

    /// A key that nobody had before.
    package static func random() -> DataFolderKey {
        DataFolderKey(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// By what operators tell keys apart, eight hexadecimal digits; nothing of the key follows from it.
    package var label: String {
        SHA256.hash(data: Data("suishoupai key label\n".utf8) + bytes).prefix(4)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Reads the key that signs and seals by now, and makes it first when there is none.
    ///
    /// A program that goes on for long and has to know of a rotation opens ``DataFolderKeys`` instead.
    /// - Throws: ``DataFolderKeyError``.
    package static func load(_ name: Name, in dataFolder: URL) throws -> DataFolderKey {
        guard let choice = try KeyFile.load(name, in: dataFolder).choice(at: Date()) else {
            let file = KeyFile.url(of: name, in: dataFolder).path(percentEncoded: false)
            throw DataFolderKeyError(file: file, reason: KeyFile.noneIsGood)
        }
        return choice.signing
    }
}

/// A key file that cannot be used, and why.
package struct DataFolderKeyError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let reason: String

    package var description: String { "The key file \(file) \(reason)." }
}
