package import Contracts
import Crypto
import Foundation
package import ServiceKit

extension SealedText {
    /// Seals the URL of an endpoint, which for a group robot holds the provider's token.
    ///
    /// - Parameter key: `DataFolderKey.Name.webhook`.
    package static func sealing(
        _ url: String, of endpoint: EndpointID, by key: DataFolderKey
    ) throws -> SealedText {
        SealedText(box: try SealedBox.seal(url, by: derived(key), for: "endpoint|\(endpoint)"))
    }

    /// - Throws: ``SealError``.
    package func opened(of endpoint: EndpointID, by key: DataFolderKey) throws(SealError) -> String {
        try SealedBox.open(box, by: Self.derived(key), for: "endpoint|\(endpoint)")
    }

    /// Of its own, since the same key also makes the secrets that receivers are told.
    private static func derived(_ key: DataFolderKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("suishoupai endpoint url".utf8),
            outputByteCount: 32)
    }
}
