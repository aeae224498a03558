import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Synchronization

/// A unit's program: notes what calls it, and answers as it is told to.
final class Receiver: Sendable {
    struct Call: Sendable, Equatable {
        let id: String
        let timestamp: String
        let signature: String
        let body: [UInt8]

        /// Why the receiver would not believe the call; nil when it would.
        func refusal(secret: WebhookSecret, now: Date) -> StandardWebhook.Refusal? {
            StandardWebhook.refusal(
                of: .init(id: id, timestamp: timestamp, signature: signature), body: body, secrets: [secret], now: now)
        }
    }

    private struct State {
        var answers: [HTTPResponse.Status]
        var calls: [Call] = []
    }

    private let state: Mutex<State>

    private init(answers: [HTTPResponse.Status]) {
        state = Mutex(State(answers: answers))
    }

    var calls: [Call] { state.withLock { $0.calls } }

    private func take(_ call: Call) -> HTTPResponse.Status {
        state.withLock { state in
            state.calls.append(call)
            return state.answers.isEmpty ? .noContent : state.answers.removeFirst()
        }
    }

    /// Lends a receiver on a port that the system chose, with the answers that it gives in order; 204 after the last.
    static func withReceiver(
        answering answers: [HTTPResponse.Status] = [],
        _ body: @escaping @Sendable (Receiver, _ port: Int) async throws -> Void
    ) async throws {
        let receiver = Receiver(answers: answers)
        let router = Router()
        router.post("hook") { request, _ in
            let status = receiver.take(try await Call(request))
            return Response(status: status, headers: status.kind == .redirection ? [.location: "/elsewhere"] : [:])
        }
        router.post("elsewhere") { request, _ in
            Response(status: receiver.take(try await Call(request)))
        }
        let app = Application(router: router)
        try await app.test(.live) { client in
            try await body(receiver, client.port ?? 0)
        }
    }
}

extension Receiver.Call {
    fileprivate init(_ request: Request) async throws {
        func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
        let body = try await request.body.collect(upTo: 100_000)
        self.init(
            id: header("webhook-id"), timestamp: header("webhook-timestamp"), signature: header("webhook-signature"),
            body: Array(body.readableBytesView))
    }
}
