import Contracts
import EventProcessing
import Foundation
import HTTPTypes
import Hummingbird
import Notifications
import NotificationsDomain
import PersonalKeys
import ServiceKit
import TestSupport
import Testing

/// Calls a webhook of unit-1.
private func send(
    to url: String, keys: Keys, allows: PrivateAddresses = .loopback, timeout: Duration = .seconds(10),
    attempt: Int = 1, data: String = #"{"type":"case.closed"}"#
) async -> DeliveryResult {
    let caller = HTTPCaller(allows: allows, timeout: timeout, now: { moment })
    return await WebhookSender(key: keys.webhook, caller: caller).send(
        .sample(to: "unit-1", data: data), to: url, id: "delivery-1", attempt: attempt)
}

@Test func `a call is signed with the unit's secret and names its delivery`() async throws {
    let keys = try Keys()
    try await Receiver.withReceiver { receiver, port in
        let result = await send(to: "http://127.0.0.1:\(port)/hook", keys: keys, data: #"{"type":"结案"}"#)

        #expect(result == .delivered)
        let call = try #require(receiver.calls.first)
        #expect(call.id == "delivery-1")
        #expect(call.headers["webhook-timestamp"] == "1795392900")
        #expect(call.headers["content-type"] == "application/json")
        #expect(call.body == Array(#"{"type":"结案"}"#.utf8))
        let secret = WebhookSecret.derived(from: keys.webhook, for: "unit-1")
        #expect(call.refusal(secret: secret, now: moment) == nil)
        #expect(call.refusal(secret: .random(), now: moment) == .wrongSignature)
    }
}

@Test func `a unit that stumbles is called again under the same name`() async throws {
    let keys = try Keys()
    let answers: [Receiver.Answer] = [.status(.internalServerError), .status(.tooManyRequests), .status(.notFound)]
    try await Receiver.withReceiver(answering: answers) { receiver, port in
        let url = "http://localhost:\(port)/hook"
        var results: [DeliveryResult] = []
        for attempt in 1...4 { results.append(await send(to: url, keys: keys, attempt: attempt)) }

        #expect(
            results == [
                .failed(reason: "answered 500", canRetry: true), .failed(reason: "answered 429", canRetry: true),
                .failed(reason: "answered 404", canRetry: true), .delivered,
            ])
        #expect(receiver.calls.map(\.id) == Array(repeating: "delivery-1", count: 4))
    }
}

@Test func `who asks for time gets it, in seconds or until a moment`() async throws {
    let keys = try Keys()
    let answers: [Receiver.Answer] = [
        .status(.tooManyRequests, retryAfter: "120"), .status(.badGateway, retryAfter: "0"),
        .status(.gatewayTimeout, retryAfter: "Mon, 23 Nov 2026 00:16:30 GMT"),
        .status(.serviceUnavailable, retryAfter: "soon"),
    ]
    try await Receiver.withReceiver(answering: answers) { receiver, port in
        var results: [DeliveryResult] = []
        for _ in answers { results.append(await send(to: "http://127.0.0.1:\(port)/hook", keys: keys)) }

        #expect(
            results == [
                .failed(reason: "answered 429", canRetry: true, retryAfter: .seconds(120)),
                .failed(reason: "answered 502", canRetry: true, retryAfter: .zero),
                .failed(reason: "answered 504", canRetry: true, retryAfter: .seconds(90)),
                .failed(reason: "answered 503", canRetry: true),
            ])
    }
}

@Test func `a webhook that is gone, or sends us elsewhere, is not called again`() async throws {
    let keys = try Keys()
    try await Receiver.withReceiver(answering: [.status(.gone), .status(.temporaryRedirect)]) { receiver, port in
        let url = "http://127.0.0.1:\(port)/hook"

        let gone = await send(to: url, keys: keys)
        let elsewhere = await send(to: url, keys: keys)

        #expect(gone == .gone(reason: "answered 410: the webhook is gone"))
        #expect(elsewhere == .failed(reason: "answered 307: redirects are not followed", canRetry: false))
        #expect(receiver.calls.count == 2)
    }
}

