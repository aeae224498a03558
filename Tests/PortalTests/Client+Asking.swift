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
    let text: String
    let json: JSONValue

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
        do {
            json = try JSONValue(parsing: response.body.readableBytesView)
        } catch {
            json = .null
        }
    }

    /// The names of the wrong fields.
    var wrongFields: [String] { json["errors"]?.array?.compactMap { $0["field"]?.string } ?? [] }

    /// One member of every item of the page.
    func items(_ member: String) -> [String] {
        json["items"]?.array?.compactMap { $0[member]?.string } ?? []
    }
}

extension TestClientProtocol {
    func ask(_ uri: String, token: String? = nil, _ fields: HTTPFields = [:]) async throws -> Answer {
        try await execute(uri: uri, method: .get, headers: headers(fields, token), body: nil) { Answer($0) }
    }

    func send(
        _ uri: String, _ body: JSONValue, token: String?, key: String? = nil, method: HTTPRequest.Method = .post
    ) async throws -> Answer {
        var fields = HTTPFields()
        fields[.idempotencyKey] = key
        return try await execute(
            uri: uri, method: method, headers: headers(fields, token), body: ByteBuffer(string: body.text())
        ) { Answer($0) }
    }

    func act(_ body: JSONValue, on id: String = "case-1", token: String?, key: String? = nil) async throws -> Answer {
        try await send("/v1/cases/\(id)/actions", body, token: token, key: key)
    }

    /// Every page of a list; of one that does not end, the first hundred.
    func pages(_ uri: String, limit: Int, token: String) async throws -> [Answer] {
        var pages = [try await ask("\(uri)limit=\(limit)", token: token)]
        while let cursor = pages.last?.json["nextCursor"]?.string, pages.count < 100 {
            pages.append(try await ask("\(uri)limit=\(limit)&cursor=\(cursor)", token: token))
        }
        return pages
    }

    private func headers(_ fields: HTTPFields, _ token: String?) -> HTTPFields {
        var fields = fields
        if let token { fields[.authorization] = "Bearer \(token)" }
        return fields
    }
}
