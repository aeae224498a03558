import Contracts
import Foundation
import PersonalKeys
import ServiceKit

/// Seals what people tell of how they are reached, before it leaves portal, and opens it for nobody but themselves.
struct ContactSeal: Sendable {
    let shelf: PersonKeyShelf
    /// Makes the links by which a reader ends messages, and tells two addresses apart without keeping either.
    let personsKey: DataFolderKey
    /// What browsers subscribe with (RFC 8292).
    let webPushKey: String

    init(dataFolder: URL, environment: [String: String]) throws {
        shelf = try PersonKeyShelf.open(dataFolder: dataFolder, environment: environment)
        personsKey = try DataFolderKey.load(.persons, in: dataFolder)
        webPushKey = try VAPIDKey(try DataFolderKey.load(.vapid, in: dataFolder)).publicKey
    }

    func seal(
        _ address: String, of person: PersonID, on channel: Channel, contact: ContactID
    ) async throws -> SealedContact {
        guard let key = try await shelf.key(of: person, making: true) else {
            throw ProblemDetails.unavailable(retryAfter: .seconds(5), "Your key could not be made. Send it again.")
        }
        return try key.seal(address, of: person, on: channel, contact: contact)
    }

    /// Nil where the key was destroyed, or is not the one that sealed it.
    func open(_ contact: PersonSettingsState.Contact, of person: PersonID) async throws -> String? {
        guard let key = try await shelf.key(of: person, id: contact.sealed.keyId) else { return nil }
        do {
            return try key.open(contact.sealed, of: person, on: contact.channel, contact: contact.contactId)
        } catch {
            // What cannot be opened is nobody's to read; the export says that it is there.
            return nil
        }
    }

    /// Tells two addresses apart: without the key nobody finds the address by trying all numbers.
    func fingerprint(of address: String) -> String {
        ContentHash.sha256(Data(personsKey.bytes) + Data("|contact|\(address)".utf8))
    }

    /// The name of a browser's subscription among those of a person: of two people who share a browser nobody can tell.
    func browser(_ subscription: String, of person: PersonID) -> ContactID {
        ContactID(String(fingerprint(of: "\(person)|\(subscription)").prefix(32)))
    }

    func unsubscribe(_ token: String) -> UnsubscribeToken? { UnsubscribeToken(token, by: personsKey) }
}