@Test func `while a secret is changed both sign, and later only the new one`() async throws {
    let keys = try Keys()
    @Sendable func send(until: Timestamp?, port: Int) async -> DeliveryResult {
        let address = OutsideAddress.endpoint(
            address: EndpointAddress(url: ""), endpointId: "hotline", generation: 3, formerUntil: until)
        return await WebhookSender(key: keys.webhook, caller: .here()).send(
            .sample(address: address), to: "http://127.0.0.1:\(port)/hook", id: "delivery-1", attempt: 1)
    }
    @Sendable func refusals(_ call: Receiver.Call) -> [StandardWebhook.Refusal?] {
        [1, 2, 3].map { generation in
            call.refusal(
                secret: .derived(from: keys.webhook, endpoint: "hotline", generation: generation), now: moment)
        }
    }
    try await Receiver.withReceiver { receiver, port in
        _ = await send(until: Timestamp.morning.adding(milliseconds: 1), port: port)
        _ = await send(until: .morning, port: port)
        _ = await send(until: nil, port: port)

        let calls = receiver.calls
        #expect(calls.count == 3)
        #expect(refusals(calls[0]) == [.wrongSignature, nil, nil])
        #expect(refusals(calls[1]) == [.wrongSignature, .wrongSignature, nil])
        #expect(refusals(calls[2]) == [.wrongSignature, .wrongSignature, nil])
    }
}

