package import Contracts
import Crypto
import Foundation

/// What seals one person's addresses.
package struct PersonKey: Sendable {
    /// Its name on the shelf; contacts name the key that opens them.
    package let id: String
    private let key: SymmetricKey

    init(id: String, bytes: some ContiguousBytes) {
        self.id = id
        key = SymmetricKey(data: bytes)
    }

    /// Seals an address for the place that it is meant for: it opens nowhere else.
    package func seal(
        _ address: String, of person: PersonID, on channel: Channel, contact: ContactID
    ) throws -> SealedContact {
        SealedContact(
            keyId: id, box: try SealedBox.seal(address, by: key, for: Self.place(person, channel, contact)))
    }

    /// - Throws: ``SealError``.
    package func open(
        _ sealed: SealedContact, of person: PersonID, on channel: Channel, contact: ContactID
    ) throws(SealError) -> String {
        guard sealed.keyId == id else { throw .otherKey }
        return try SealedBox.open(sealed.box, by: key, for: Self.place(person, channel, contact))
    }

    private static func place(_ person: PersonID, _ channel: Channel, _ contact: ContactID) -> String {
        "contact|\(person)|\(channel.rawValue)|\(contact)"
    }
}

/// Why something sealed was not opened.
///
/// It never says what was in it.
package enum SealError: Error, Equatable, CustomStringConvertible {
    case otherKey
    /// Changed, sealed for another place, or by another key.
    case unreadable

    package var description: String {
        switch self {
        case .otherKey: "it was sealed with another key"
        case .unreadable: "it was changed, or was sealed for another place"
        }
    }
}

/// AES-256-GCM over a text, bound to the place that it is meant for.
enum SealedBox {
    static func seal(_ text: String, by key: SymmetricKey, for place: String) throws -> String {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(place.utf8))
        // With the usual nonce of 12 bytes there always is a combined form.
        guard let whole = box.combined else { throw SealError.unreadable }
        return whole.base64EncodedString()
    }

    static func open(_ box: String, by key: SymmetricKey, for place: String) throws(SealError) -> String {
        do {
            guard let whole = Data(base64Encoded: box) else { throw SealError.unreadable }
            let bytes = try AES.GCM.open(
                try AES.GCM.SealedBox(combined: whole), using: key, authenticating: Data(place.utf8))
            guard let text = String(validating: bytes, as: UTF8.self) else { throw SealError.unreadable }
            return text
        } catch {
            // Why exactly is nothing that whoever sent it should learn.
            throw .unreadable
        }
    }
}
