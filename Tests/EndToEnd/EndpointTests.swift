import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A partner's program is added by command while everything runs, gets another secret, asks for what it missed, and goes.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EndpointTests {
    private struct Made: Decodable {
        let endpointId: String
        let secret: String
    }

    private struct Listed: Decodable {
        let endpointId: String
        let events: [String]
        let disabledReason: String?
    }

    @Test func `a partner hears of what it asked for, signed by the secret that was shown once, until it is removed`()
        async throws
    {
        let partner = Partner()
        try await partner.listening { port in
            let deployment = try Deployment()
            let first = try await deployment.running { deployment in
                let made = try await Self.json(
                    Made.self, deployment, "webhooks", "add", "--url", "http://127.0.0.1:\(port)/hook", "--events",
                    "case.opened", "--json")
                let listed = try await Self.json([Listed].self, deployment, "webhooks", "list", "--json")
                #expect(listed.map(\.endpointId) == [made.endpointId] && listed.first?.events == ["case.opened"])
                try await Self.report("first", deployment)
                let call = try await partner.call(1)
                #expect(try call.type() == "case.opened")
                #expect(call.isSigned(by: made.secret))

                let new = try await Self.json(
                    Made.self, deployment, "webhooks", "rotate", made.endpointId, "--json")
                #expect(new.secret != made.secret)
                try await Self.report("second", deployment)
                let both = try await partner.call(2)
                #expect(both.isSigned(by: made.secret) && both.isSigned(by: new.secret))

                try await Self.json(
                    [String: String].self, deployment, "webhooks", "replay", made.endpointId, "--delivery", call.id,
                    "--json")
                let again = try await partner.call(3)
                #expect(again.id == call.id && again.body == call.body)

                try await Self.json([String: String].self, deployment, "webhooks", "remove", made.endpointId, "--json")
                #expect(try await Self.json([Listed].self, deployment, "webhooks", "list", "--json").isEmpty)
                let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
                #expect(audit.status == 0, "\(audit.output)")
                return [made.secret, new.secret]
            }
            #expect(partner.calls.count == 3)
            #expect(!first.contains { deployment.logs().contains($0) })
        }
    }

    @discardableResult
    private static func json<Value: Decodable>(
        _ type: Value.Type, _ deployment: Deployment, _ arguments: String...
    ) async throws -> Value {
        let answer = try await Deployment.suishoupai(
            arguments + ["--data", deployment.data], environment: deployment.environment)
        #expect(answer.status == 0, "\(answer.output)")
        return try JSONDecoder().decode(Value.self, from: Data(answer.output.utf8))
    }

    private static func report(_ key: String, _ deployment: Deployment) async throws {
        let place = try deployment.place(in: key == "first" ? "mingdu" : "longjiang")
        let answer = try await deployment.post(
            "report-intake", "/v1/reports", token: try await deployment.token("rider", "rider-1"),
            json: """
                {"description": "一堆垃圾", "category": "E0102",
                 "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                """, headers: ["Idempotency-Key": key])
        #expect(answer.status == 201)
    }
}

/// The partner's program: notes what calls it.
private final class Partner: Sendable {
    struct Call: Sendable {
        let id: String
        let timestamp: String
        let signatures: [Substring]
        let body: [UInt8]

        func type() throws -> String? {
            try (JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])?["type"] as? String
        }

        /// By the published rule (Standard Webhooks 1.0), with none of our code.
        func isSigned(by secret: String) -> Bool {
            guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) else { return false }
            let content = Array("\(id).\(timestamp).".utf8) + body
            let code = HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key))
            return signatures.contains("v1,\(Data(code).base64EncodedString())")
        }
    }

    private let heard: Mutex<[Call]> = Mutex([])

    var calls: [Call] { heard.withLock { $0 } }

    /// The n-th call, from 1.
    func call(_ number: Int) async throws -> Call {
        try await eventually("call \(number)", within: .seconds(60)) { [self] in
            calls.count >= number ? calls[number - 1] : nil
        }
    }

    /// Lends its port while the body runs.
    func listening(_ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { [self] request, _ in
            func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
            let bytes = try await request.body.collect(upTo: 100_000)
            let call = Call(
                id: header("webhook-id"), timestamp: header("webhook-timestamp"),
                signatures: header("webhook-signature").split(separator: " "), body: Array(bytes.readableBytesView))
            heard.withLock { $0.append(call) }
            return HTTPResponse.Status.noContent
        }
        try await Application(router: router).test(.live) { client in try await body(client.port ?? 0) }
    }
}
