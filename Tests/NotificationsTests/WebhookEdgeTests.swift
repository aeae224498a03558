import Contracts
import EventProcessing
import Foundation
import Hummingbird
import NIOCore
import Notifications
import ServiceKit
import Testing

private let moment = Date(timeIntervalSince1970: 1_795_392_900)

/// Lends an edge with a key of its own, and the secret of unit-1.
private func withEdge(
    allows: PrivateAddresses = .loopback, timeout: TimeAmount = WebhookEdge.timeout,
    _ body: (WebhookEdge, WebhookSecret) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "webhooks-\(UUID().uuidString)")
    let key = try DataFolderKey.load(.webhook, in: folder)
    try await body(
        WebhookEdge(key: key, allows: allows, timeout: timeout, now: { moment }),
        WebhookSecret.derived(from: key, for: "unit-1"))
    try FileManager.default.removeItem(at: folder)
}

private func delivery(
    to url: String, attempt: Int = 1, body: String = #"{"type":"case.closed"}"#
) throws -> PlannedDelivery {
    let payload = WebhookPayload(url: url, body: body, unitId: "unit-1", aboutEventId: .named("event"))
    return PlannedDelivery(
        id: "delivery-1", lane: "unit|unit-1", payload: try ContractCoding.encode(payload), state: .started,
        attempt: attempt, plannedAt: .morning, notBefore: .morning)
}

@Test func `a call is signed with the unit's secret and names its delivery`() async throws {
    try await Receiver.withReceiver { receiver, port in
        try await withEdge { edge, secret in
            let result = await edge.send(
                try delivery(to: "http://127.0.0.1:\(port)/hook", body: #"{"type":"结案"}"#))

            #expect(result == .delivered)
            let call = try #require(receiver.calls.first)
            #expect(call.id == "delivery-1")
            #expect(call.timestamp == "1795392900")
            #expect(call.body == Array(#"{"type":"结案"}"#.utf8))
            #expect(call.refusal(secret: secret, now: moment) == nil)
            #expect(call.refusal(secret: .random(), now: moment) == .wrongSignature)
        }
    }
}

@Test func `a unit that stumbles is called again under the same name`() async throws {
    try await Receiver.withReceiver(answering: [.internalServerError, .tooManyRequests, .notFound, .ok]) {
        receiver, port in
        try await withEdge { edge, secret in
            let url = "http://localhost:\(port)/hook"
            var results: [DeliveryResult] = []
            for attempt in 1...4 { results.append(await edge.send(try delivery(to: url, attempt: attempt))) }

            #expect(
                results == [
                    .failed(reason: "answered 500", canRetry: true), .failed(reason: "answered 429", canRetry: true),
                    .failed(reason: "answered 404", canRetry: true), .delivered,
                ])
            #expect(Set(receiver.calls.map(\.id)) == ["delivery-1"])
            #expect(receiver.calls.allSatisfy { $0.refusal(secret: secret, now: moment) == nil })
        }
    }
}

@Test func `a webhook that is gone, or sends us elsewhere, is not called again`() async throws {
    try await Receiver.withReceiver(answering: [.gone, .temporaryRedirect]) { receiver, port in
        try await withEdge { edge, _ in
            let url = "http://127.0.0.1:\(port)/hook"

            let gone = await edge.send(try delivery(to: url))
            let elsewhere = await edge.send(try delivery(to: url))

            #expect(gone == .gone(reason: "answered 410: the webhook is gone"))
            #expect(
                elsewhere == .failed(reason: "answered 307: redirects are not followed", canRetry: false))
            #expect(receiver.calls.count == 2)
        }
    }
}

@Test(arguments: [
    "http://127.0.0.1:1/hook", "http://localhost:1/hook", "http://[::1]:1/hook", "http://127.1:1/hook",
    "http://2130706433:1/hook", "http://[::ffff:127.0.0.1]:1/hook",
])
func `this machine is called only where that was allowed`(url: String) async throws {
    try await withEdge(allows: .none) { edge, _ in
        let result = await edge.send(try delivery(to: url))

        #expect(result == .failed(reason: "the webhook's host is this machine", canRetry: false))
    }
}

