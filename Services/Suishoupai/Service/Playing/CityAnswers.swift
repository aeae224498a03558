import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

extension CityClient {
    struct Answer: Sendable {
        let status: UInt
        let body: Data

        private struct Problem: Decodable {
            let title: String?
            let detail: String?
            let code: String?
        }

        /// What a problem document says, or the status.
        var words: String { problem?.detail ?? problem?.title ?? "status \(status)" }

        /// Why the owner refused, for programs.
        var code: String? { problem?.code }

        private var problem: Problem? {
            do { return try ContractCoding.decode(Problem.self, from: body) } catch { return nil }
        }
    }

    /// Asks until somebody answers who can.
    func send(
        _ method: HTTPMethod, _ service: String, _ path: String, by person: Person, body: Data? = nil,
        key: String? = nil
    ) async throws -> Answer {
        let token = try await tokens.token(of: person)
        return try await wait("\(service) answers") {
            guard let address = try address(service) else { return nil }
            var request = HTTPClientRequest(url: address + path)
            request.method = method
            request.headers.add(name: "authorization", value: "Bearer \(token)")
            if let key { request.headers.add(name: "idempotency-key", value: key) }
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(bytes: body))
            }
            do {
                let response = try await http.execute(request, timeout: .seconds(30))
                let body = try await response.body.collect(upTo: 4 << 20)
                let isAway = [429, 502, 503, 504].contains(response.status.code)
                return isAway ? nil : Answer(status: response.status.code, body: Data(body.readableBytesView))
            } catch {
                // No connection, or one that broke: the service may be starting again.
                try Task.checkCancellation()
                return nil
            }
        }
    }

    func json<Value: Decodable>(_ answer: Answer) throws -> Value {
        guard (200..<300).contains(answer.status) else { throw CityFault.unexpected(answer) }
        return try ContractCoding.decode(Value.self, from: answer.body)
    }

    func wait<Value: Sendable>(_ what: String, for value: () async throws -> Value?) async throws -> Value {
        let deadline = ContinuousClock.now + patience
        while true {
            if let found = try await value() { return found }
            guard ContinuousClock.now < deadline else { throw CityFault.timeIsUp(what) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

// CityFault
//   unexpected    an answer that nobody foresaw
//   timeIsUp      what was waited for did not come

/// Why it could not be gone on with.
enum CityFault: Error, CustomStringConvertible {
    case unexpected(CityClient.Answer)
    case timeIsUp(String)

    var description: String {
        switch self {
        case .unexpected(let answer): "unexpected answer \(answer.status): \(answer.words)"
        case .timeIsUp(let what): "time is up, and still not: \(what)"
        }
    }
}
