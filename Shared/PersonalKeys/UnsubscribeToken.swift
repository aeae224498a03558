package import Contracts
import Crypto
import Foundation
package import ServiceKit

/// What stands in the link of a message by which its reader ends such messages, without signing in (RFC 8058).
///
/// Nobody can make one, and nobody reads from it whose it is.
package struct UnsubscribeToken: Sendable, Equatable {
    private static let place = "unsubscribe"

    package let personId: PersonID
    package let channel: Channel
    /// Absent for everything on the channel.
    package let kind: NotificationKind?

    package init(personId: PersonID, channel: Channel, kind: NotificationKind?) {
        self.personId = personId
        self.channel = channel
        self.kind = kind
    }

    /// As base64url.
    ///
    /// - Parameter key: `DataFolderKey.Name.persons`.
    package func text(by key: DataFolderKey) throws -> String {
        let content = [channel.rawValue, kind?.rawValue ?? "", personId.rawValue].joined(separator: "|")
        let box = try SealedBox.seal(content, by: Self.derived(key), for: Self.place)
        return Base64URL.text(Data(base64Encoded: box) ?? Data())
    }

    /// Nil for what was not made by this deployment.
    package init?(_ text: String, by key: DataFolderKey) {
        guard let bytes = Base64URL.bytes(text),
            let content = try? SealedBox.open(
                Data(bytes).base64EncodedString(), by: Self.derived(key), for: Self.place)
        else { return nil }
        let parts = content.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let channel = Channel(rawValue: parts[0]) else { return nil }
        let kind = NotificationKind(rawValue: parts[1])
        // What was meant for one kind never ends all of them.
        guard kind != nil || parts[1].isEmpty else { return nil }
        self.init(personId: PersonID(parts[2]), channel: channel, kind: kind)
    }

    private static func derived(_ key: DataFolderKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("suishoupai unsubscribe".utf8),
            outputByteCount: 32)
    }
}
