import Foundation
import Hummingbird
import HummingbirdTesting
import JWTKit
import NIOCore
import ServiceKit
import ServiceLifecycle
import Synchronization
import Testing

/// An identity provider on a port of its own, which can be slow, wrong, or away.
final class IdentityProvider: Sendable {
    enum Behaviour: Sendable {
        case document([UInt8])
        case fails
        case redirects(to: String)
        /// Takes the request and says nothing.
        case silent
        /// Begins an answer and never ends it.
        case endless
    }

    private struct State {
        var behaviour: Behaviour
        var asked = 0
        var port = 0
    }

    private let state: Mutex<State>

    init(_ behaviour: Behaviour) { state = Mutex(State(behaviour: behaviour)) }

    /// How often it was asked, redirects included.
    var asked: Int { state.withLock { $0.asked } }

    /// Where it stands, or stood last.
    var port: Int { state.withLock { $0.port } }

    func become(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }

    /// Stands at a port until `body` ends: of the system's choice, or where it stood before.
    func stand(at port: Int = 0, _ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let router = Router()
        router.get("keys") { _, _ in try await self.answer() }
        router.get("moved") { _, _ in try await self.answer() }
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) },
            logger: TestProgram().logger)
        let group = ServiceGroup(configuration: .init(services: [app], logger: TestProgram().logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let bound = try #require(await ports.first { _ in true })
            state.withLock { $0.port = bound }
            try await body(bound)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func answer() async throws -> Response {
        let behaviour = state.withLock { state in
            state.asked += 1
            return state.behaviour
        }
        switch behaviour {
        case .document(let bytes): return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .fails: return Response(status: .internalServerError)
        case .redirects(let place):
            become(.document([]))
            return Response(status: .found, headers: [.location: place])
        case .silent:
            try await gracefulShutdown()
            return Response(status: .noContent)
        case .endless:
            return Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: "{\"keys\":["))
                    try await gracefulShutdown()
                    try await writer.finish(nil)
                })
        }
    }
}

/// A key that a provider signs with, and publishes under a name.
struct SigningKey: Sendable {
    let name: String
    let json: JSONValue
    private let keys: JWTKeyCollection

    /// An elliptic key made anew.
    static func es256(_ name: String) async throws -> SigningKey {
        let key = ES256PrivateKey()
        let point = try #require(key.publicKey.parameters)
        return SigningKey(
            name: name,
            json: [
                "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": .string(name), "x": .string(point.x),
                "y": .string(point.y),
            ], keys: await JWTKeyCollection().add(ecdsa: key, kid: JWKIdentifier(string: name)))
    }

    /// The one RSA key of these tests, published without its algorithm as some providers do.
    static func rs256(_ name: String) async throws -> SigningKey {
        let key = try Insecure.RSA.PrivateKey(
            modulus: TestRSAKey.modulus, exponent: "AQAB", privateExponent: TestRSAKey.privateExponent)
        return SigningKey(
            name: name,
            json: ["kty": "RSA", "kid": .string(name), "n": .string(TestRSAKey.modulus), "e": "AQAB"],
            keys: await JWTKeyCollection().add(
                rsa: key, digestAlgorithm: .sha256, kid: JWKIdentifier(string: name)))
    }

    /// A token of somebody with the role of a platform, good at the tests' noon.
    func token() async throws -> String {
        try await keys.sign(ProviderClaims(), kid: JWKIdentifier(string: name))
    }

    static func set(_ keys: SigningKey..., besides others: [JSONValue] = []) -> [UInt8] {
        JSONValue.object(["keys": .array(others + keys.map(\.json))]).bytes()
    }
}

struct ProviderClaims: JWTPayload {
    var sub = "p-9"
    var roles = ["platform", "king"]
    var exp = noon.timeIntervalSince1970 + 60
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Whom such a token names.
let bearer = Result<Principal, TokenRefusal>.success(Principal(subject: "p-9", roles: [.platform]))
