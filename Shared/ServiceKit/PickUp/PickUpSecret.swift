import Crypto
import Foundation
import JWTKit

/// Makes what people show to get their order: a short code to say aloud, and a signed pass to scan.
///
/// Both follow from the order and a secret of the deployment, so that neither is kept anywhere or travels in the log.
package struct PickUpSecret: Sendable {
    /// Letters that are not mistaken for digits or for one another when they are said or read.
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
    private static let length = 8

    private let keyed: HMAC<SHA256>
    private let publicKey: [UInt8]
    private let keyID: String
    private let keys: JWTKeyCollection

    package init(_ key: DataFolderKey) async throws {
        let secret = SymmetricKey(data: key.bytes)
        keyed = HMAC(key: Self.derived(from: secret, for: "code"))
        let seed = Self.derived(from: secret, for: "pass").withUnsafeBytes { Data($0) }
        let signing = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        publicKey = Array(signing.publicKey.rawRepresentation)
        keyID = Base64URL.text(SHA256.hash(data: publicKey).prefix(9))
        keys = JWTKeyCollection()
        await keys.add(eddsa: EdDSA.PrivateKey(backing: signing), kid: JWKIdentifier(string: keyID))
    }

    private static func derived(from secret: SymmetricKey, for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, info: Data("suishoupai pick-up \(purpose)".utf8), outputByteCount: 32)
    }

    /// Eight letters for an order: 36 bits, far too many to try at a counter.
    package func code(of order: String) -> String {
        var code = keyed
        code.update(data: Data(order.utf8))
        // The first 64 bits as a number: that 24^8 does not divide 2^64 favours no letter by more than 1 in 10^8.
        var number = code.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(
            (0..<Self.length).map { _ in
                let (rest, letter) = number.quotientAndRemainder(dividingBy: UInt64(Self.letters.count))
                number = rest
                return Self.letters[Int(letter)]
            })
    }

    /// What somebody typed, as a code is written: `abcd-efgh` is `ABCDEFGH`; nil for what is none.
    package static func code(typed text: String) -> String? {
        let code = text.uppercased().filter { $0 != " " && $0 != "-" }
        return code.count == length && code.allSatisfy(letters.contains) ? code : nil
    }

    /// The signed pass (JWT, EdDSA).
    package func token(of pass: PickUpPass) async throws -> String {
        try await keys.sign(pass.claims, kid: JWKIdentifier(string: keyID))
    }

    /// The public key, as a JSON Web Key Set (RFC 7517, RFC 8037): what a station keeps to check passes offline.
    package var publicKeys: JSONValue {
        [
            "keys": [
                [
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": .string(keyID),
                    "x": .string(Base64URL.text(publicKey)),
                ]
            ]
        ]
    }
}
