import Contracts
import EventProcessing
import Foundation
import HTTPTypes
import Notifications
import NotificationsDomain
import ServiceKit
import TestSupport
import Testing

private func send(port: Int, attempt: Int = 1) async -> DeliveryResult {
    // The gateway is the operator's own, so it may lie where others' addresses may not.
    let sender = SMSSender(
        url: "http://127.0.0.1:\(port)/v1/messages", key: "gateway-key",
        caller: HTTPCaller(allows: .none, now: { moment }))
    return await sender.send(.sample(.sms), to: "+8613812345678", id: "delivery-1", attempt: attempt)
}

@Test func `the gateway gets number, text and template, and knows a repetition`() async throws {
    try await Receiver.withReceiver(answering: [.status(.internalServerError), .status(.accepted)]) { receiver, port in
        let results = [await send(port: port), await send(port: port, attempt: 2)]

        #expect(results == [.failed(reason: "the gateway answered 500", canRetry: true), .delivered])
        let calls = receiver.calls
        #expect(Set(calls.map { $0.headers["idempotency-key"] }) == ["delivery-1"])
        #expect(calls[0].headers["authorization"] == "Bearer gateway-key")
        #expect(
            calls[0].json == [
                "id": "delivery-1", "to": "+8613812345678", "text": "垃圾已清走", "template": "template-1",
                "variables": ["thing1": "垃圾已清走", "time2": "08:15"],
            ])
    }
}

@Test func `what the gateway answers is understood`() async throws {
    let answers: [(Receiver.Answer, DeliveryResult)] = [
        (.status(.gone), .gone(reason: "the gateway answered 410")),
        (
            .status(.tooManyRequests, retryAfter: "5"),
            .postponed(reason: "the gateway answered 429", by: .seconds(5))
        ),
        (.status(.unprocessableContent), .failed(reason: "the gateway answered 422", canRetry: false)),
        (.status(.unauthorized), .failed(reason: "the gateway answered 401", canRetry: true)),
        (.status(.conflict), .failed(reason: "the gateway answered 409", canRetry: true)),
        (.status(.found), .failed(reason: "the gateway answered 302", canRetry: false)),
    ]
    let results = try await Receiver.withReceiver(answering: answers.map(\.0)) { _, port in
        var results: [DeliveryResult] = []
        for _ in answers { results.append(await send(port: port)) }
        return results
    }
    #expect(results == answers.map(\.1))
}
