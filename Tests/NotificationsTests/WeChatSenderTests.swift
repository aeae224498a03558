import Contracts
import EventProcessing
import Foundation
import HTTPTypes
import Notifications
import NotificationsDomain
import ServiceKit
import Synchronization
import TestSupport
import Testing

private let sendPath = "/cgi-bin/message/subscribe/send"
private let tokenPath = "/cgi-bin/stable_token"

/// A clock that a test moves on.
private final class Clock: Sendable {
    private let date = Mutex(moment)

    var now: Date { date.withLock { $0 } }

    func goOn(seconds: TimeInterval) { date.withLock { $0 += seconds } }
}

private func token(_ text: String) -> Receiver.Answer { .json(["access_token": .string(text), "expires_in": 7_200]) }

private func code(_ code: Int64) -> Receiver.Answer { .json(["errcode": .integer(code), "errmsg": "words"]) }

private func sender(port: Int, clock: Clock = Clock()) -> WeChatSender {
    WeChatSender(
        app: .init(id: "wx-app", secret: "app-secret", api: "http://127.0.0.1:\(port)"),
        caller: HTTPCaller(allows: .none, now: { clock.now }))
}

private func send(by sender: WeChatSender) async -> DeliveryResult {
    await sender.send(.sample(.weChat), to: "openid-1", id: "d", attempt: 1)
}

@Suite("WeChat")
struct WeChatSenderTests {
    @Test func `a message fills the template, with a token that is asked for once`() async throws {
        let clock = Clock()
        try await Receiver.withReceiver(answering: [token("t1"), code(0), code(0), token("t2"), code(0)]) {
            receiver, port in
            let sender = sender(port: port, clock: clock)
            let first = [await send(by: sender), await send(by: sender)]
            // Five minutes before its end a token is not used any more.
            clock.goOn(seconds: 6_900)
            let last = await send(by: sender)

            #expect(first + [last] == [.delivered, .delivered, .delivered])
            let calls = receiver.calls
            #expect(calls.map(\.path) == [tokenPath, sendPath, sendPath, tokenPath, sendPath])
            #expect(
                calls[0].json == [
                    "grant_type": "client_credential", "appid": "wx-app", "secret": "app-secret",
                    "force_refresh": false,
                ])
            #expect(
                calls.filter { $0.path == sendPath }.map(\.query) == [
                    ["access_token": "t1"], ["access_token": "t1"], ["access_token": "t2"],
                ])
            #expect(
                calls[1].json == [
                    "touser": "openid-1", "template_id": "template-1", "lang": "zh_CN", "page": "/cases/case-1",
                    "data": ["thing1": ["value": "垃圾已清走"], "time2": ["value": "08:15"]],
                ])
        }
    }

    @Test(arguments: [40_001, 42_001, 40_014] as [Int64])
    func `a token that is not accepted any more is renewed, and the message goes once`(refused: Int64) async throws {
        try await Receiver.withReceiver(
            answering: [token("t1"), code(refused), token("t1"), token("t2"), code(0), code(0)]
        ) { receiver, port in
            let sender = sender(port: port)
            let results = [await send(by: sender), await send(by: sender)]

            #expect(results == [.delivered, .delivered])
            let calls = receiver.calls
            #expect(calls.map(\.path) == [tokenPath, sendPath, tokenPath, tokenPath, sendPath, sendPath])
            #expect(calls.compactMap { $0.json?["force_refresh"]?.bool } == [false, false, true])
            #expect(calls.compactMap { $0.query["access_token"] } == ["t1", "t2", "t2"])
        }
    }

    @Test(arguments: [
        (Int64(43_101), DeliveryResult.failed(reason: "consent-refused: answered with code 43101", canRetry: false)),
        (40_003, .gone(reason: "answered with code 40003")),
        (47_003, .failed(reason: "answered with code 47003", canRetry: false)),
        (40_037, .failed(reason: "answered with code 40037", canRetry: false)),
        (45_009, .postponed(reason: "answered with code 45009", by: .seconds(3_600))),
        (45_011, .postponed(reason: "answered with code 45011", by: .seconds(60))),
        (-1, .failed(reason: "answered with code -1", canRetry: true)),
    ])
    func `each code means what it says`(number: Int64, expected: DeliveryResult) async throws {
        let result = try await Receiver.withReceiver(answering: [token("t1"), code(number)]) { _, port in
            await send(by: sender(port: port))
        }
        #expect(result == expected)
    }

    @Test func `without a token nothing was sent, so it is tried again`() async throws {
        let answers: [(Receiver.Answer, DeliveryResult)] = [
            (code(40_125), .failed(reason: "no access token: code 40125", canRetry: true)),
            (code(45_009), .postponed(reason: "no access token: code 45009", by: .seconds(3_600))),
            (.status(.badGateway), .failed(reason: "no access token: answered 502", canRetry: true)),
        ]
        try await Receiver.withReceiver(answering: answers.map(\.0)) { receiver, port in
            var results: [DeliveryResult] = []
            for _ in answers { results.append(await send(by: sender(port: port))) }
            #expect(results == answers.map(\.1))
            #expect(receiver.calls.allSatisfy { $0.path == tokenPath })
        }
    }

    @Test func `a message that may have arrived is not sent twice`() async throws {
        let results = try await Receiver.withReceiver(
            answering: [token("t1"), .status(.internalServerError), .json("ok")]
        ) { _, port in
            let sender = sender(port: port)
            return [await send(by: sender), await send(by: sender)]
        }
        let notTwice = "without a code: it may have arrived and is not sent twice"
        #expect(
            results == [
                .unknown(reason: "answered 500 \(notTwice)"),
                .unknown(reason: "answered 200 \(notTwice)"),
            ])
    }
}
