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

    @Test
    func
        `a partner that was gone is enabled and hears what it missed, and a person who is erased is written to no more`()
        async throws
    {
        let partner = Partner()
        try await partner.listening { port in
            let deployment = try Deployment()
            try await deployment.running { deployment in
                let made = try await Self.json(
                    Made.self, deployment, "webhooks", "add", "--url", "http://127.0.0.1:\(port)/hook", "--events",
                    "case.opened", "--json")
                partner.answer(.gone)
                try await Self.report("first", deployment)
                let missed = try await partner.call(1)
                try await eventually("the endpoint is disabled", within: .seconds(60)) {
                    let listed = try await Self.json([Listed].self, deployment, "webhooks", "list", "--json")
                    return listed.first?.disabledReason == "answered 410: the webhook is gone"
                }
                partner.answer(.noContent)
                try await Self.report("second", deployment)
                try await Self.wait(for: "failed", deployment)
                #expect(partner.calls.count == 1)

                let enabled = try await Self.json(
                    [String: String].self, deployment, "webhooks", "enable", made.endpointId, "--json")
                #expect(enabled["done"] == "endpoint.enable")
                try await Self.json(
                    [String: String].self, deployment, "webhooks", "replay", made.endpointId, "--since",
                    "2020-01-01T00:00:00Z", "--json")
                let again = try await [partner.call(2), partner.call(3)]
                #expect(again.map(\.id).contains(missed.id) && again.allSatisfy { $0.isSigned(by: made.secret) })

                try await Self.erase("rider-1", deployment)
                let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
                #expect(audit.status == 0, "\(audit.output)")
            }
        }
    }

    /// The person's messages and address are there before, and nowhere afterwards.
    private static func erase(_ person: String, _ deployment: Deployment) async throws {
        let token = try await deployment.token("rider", person)
        let set = try await deployment.send(
            "PUT", "portal", "/v1/me/contacts/email", token: token, json: #"{"address": "rider@home.example"}"#)
        #expect(set.status == 200, "\(set.text)")
        try await eventually("the person has messages", within: .seconds(60)) {
            try await !deployment.get("portal", "/v1/me/inbox", token: token).json(Inbox.self).items.isEmpty
        }
        let exported = try await deployment.get("portal", "/v1/me/export", token: token)
        #expect(exported.text.contains("rider@home.example"))

        let erased = try await json([String: String].self, deployment, "erase", person, "--yes", "--json")
        #expect(erased == ["personId": person, "erased": "true"])
        try await eventually("portal has forgotten, too", within: .seconds(60)) {
            let inbox = try await deployment.get("portal", "/v1/me/inbox", token: token).json(Inbox.self)
            let settings = try await deployment.get("portal", "/v1/me/settings", token: token).json(Settings.self)
            return inbox.items.isEmpty && settings.contacts.isEmpty && settings.erasedAt != nil
        }
        try await eventually("the key is destroyed", within: .seconds(60)) {
            try await json([Entry].self, deployment, "notifications", "deliveries", "--lane", "keys", "--json")
                .map(\.state) == ["delivered"]
        }
        let empty = try await deployment.get("portal", "/v1/me/export", token: token)
        #expect(!empty.text.contains("rider@home.example"))
    }

    private struct Inbox: Decodable {
        let items: [Message]

        struct Message: Decodable {
            let messageId: String
        }
    }

    private struct Settings: Decodable {
        let contacts: [Contact]
        let erasedAt: String?

        struct Contact: Decodable {
            let contactId: String
        }
    }

    private struct Entry: Decodable {
        let state: String
    }

    /// Waits for one delivery of this state.
    private static func wait(for state: String, _ deployment: Deployment) async throws {
        try await eventually("a delivery is \(state)", within: .seconds(60)) {
            try await json([Entry].self, deployment, "notifications", "deliveries", "--state", state, "--json").count
                == 1
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
    private let status: Mutex<HTTPResponse.Status> = Mutex(.noContent)

    /// How it answers from now on.
    func answer(_ status: HTTPResponse.Status) { self.status.withLock { $0 = status } }

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
            return status.withLock { $0 }
        }
        try await Application(router: router).test(.live) { client in try await body(client.port ?? 0) }
    }
}
