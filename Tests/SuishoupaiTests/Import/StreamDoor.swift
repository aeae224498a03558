import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization

/// Stands where intake would: takes lines, remembers their keys, and misbehaves as it is told to.
final class StreamDoor: Sendable {
    /// How one connection goes.
    enum Manner: Sendable {
        /// Every line has its answer at once.
        case answering
        /// The whole request is turned away.
        case refusing(HTTPResponse.Status, String)
        /// The connection breaks when so many lines were taken and answered, and one more taken without an answer.
        case breakingAfter(Int)
        /// So many lines are answered, all others have to come again.
        case fullAfter(Int)
        /// The connection ends in good order when so many lines were answered.
        case endingAfter(Int)
        /// An answer comes only when the test lets one go.
        case waiting
        /// Nothing is ever answered.
        case silent
        /// The numbers of the lines are wrong.
        case outOfStep
    }

    struct Broken: Error {}

    private struct State {
        var manners: [Manner]
        var keys: [String] = []
        var lines: [String] = []
        var wrong: Set<String>
        var connections = 0
        var largest = 0
    }

    private struct Line: Decodable {
        let idempotencyKey: String
    }

    private let state: Mutex<State>
    private let gate = AsyncStream.makeStream(of: Void.self)

    private init(_ manners: [Manner], wrong: Set<String>) {
        state = Mutex(State(manners: manners, wrong: wrong))
    }

    /// The keys of the lines that were taken, once each, in order.
    var keys: [String] { state.withLock { $0.keys } }
    /// Of every line that came, however often.
    var lines: [String] { state.withLock { $0.lines } }
    var connections: Int { state.withLock { $0.connections } }

    /// Lets so many answers go on connections that wait.
    func release(_ count: Int) { for _ in 0..<count { gate.continuation.yield() } }

    /// Lends a door on a port that the system chose, which treats its connections in these manners, one after the other.
    static func withDoor<Result: Sendable>(
        _ manners: Manner..., rejecting wrong: Set<String> = [],
        _ body: @escaping @Sendable (StreamDoor, _ url: String) async throws -> Result
    ) async throws -> Result {
        let door = StreamDoor(manners, wrong: wrong)
        let router = Router()
        router.post("v1/reports/stream") { request, _ in try await door.open(request) }
        let app = Application(router: router)
        return try await app.test(.live) { client in
            try await body(door, "http://127.0.0.1:\(client.port ?? 0)")
        }
    }

    private func open(_ request: Request) async throws -> Response {
        let manner = state.withLock { state in
            state.connections += 1
            return state.manners.isEmpty ? .answering : state.manners.removeFirst()
        }
        if case .refusing(let status, let body) = manner {
            return Response(status: status, body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        let body = request.body
        return Response(
            status: .ok,
            body: ResponseBody { [self] writer in
                try await serve(body, manner, &writer)
                try await writer.finish(nil)
            })
    }

    private func serve(_ body: RequestBody, _ manner: Manner, _ writer: inout any ResponseBodyWriter) async throws {
        var rest = ""
        var number = 0
        for try await piece in body {
            rest += String(buffer: piece)
            while let end = rest.firstIndex(of: "\n") {
                let line = String(rest[..<end])
                rest = String(rest[rest.index(after: end)...])
                number += 1
                guard let answer = try await take(line, number: number, manner) else { return }
                if !answer.isEmpty { try await writer.write(ByteBuffer(string: answer + "\n")) }
            }
        }
    }

    /// The answer to a line; nil where the connection ends here.
    private func take(_ line: String, number: Int, _ manner: Manner) async throws -> String? {
        switch manner {
        case .breakingAfter(let count) where number > count:
            _ = try accept(line, number)
            throw Broken()
        case .endingAfter(let count) where number > count:
            return nil
        case .fullAfter(let count) where number > count:
            return #"{"line":\#(number),"status":"rejected","retry":true,"errors":[{"field":"","message":"full"}]}"#
        case .waiting:
            for await _ in gate.stream { break }
            return try accept(line, number)
        case .silent: return ""
        case .outOfStep: return try accept(line, number + 1)
        default: return try accept(line, number)
        }
    }

    private func accept(_ line: String, _ number: Int) throws -> String {
        let key = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).idempotencyKey
        let status = state.withLock { state in
            state.lines.append(key)
            if state.wrong.contains(key) { return "rejected" }
            guard !state.keys.contains(key) else { return "duplicate" }
            state.keys.append(key)
            return "accepted"
        }
        let errors = status == "rejected" ? #","errors":[{"field":"category","message":"is unknown"}]"# : ""
        return #"{"line":\#(number),"status":"\#(status)"\#(errors)}"#
    }
}
