import Crypto
import Foundation
import ServiceKit

/// Where a browser is reached: what its `PushSubscription.toJSON()` says (W3C Push API).
struct PushSubscription: Sendable {
    /// The push service's URL, which nobody else may learn.
    let endpoint: String
    let publicKey: P256.KeyAgreement.PublicKey
    /// 16 bytes that browser and sender share.
    let authSecret: [UInt8]

    /// Nil for what is no subscription.
    init?(json: String) {
        guard let value = try? JSONValue(text: json), let endpoint = value["endpoint"]?.string,
            let point = value["keys"]?["p256dh"]?.string.flatMap(Base64URL.unpadded),
            let secret = value["keys"]?["auth"]?.string.flatMap(Base64URL.unpadded), secret.count == 16,
            let key = try? P256.KeyAgreement.PublicKey(x963Representation: Data(point))
        else { return nil }
        self.endpoint = endpoint
        publicKey = key
        authSecret = secret
    }

    init(endpoint: String, publicKey: P256.KeyAgreement.PublicKey, authSecret: [UInt8]) {
        self.endpoint = endpoint
        self.publicKey = publicKey
        self.authSecret = authSecret
    }

    /// `https://host:port` of the push service; nil where the URL is none.
    var origin: String? {
        guard let url = URL(string: endpoint), let scheme = url.scheme, let host = url.host(), !host.isEmpty else {
            return nil
        }
        return "\(scheme)://\(host)" + (url.port.map { ":\($0)" } ?? "")
    }
}

extension Base64URL {
    /// The bytes of base64url with or without its padding: browsers differ.
    static func unpadded(_ text: String) -> [UInt8]? {
        bytes(String(text.prefix { $0 != "=" }))
    }
}
