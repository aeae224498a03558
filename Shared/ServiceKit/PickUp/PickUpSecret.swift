import Crypto
import Foundation
import JWTKit

/// Makes what people show to get their order: a short code to say aloud, and a signed pass to scan.
///
/// Both follow from the order and a secret of the deployment, so that neither is kept anywhere or travels in the log. What
/// followed from a former secret is good for as long as that is believed.
package struct PickUpSecret: Sendable {
    /// Letters that are not mistaken for digits or for one another when they are said or read.
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
    private static let length = 8

    private let keys: DataFolderKeys

    package init(_ keys: DataFolderKeys) { self.keys = keys }

    private static func derived(from key: DataFolderKey, for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("suishoupai pick-up \(purpose)".utf8),
            outputByteCount: 32)
    }

    /// Eight letters for an order: 36 bits, far too many to try at a counter.
    package func code(of order: String) -> String { Self.code(of: order, by: keys.signing) }

    /// Whether these letters were shown for the order, now or before a change of keys.
    package func isCode(_ code: String, of order: String) -> Bool {
        keys.accepted.contains { Self.code(of: order, by: $0) == code }
    }

    private static func code(of order: String, by key: DataFolderKey) -> String {
        var code = HMAC<SHA256>(key: derived(from: key, for: "code"))
        code.update(data: Data(order.utf8))
        // The first 64 bits as a number: that 24^8 does not divide 2^64 favours no letter by more than 1 in 10^8.
        var number = code.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(
            (0..<length).map { _ in
                let (rest, letter) = number.quotientAndRemainder(dividingBy: UInt64(letters.count))
                number = rest
                return letters[Int(letter)]
            })
    }

    /// What somebody typed, as a code is written: `abcd-efgh` is `ABCDEFGH`; nil for what is none.
    package static func code(typed text: String) -> String? {
        let code = text.uppercased().filter { $0 != " " && $0 != "-" }
        return code.count == length && code.allSatisfy(letters.contains) ? code : nil
    }

    /// The signed pass (JWT, EdDSA).
    package func token(of pass: PickUpPass) async throws -> String {
        let signing = try Self.signing(by: keys.signing)
        let id = JWKIdentifier(string: Self.keyID(of: signing.publicKey))
        let signers = JWTKeyCollection()
        await signers.add(eddsa: EdDSA.PrivateKey(backing: signing), kid: id)
        return try await signers.sign(pass.claims, kid: id)
    }

    /// The public keys, as a JSON Web Key Set (RFC 7517, RFC 8037): what a station keeps to check passes offline.
    package func publicKeys() throws -> JSONValue {
        let keys: [JSONValue] = try keys.accepted.map { key in
            let publicKey = try Self.signing(by: key).publicKey
            return [
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": .string(Self.keyID(of: publicKey)),
                "x": .string(Base64URL.text(publicKey.rawRepresentation)),
            ]
        }
        return ["keys": .array(keys)]
    }

    private static func signing(by key: DataFolderKey) throws -> Curve25519.Signing.PrivateKey {
        try Curve25519.Signing.PrivateKey(
            rawRepresentation: derived(from: key, for: "pass").withUnsafeBytes { Data($0) })
    }

    private static func keyID(of key: Curve25519.Signing.PublicKey) -> String {
        Base64URL.text(SHA256.hash(data: key.rawRepresentation).prefix(9))
    }
}
