import Crypto
package import Foundation

/// A secret key that lives in the data folder and is made by whoever needs it first.
///
/// All programs on one machine share the folder and therefore the key. The file holds 32 random bytes as base64url and
/// is readable only by its owner. It appears complete or not at all: two programs that start together get the same key.
package struct DataFolderKey: Sendable {
    /// Which key: the name of its file in `keys/`.
    package enum Name: String, Sendable {
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

    /// Reads the key, and makes it first when there is none.
    ///
    /// - Throws: ``DataFolderKeyError``.
    package static func load(_ name: Name, in dataFolder: URL) throws -> DataFolderKey {
        let folder = dataFolder.appending(path: "keys", directoryHint: .isDirectory)
        let file = folder.appending(path: name.rawValue)
        if let key = try read(file) { return key }
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try make(file)
        guard let key = try read(file) else {
            throw DataFolderKeyError(file: file.path(percentEncoded: false), reason: "vanished right after it was made")
        }
        return key
    }

    private static func read(_ file: URL) throws -> DataFolderKey? {
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard try !isOpenToAll(path) else {
            throw DataFolderKeyError(file: path, reason: "is open to every user of this machine: chmod 600 it")
        }
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard let bytes = Base64URL.bytes(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count >= 32
        else { throw DataFolderKeyError(file: path, reason: "must hold at least 32 bytes as base64url") }
        return DataFolderKey(bytes: bytes)
    }

    /// Whether anybody beyond its owner and their group may do something with it; a mounted secret is the group's to read.
    private static func isOpenToAll(_ path: String) throws -> Bool {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false))
        guard let mode = attributes[.posixPermissions] as? NSNumber else { return true }
        return mode.intValue & 0o007 != 0
    }

    /// Writes a new key beside the place and links it there: the link fails when another program was first, whose key
    /// then holds.
    private static func make(_ file: URL) throws {
        let path = file.path(percentEncoded: false)
        let draft = "\(path).\(UUID().uuidString)"
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.text($0) }
        defer { unlink(draft) }
        try write(Array("\(key)\n".utf8), to: draft)
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw DataFolderKeyError(file: path, reason: "could not be made: \(String(cString: strerror(errno)))")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataFolderKeyError(file: path, reason: "could not be made: \(String(cString: strerror(errno)))")
        }
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        let isSafe = written == bytes.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isSafe else {
            throw DataFolderKeyError(file: path, reason: "could not be written: \(String(cString: strerror(errno)))")
        }
    }
}

/// A key file that cannot be used, and why.
package struct DataFolderKeyError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let reason: String

    package var description: String { "The key file \(file) \(reason)." }
}
