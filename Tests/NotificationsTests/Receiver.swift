import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Synchronization

/// A program of somebody else's: notes what calls it, and answers as it is told to.
final class Receiver: Sendable {
    struct Call: Sendable {
        let method: String
        let path: String
        /// As it stands behind `?`, decoded.
        let query: [String: String]
        /// By lower-case name.
        let headers: [String: String]
        let body: [UInt8]

        var json: JSONValue? { try? JSONValue(parsing: body) }
        var id: String { headers["webhook-id"] ?? "" }

        /// Why the receiver would not believe a webhook; nil when it would.
        func refusal(secret: WebhookSecret, now: Date) -> StandardWebhook.Refusal? {
            StandardWebhook.refusal(
                of: .init(
                    id: id, timestamp: headers["webhook-timestamp"] ?? "",
                    signature: headers["webhook-signature"] ?? ""),
                body: body, secrets: [secret], now: now)
        }
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status = .noContent
        var headers: HTTPFields = [:]
        var body = ""

        static func status(_ status: HTTPResponse.Status, retryAfter: String? = nil) -> Answer {
            var headers: HTTPFields = status.kind == .redirection ? [.location: "/elsewhere"] : [:]
            headers[.retryAfter] = retryAfter
            return Answer(status: status, headers: headers)
        }

        static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
            Answer(status: status, headers: [.contentType: "application/json"], body: value.text())
        }
    }

    private struct State {
        var answers: [Answer]
        var calls: [Call] = []
    }

    private let state: Mutex<State>

    private init(answers: [Answer]) {
        state = Mutex(State(answers: answers))
    }

    var calls: [Call] { state.withLock { $0.calls } }

    private func take(_ call: Call) -> Answer {
        state.withLock { state in
            state.calls.append(call)
            return state.answers.isEmpty ? Answer() : state.answers.removeFirst()
        }
    }

    /// Lends a receiver on a port that the system chose, with the answers that it gives in order; 204 after the last.
    static func withReceiver<Result: Sendable>(
        answering answers: [Answer] = [],
        _ body: @escaping @Sendable (Receiver, _ port: Int) async throws -> Result
    ) async throws -> Result {
        let receiver = Receiver(answers: answers)
        let router = Router()
        for path in ["{a}", "{a}/{b}", "{a}/{b}/{c}", "{a}/{b}/{c}/{d}"] {
            router.on(RouterPath(path), method: .post) { request, _ in
                let answer = receiver.take(try await Call(request))
                return Response(
                    status: answer.status, headers: answer.headers,
                    body: .init(byteBuffer: ByteBuffer(string: answer.body)))
            }
        }
        let app = Application(router: router)
        return try await app.test(.live) { client in
            try await body(receiver, client.port ?? 0)
        }
    }
}

extension Receiver.Call {
    fileprivate init(_ request: Request) async throws {
        let body = try await request.body.collect(upTo: 100_000)
        self.init(
            method: request.method.rawValue, path: request.uri.path,
            query: Dictionary(
                request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { $1 }),
            headers: Dictionary(
                request.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $1 }),
            body: Array(body.readableBytesView))
    }
}
