import Contracts
import Crypto
import EventProcessing
import Foundation
import HTTPTypes
import Notifications
import NotificationsDomain
import ServiceKit
import TestSupport
import Testing

/// A browser with keys of its own.
private struct Browser {
    let key = P256.KeyAgreement.PrivateKey()
    let secret = (0..<16).map { _ in UInt8.random(in: .min ... .max) }

    /// What its `PushSubscription.toJSON()` says.
    func subscription(port: Int) -> String {
        let value: JSONValue = [
            "endpoint": .string("http://127.0.0.1:\(port)/push/secret-of-the-browser"), "expirationTime": nil,
            "keys": [
                "p256dh": .string(Base64URL.text(key.publicKey.x963Representation)),
                "auth": .string(Base64URL.text(secret)),
            ],
        ]
        return value.text()
    }

    /// What the browser and its push service read from a call, by a library that is not ours.
    func read(_ call: Receiver.Call) async throws -> JSONValue {
        let given: JSONValue = [
            "private": .string(Base64URL.text(key.rawRepresentation)), "auth": .string(Base64URL.text(secret)),
            "body": .string(Data(call.body).base64EncodedString()),
            "authorization": .string(call.headers["authorization"] ?? ""),
        ]
        let answer = try await PythonScript(inEnvironment: "Tests/NotificationsTests/Outside/read_push.py")
            .run(input: Data(given.bytes()))
        return try JSONValue(text: answer.output)
    }
}

@Suite("Web Push")
struct WebPushTests {
    private let keys: Keys

    init() throws {
        keys = try Keys()
    }

    private func send(
        _ message: OutsideMessage = .sample(.webPush), to subscription: String
    ) async throws -> DeliveryResult {
        let sender = WebPushSender(
            key: try VAPIDKey(keys.vapid), subject: "mailto:desk@city.example", publicURL: "https://portal.example",
            caller: .here())
        return await sender.send(message, to: subscription, id: "delivery-1", attempt: 1)
    }

    /// RFC 8291 section 5 and appendix A.
    @Test func `the example of the standard is encrypted byte for byte`() throws {
        func bytes(_ text: String) throws -> [UInt8] { try #require(Base64URL.bytes(text)) }
        let receiver = try P256.KeyAgreement.PublicKey(
            x963Representation: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"))
        let key = try P256.KeyAgreement.PrivateKey(
            rawRepresentation: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))

        let body = try PushEncryption.body(
            Array("When I grow up, I want to be a watermelon".utf8), for: receiver,
            authSecret: bytes("BTBZMqHH6r4Tts7J_aSIgg"), key: key, salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"))

        #expect(
            Base64URL.text(body)
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8"
                + "wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
    }

    @Test(.enabled(if: PythonScript.hasLibraries("http_ece", "cryptography"), "\(PythonScript.absence)"))
    func `a browser reads it, and its push service knows who sends`() async throws {
        let browser = Browser()
        try await Receiver.withReceiver(answering: [.status(.created)]) { receiver, port in
            let result = try await send(to: browser.subscription(port: port))

            #expect(result == .delivered)
            let call = try #require(receiver.calls.first)
            #expect(call.headers["content-encoding"] == "aes128gcm")
            #expect(call.headers["ttl"] == "86400")
            #expect(call.headers["urgency"] == "normal")
            #expect(call.headers["topic"]?.wholeMatch(of: /[A-Za-z0-9_-]{32}/) != nil)
            let read = try await browser.read(call)
            let text = try JSONValue(text: read["text"]?.string ?? "")
            #expect(
                text == [
                    "title": "您的报告已办结", "body": "垃圾已清走", "id": "delivery-1",
                    "link": "https://portal.example/cases/case-1",
                ])
            #expect(read["signed"] == true)
            #expect(read["head"] == ["typ": "JWT", "alg": "ES256"])
            let publicKey = try VAPIDKey(keys.vapid).publicKey
            #expect(read["key"]?.string == publicKey)
            #expect(
                read["claims"] == [
                    "aud": .string("http://127.0.0.1:\(port)"), "exp": .integer(1_795_392_900 + 12 * 3_600),
                    "sub": "mailto:desk@city.example",
                ])
        }
    }

    @Test(.enabled(if: PythonScript.hasLibraries("http_ece", "cryptography"), "\(PythonScript.absence)"))
    func `however long a text is, it fits, and each sending is encrypted anew`() async throws {
        let browser = Browser()
        let hard = String(repeating: "\u{1}\"", count: 3_000)
        try await Receiver.withReceiver { receiver, port in
            let subscription = browser.subscription(port: port)
            for text in [String(repeating: "圾", count: 5_000), hard] {
                #expect(try await send(.sample(.webPush, short: text), to: subscription) == .delivered)
            }
            let calls = receiver.calls
            #expect(calls.allSatisfy { $0.body.count <= 4_096 })
            #expect(Set(calls.map { $0.headers["topic"] }).count == 1)
            #expect(calls[0].body.prefix(16) != calls[1].body.prefix(16))
            for call in calls {
                let text = try JSONValue(text: try await browser.read(call)["text"]?.string ?? "")
                #expect(text["body"]?.string?.hasSuffix("…") == true)
            }
        }
    }

    @Test func `what a push service answers is understood`() async throws {
        let answers: [(Receiver.Answer, DeliveryResult)] = [
            (.status(.gone), .gone(reason: "the push service answered 410")),
            (.status(.notFound), .gone(reason: "the push service answered 404")),
            (
                .status(.tooManyRequests, retryAfter: "30"),
                .failed(reason: "the push service answered 429", canRetry: true, retryAfter: .seconds(30))
            ),
            (.status(.badGateway), .failed(reason: "the push service answered 502", canRetry: true)),
            (.status(.contentTooLarge), .failed(reason: "the push service answered 413", canRetry: false)),
            (.status(.forbidden), .failed(reason: "the push service answered 403", canRetry: false)),
            (.status(.found), .failed(reason: "the push service answered 302", canRetry: false)),
        ]
        let subscription = Browser()
        let results = try await Receiver.withReceiver(answering: answers.map(\.0)) { _, port in
            var results: [DeliveryResult] = []
            for _ in answers { results.append(try await send(to: subscription.subscription(port: port))) }
            return results
        }
        #expect(results == answers.map(\.1))
    }

    @Test(arguments: [
        "", "{}", "https://push.example/x",
        #"{"endpoint":"https://push.example/x","keys":{"p256dh":"AAAA","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#,
    ])
    func `what is no subscription is gone`(text: String) async throws {
        #expect(try await send(to: text) == .gone(reason: "this is no push subscription"))
    }

    @Test func `a browser's URL does not lead into our network`() async throws {
        let text = Browser().subscription(port: 1).replacing("http://127.0.0.1:1", with: "https://192.168.0.1")
        #expect(
            try await send(to: text)
                == .failed(reason: "the URL's host is inside a private network", canRetry: false))
    }

    @Test func `the key pair follows from the data folder`() throws {
        let other = try Keys()
        #expect(try VAPIDKey(keys.vapid).publicKey == VAPIDKey(keys.vapid).publicKey)
        #expect(try VAPIDKey(keys.vapid).publicKey != VAPIDKey(other.vapid).publicKey)
        #expect(Base64URL.bytes(try VAPIDKey(keys.vapid).publicKey)?.count == 65)
    }
}
