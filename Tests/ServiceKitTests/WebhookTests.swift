import Foundation
import ServiceKit
import Testing

private let body = Array(#"{"test": 2432232314}"#.utf8)
private let moment = Date(timeIntervalSince1970: 1_614_265_330)

private func secret(_ text: String = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") throws -> WebhookSecret {
    try #require(WebhookSecret(text))
}

@Test func `a webhook is signed as the standard's own example is`() throws {
    let headers = StandardWebhook.sign(
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: moment, body: body, secrets: [try secret()])
    #expect(headers.timestamp == "1614265330")
    #expect(headers.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
}

@Test func `a call is believed with any of its signatures by any of the secrets, in time`() throws {
    let (old, new) = (try secret(), WebhookSecret.random())
    let headers = StandardWebhook.sign(id: "m", at: moment, body: body, secrets: [old, new])

    for secrets in [[old], [new], [.random(), new]] {
        #expect(StandardWebhook.refusal(of: headers, body: body, secrets: secrets, now: moment) == nil)
    }
    #expect(StandardWebhook.refusal(of: headers, body: body, secrets: [old], now: moment + 300) == nil)
    #expect(StandardWebhook.refusal(of: headers, body: body, secrets: [old], now: moment + 301) == .tooOld)
    #expect(StandardWebhook.refusal(of: headers, body: body, secrets: [old], now: moment - 301) == .fromTheFuture)
}

@Test func `a call that was changed is not believed`() throws {
    let secret = try secret()
    let headers = StandardWebhook.sign(id: "m", at: moment, body: body, secrets: [secret])
    func refusal(_ headers: StandardWebhook.Headers, _ body: [UInt8]) -> StandardWebhook.Refusal? {
        StandardWebhook.refusal(of: headers, body: body, secrets: [secret], now: moment)
    }

    #expect(refusal(headers, body + [0x20]) == .wrongSignature)
    #expect(
        refusal(.init(id: "n", timestamp: headers.timestamp, signature: headers.signature), body) == .wrongSignature)
    #expect(refusal(.init(id: "m", timestamp: "1614265331", signature: headers.signature), body) == .wrongSignature)
    #expect(refusal(.init(id: "m", timestamp: "soon", signature: headers.signature), body) == .badTimestamp)
    for signature in ["", "v1,", "v1,%%%", "v2,abc", String(headers.signature.dropFirst(3))] {
        #expect(refusal(.init(id: "m", timestamp: headers.timestamp, signature: signature), body) == .wrongSignature)
    }
}

@Test func `a secret is 24 to 64 bytes, differs by receiver, and is never printed`() async throws {
    for wrong in ["", "whsec_", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA"] {
        #expect(WebhookSecret(wrong) == nil)
    }
    let key = try await withTemporaryFolder { try DataFolderKey.load(.webhook, in: $0) }
    let secret = WebhookSecret.derived(from: key, for: "platform-1")
    #expect(WebhookSecret(secret.text) == secret)
    #expect(WebhookSecret.derived(from: key, for: "platform-1") == secret)
    #expect(WebhookSecret.derived(from: key, for: "platform-2") != secret)
    #expect("\(secret)" == "whsec_***")
}
