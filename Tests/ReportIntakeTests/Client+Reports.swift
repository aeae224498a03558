import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit

/// An answer, with its JSON where it has some.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let json: JSONValue

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        do {
            json = try JSONValue(parsing: response.body.readableBytesView)
        } catch {
            json = .null
        }
    }

    /// The names of the wrong fields.
    var wrongFields: [String] { json["errors"]?.array?.compactMap { $0["field"]?.string } ?? [] }
}

extension TestClientProtocol {
    func report(_ body: JSONValue, token: String?, key: String? = nil) async throws -> Answer {
        try await report(text: body.text(), token: token, key: key)
    }

    func report(text: String, token: String?, key: String? = nil) async throws -> Answer {
        var headers = authorization(token)
        headers[.idempotencyKey] = key
        return try await execute(
            uri: "/v1/reports", method: .post, headers: headers, body: ByteBuffer(string: text)
        ) { Answer($0) }
    }

    func look(_ id: String, token: String?) async throws -> Answer {
        try await execute(uri: "/v1/reports/\(id)", method: .get, headers: authorization(token), body: nil) {
            Answer($0)
        }
    }

    /// Sends lines and gives the answer's status and lines.
    func stream(_ lines: [String], token: String?) async throws -> (status: Int, lines: [JSONValue]) {
        let text = lines.map { $0 + "\n" }.joined()
        return try await execute(
            uri: "/v1/reports/stream", method: .post, headers: authorization(token), body: ByteBuffer(string: text)
        ) { response in
            let lines = response.body.readableBytesView.split(separator: UInt8(ascii: "\n"))
            return (response.status.code, try lines.map { try JSONValue(parsing: $0) })
        }
    }

    private func authorization(_ token: String?) -> HTTPFields {
        guard let token else { return [:] }
        return [.authorization: "Bearer \(token)"]
    }
}

extension JSONValue {
    /// A report in the community mingdu, with further or other fields.
    static func report(_ fields: [String: JSONValue] = [:]) -> JSONValue {
        let standard: [String: JSONValue] = [
            "description": "井盖破损，行人危险", "location": ["latitude": 28.6829, "longitude": 115.8551],
        ]
        return .object(standard.merging(fields) { $1 })
    }
}
