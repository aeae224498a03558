import Crypto
package import Foundation

/// Signs and checks webhooks by Standard Webhooks 1.0: HMAC-SHA256 of `id.timestamp.body`.
package enum StandardWebhook {
    /// How old, or how far ahead, a call may be.
    package static let tolerance: TimeInterval = 300

    /// The three headers of a signed call.
    package struct Headers: Hashable, Sendable {
        /// Names the message, the same at every repetition.
        package let id: String
        /// Seconds since 1970.
        package let timestamp: String
        /// One or more of `v1,<base64>`, separated by spaces.
        package let signature: String

        package init(id: String, timestamp: String, signature: String) {
            self.id = id
            self.timestamp = timestamp
            self.signature = signature
        }
    }

    /// Why a call is not believed.
    package enum Refusal: Error, Equatable, Sendable {
        case badTimestamp
        case tooOld
        case fromTheFuture
        case wrongSignature
    }

    /// Signs a body.
    ///
    /// - Parameter secrets: one; while a receiver changes its secret, the old and the new one.
    package static func sign(id: String, at moment: Date, body: [UInt8], secrets: [WebhookSecret]) -> Headers {
        let timestamp = String(Int64(moment.timeIntervalSince1970.rounded(.down)))
        let signed = content(id, timestamp, body)
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
            return "v1,\(Data(code).base64EncodedString())"
        }
        return Headers(id: id, timestamp: timestamp, signature: signatures.joined(separator: " "))
    }

    /// Checks a call and returns nil when it is to be believed; any signature by any of the secrets will do.
    package static func refusal(
        of headers: Headers, body: [UInt8], secrets: [WebhookSecret], now: Date
    ) -> Refusal? {
        guard let seconds = Int64(headers.timestamp) else { return .badTimestamp }
        let age = now.timeIntervalSince1970 - TimeInterval(seconds)
        guard age <= tolerance else { return .tooOld }
        guard age >= -tolerance else { return .fromTheFuture }
        let signed = content(headers.id, headers.timestamp, body)
        for signature in headers.signature.split(separator: " ") where signature.hasPrefix("v1,") {
            guard let code = Data(base64Encoded: String(signature.dropFirst(3))) else { continue }
            for secret in secrets
            where HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: SymmetricKey(data: secret.bytes))
            {
                return nil
            }
        }
        return .wrongSignature
    }

    private static func content(_ id: String, _ timestamp: String, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}

/// What sender and receiver of a webhook share: `whsec_` and the base64 of 24 to 64 bytes.
package struct WebhookSecret: Hashable, Sendable {
    let bytes: [UInt8]

    /// Nil when the text is no secret.
    package init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let data = Data(base64Encoded: String(text.dropFirst(6))),
            (24...64).contains(data.count)
        else { return nil }
        bytes = Array(data)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A new secret of 32 random bytes.
    package static func random() -> WebhookSecret {
        WebhookSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// The secret of one receiver, derived from the key of the data folder: it need not be kept anywhere.
    package static func derived(from key: DataFolderKey, for receiver: String) -> WebhookSecret {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("webhook|\(receiver)".utf8),
            outputByteCount: 32)
        return WebhookSecret(bytes: derived.withUnsafeBytes { Array($0) })
    }

    /// The secret as it is told to the receiver, never to a log.
    package var text: String { "whsec_" + Data(bytes).base64EncodedString() }
}

extension WebhookSecret: CustomStringConvertible {
    /// Says nothing, so that a log that prints it says nothing.
    package var description: String { "whsec_***" }
}