@Test(.enabled(if: PythonScript.hasLibraries("standardwebhooks"), "\(PythonScript.absence)"))
func `the library of Standard Webhooks believes our calls, by either secret`() async throws {
    let keys = try Keys()
    let address = OutsideAddress.endpoint(
        address: EndpointAddress(url: ""), endpointId: "hotline", generation: 2,
        formerUntil: Timestamp(milliseconds: .max))
    try await Receiver.withReceiver { receiver, port in
        // By the clock on the wall: the library has no other.
        let sender = WebhookSender(key: keys.webhook, caller: HTTPCaller(allows: .loopback))
        _ = await sender.send(
            .sample(address: address, data: #"{"type":"结案"}"#), to: "http://127.0.0.1:\(port)/hook",
            id: "delivery-1", attempt: 1)
        let call = try #require(receiver.calls.first)
        func check(_ secret: WebhookSecret, body: String) async throws -> String {
            let given: JSONValue = [
                "secret": .string(secret.text), "headers": .object(call.headers.mapValues { .string($0) }),
                "body": .string(body),
            ]
            return try await PythonScript(inEnvironment: "Tests/NotificationsTests/Outside/check_webhook.py")
                .run(input: Data(given.bytes())).output
        }
        let body = String(decoding: call.body, as: UTF8.self)
        for generation in 1...2 {
            let secret = WebhookSecret.derived(from: keys.webhook, endpoint: "hotline", generation: generation)
            #expect(try await check(secret, body: body) == "ok")
            #expect(try await check(secret, body: body + " ") == "No matching signature found")
        }
        #expect(try await check(.random(), body: body) == "No matching signature found")
    }
}

@Suite(
    "Servers that fail in every way", .enabled(if: PythonScript.hasLibraries("cryptography"), "\(PythonScript.absence)")
)
struct StumblingServerTests {
    private static let script = "Tests/NotificationsTests/Outside/stumbling_server.py"

    @Test func `an answer that is slow, cut or none is told from one that was given`() async throws {
        let keys = try Keys()
        try await PythonServer.running(Self.script) { server in
            func result(_ path: String) async -> DeliveryResult {
                await send(to: "http://127.0.0.1:\(server.port)\(path)", keys: keys, timeout: .seconds(1))
            }
            for path in ["/silent", "/slow-head"] {
                let late = await result(path)
                #expect(late == .failed(reason: "no answer in time", canRetry: true), "\(path)")
            }
            for path in ["/garbage", "/cut"] {
                let broken = await result(path)
                #expect(broken == .failed(reason: "cut off", canRetry: true), "\(path)")
            }
            // The head says it all: what follows is not waited for.
            for path in ["/slow-body", "/endless", "/half", "/fine"] {
                #expect(await result(path) == .delivered, "\(path)")
            }
            #expect(await result("/slow-body-500") == .failed(reason: "answered 500", canRetry: true))
            let told = try server.told()
            #expect(told.count == 9)
        }
    }

    @Test func `an answer that counts is not waited for without end, and may have been for a post that arrived`()
        async throws
    {
        try await PythonServer.running(Self.script) { server in
            func result(_ path: String) async -> DeliveryResult {
                await WeComSender(publicURL: "", caller: .here(timeout: .seconds(1))).send(
                    .sample(.weCom), to: "http://127.0.0.1:\(server.port)\(path)", id: "delivery-1", attempt: 1)
            }
            let notTwice = ": it may have arrived and is not sent twice"
            let expected = [
                ("/slow-body", "no answer in time"), ("/endless", "the answer is too long"), ("/half", "cut off"),
                ("/silent", "no answer in time"), ("/fine", "answered 200 without a code"),
            ]
            for (path, reason) in expected {
                let found = await result(path)
                #expect(found == .unknown(reason: reason + notTwice), "\(path)")
            }
        }
    }

    @Test(arguments: ["localhost", "elsewhere.example"])
    func `a certificate that nobody vouches for is not talked to`(name: String) async throws {
        let keys = try Keys()
        let folder = try TemporaryFolder()
        try await PythonServer.running(Self.script, [folder.url.path(percentEncoded: false), name]) { server in
            let result = await send(to: "https://localhost:\(server.port)/fine", keys: keys)

            #expect(result == .failed(reason: "no TLS that can be trusted", canRetry: true))
            let told = try server.told()
            #expect(told.isEmpty)
        }
    }

    @Test func `what speaks no TLS is not talked to by it`() async throws {
        let keys = try Keys()
        try await Receiver.withReceiver { receiver, port in
            let result = await send(to: "https://127.0.0.1:\(port)/hook", keys: keys)
            #expect(result == .failed(reason: "no TLS that can be trusted", canRetry: true))
            #expect(receiver.calls.isEmpty)
        }
    }
}

@Test(arguments: [
    "http://127.0.0.1:1/hook", "http://localhost:1/hook", "http://[::1]:1/hook", "http://127.1:1/hook",
    "http://2130706433:1/hook", "http://[::ffff:127.0.0.1]:1/hook",
])
func `this machine is called only where that was allowed`(url: String) async throws {
    let result = await send(to: url, keys: try Keys(), allows: .none)

    #expect(result == .failed(reason: "the URL's host is this machine", canRetry: false))
}

@Test(arguments: PrivateAddresses.allCases)
func `private networks are never called`(allows: PrivateAddresses) async throws {
    let hosts = [
        "10.1.2.3", "172.31.0.1", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::]",
    ]
    let keys = try Keys()
    for host in hosts {
        let result = await send(to: "https://\(host)/hook", keys: keys, allows: allows)

        #expect(result == .failed(reason: "the URL's host is inside a private network", canRetry: false), "\(host)")
    }
}

@Test(arguments: [
    ("http://8.8.8.8/hook", "the URL must begin with https://"),
    ("http+unix://%2Frun%2Fdocker.sock/hook", "the URL must begin with https://"),
    ("ftp://127.0.0.1/hook", "the URL must begin with https://"),
    ("http://user:word@127.0.0.1/hook", "the URL must not hold a user or password"),
    ("http://%31%32%37.0.0.1/hook", "the URL's host must be written in plain letters"),
    ("nonsense", "the URL cannot be read"),
])
func `a URL that may not be called says why and is not tried again`(url: String, reason: String) async throws {
    let result = await send(to: url, keys: try Keys())

    #expect(result == .failed(reason: reason, canRetry: false))
}

@Test func `a machine that is not there is tried again`() async throws {
    let keys = try Keys()
    let nobody = await send(to: "http://127.0.0.1:1/hook", keys: keys)
    #expect(nobody == .failed(reason: "could not be reached", canRetry: true))
    let nowhere = await send(to: "https://no-such-host.invalid/hook", keys: keys)
    #expect(nowhere == .failed(reason: "the host was not found", canRetry: true))
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
