import JWTKit

/// A JSON Web Key Set (RFC 7517) that no token can be checked with.
enum KeySetError: Error, Equatable, CustomStringConvertible {
    case notASet
    case noUsableKey

    var description: String {
        switch self {
        case .notASet: "the document is no JSON Web Key Set"
        case .noUsableKey: "the set has no key that signatures are checked with"
        }
    }
}

extension JWTKeyCollection {
    /// The keys of a set that signatures can be checked with.
    ///
    /// Providers put others beside them, for encryption or of kinds yet unknown: those are passed over, as RFC 7517 asks.
    static func reading(_ document: [UInt8]) async throws -> JWTKeyCollection {
        guard let members = try JSONValue(parsing: document)["keys"]?.array else { throw KeySetError.notASet }
        let collection = JWTKeyCollection()
        var count = 0
        for member in members {
            guard let key = PublicKey(member) else { continue }
            do {
                try await collection.add(jwk: try JWK(json: key.json(unnamed: "unnamed-\(count)").text()))
                count += 1
            } catch {
                // A point off its curve, an exponent that is none: nobody can sign with it either.
                continue
            }
        }
        guard count > 0 else { throw KeySetError.noUsableKey }
        return collection
    }
}

/// One public key of a set, with the one algorithm that it is good for.
///
/// The algorithm is the key's word or its kind's first choice, never the token's: whoever makes a token must not choose
/// how it is checked.
private struct PublicKey {
    private static let algorithms: [String: Set<String>] = [
        "RSA": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"], "EC": ["ES256", "ES384", "ES512"],
        "OKP": ["EdDSA"],
    ]
    private static let curves = ["P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"]
    /// What RFC 7518 asks of RSA: 2,048 bits.
    private static let shortestModulus = 256

    private let members: [String: JSONValue]
    private let algorithm: String

    /// Nil where the key is not for checking signatures, or of no kind that is known here.
    init?(_ value: JSONValue) {
        guard let members = value.object, let kind = members["kty"]?.string,
            let known = Self.algorithms[kind], (members["use"]?.string ?? "sig") == "sig",
            members["key_ops"]?.array?.contains("verify") ?? true
        else { return nil }
        let choice = kind == "RSA" ? "RS256" : members["crv"]?.string.flatMap { Self.curves[$0] }
        guard let algorithm = members["alg"]?.string ?? choice, known.contains(algorithm) else { return nil }
        if kind == "RSA" {
            guard let modulus = members["n"]?.string.flatMap({ Base64URL.bytes($0) }),
                modulus.drop(while: { $0 == 0 }).count >= Self.shortestModulus
            else { return nil }
        }
        self.members = members
        self.algorithm = algorithm
    }

    /// The public part alone.
    func json(unnamed name: String) -> JSONValue {
        var json = members.filter { ["kty", "kid", "n", "e", "crv", "x", "y"].contains($0.key) }
        json["alg"] = .string(algorithm)
        if json["kid"]?.string == nil { json["kid"] = .string(name) }
        return .object(json)
    }
}