@Test(arguments: PrivateAddresses.allCases)
func `private networks are never called`(allows: PrivateAddresses) async throws {
    let hosts = [
        "10.1.2.3", "172.31.0.1", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::]",
    ]
    try await withEdge(allows: allows) { edge, _ in
        for host in hosts {
            let result = await edge.send(try delivery(to: "https://\(host)/hook"))

            #expect(
                result == .failed(reason: "the webhook's host is inside a private network", canRetry: false),
                "\(host)")
        }
    }
}

@Test(arguments: [
    ("http://8.8.8.8/hook", "the webhook's URL must begin with https://"),
    ("http+unix://%2Frun%2Fdocker.sock/hook", "the webhook's URL must begin with https://"),
    ("ftp://127.0.0.1/hook", "the webhook's URL must begin with https://"),
    ("http://user:word@127.0.0.1/hook", "the webhook's URL must not hold a user or password"),
    ("http://%31%32%37.0.0.1/hook", "the webhook's host must be written in plain letters"),
    ("nonsense", "the webhook's URL cannot be read"),
])
func `a URL that may not be called says why and is not tried again`(url: String, reason: String) async throws {
    try await withEdge { edge, _ in
        let result = await edge.send(try delivery(to: url))

        #expect(result == .failed(reason: reason, canRetry: false))
    }
}

@Test func `a machine that does not answer is tried again`() async throws {
    try await Receiver.withReceiver { _, port in
        try await withEdge(timeout: .nanoseconds(1)) { edge, _ in
            let late = await edge.send(try delivery(to: "http://127.0.0.1:\(port)/hook"))
            #expect(late == .failed(reason: "no answer in time", canRetry: true))
        }
    }
    try await withEdge { edge, _ in
        let nobody = await edge.send(try delivery(to: "http://127.0.0.1:1/hook"))
        guard case .failed(let reason, canRetry: true) = nobody else {
            Issue.record("\(nobody)")
            return
        }
        #expect(reason.hasPrefix("could not be reached"))
    }
}

@Test(arguments: [
    ("8.8.8.8", NetworkAddress.Reach.everywhere), ("172.15.255.255", .everywhere), ("172.32.0.0", .everywhere),
    ("100.128.0.1", .everywhere), ("100.127.255.255", .inside), ("198.19.255.255", .inside),
    ("240.0.0.1", .inside), ("127.255.255.254", .thisMachine), ("2001:4860:4860::8888", .everywhere),
    ("2001:db8::1", .inside), ("2001::1", .inside), ("::ffff:8.8.8.8", .everywhere), ("::1", .thisMachine),
    ("fc00::1", .inside), ("ff02::1", .inside), ("::7f00:1", .inside),
])
func `an address is known for what it reaches`(text: String, reach: NetworkAddress.Reach) throws {
    #expect(try #require(NetworkAddress(text)).reach == reach)
}

@Test func `names and shorthands are no addresses`() {
    for text in ["localhost", "127.1", "2130706433", "", "1.2.3.4.5", "::g"] {
        #expect(NetworkAddress(text) == nil)
    }
}

@Test func `unless it is said otherwise, this machine is called only where everything runs on it`() throws {
    let kafka = ["KAFKA_BOOTSTRAP_SERVERS": "kafka:9092"]

    #expect(try PrivateAddresses(environment: [:]) == .loopback)
    #expect(try PrivateAddresses(environment: kafka) == PrivateAddresses.none)
    #expect(
        try PrivateAddresses(environment: kafka.merging(["WEBHOOK_ALLOW_PRIVATE": "loopback"]) { $1 }) == .loopback)
    #expect(try PrivateAddresses(environment: ["WEBHOOK_ALLOW_PRIVATE": "none"]) == PrivateAddresses.none)
    #expect(throws: PrivateAddressesError(found: "all")) {
        try PrivateAddresses(environment: ["WEBHOOK_ALLOW_PRIVATE": "all"])
    }
}
