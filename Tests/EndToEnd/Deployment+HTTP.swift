import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What is asked of a deployment's services.
extension Deployment {
    struct HTTPAnswer: Sendable {
        let status: Int
        let body: Data
        let headers: HTTPHeaders

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: body)
        }

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func get(_ service: String, _ path: String, token: String? = nil) async throws -> HTTPAnswer {
        try await send(service, path, method: .GET, token: token, body: nil, headers: [:])
    }

    func post(
        _ service: String, _ path: String, token: String?, json: String, headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        try await send(
            service, path, method: .POST, token: token, body: ByteBuffer(string: json), headers: headers)
    }

    func post(_ service: String, _ path: String, token: String?, bytes: [UInt8]) async throws -> HTTPAnswer {
        try await send(
            service, path, method: .POST, token: token, body: ByteBuffer(bytes: bytes),
            type: "application/octet-stream", headers: [:])
    }

    func post(_ service: String, _ path: String, form: String) async throws -> HTTPAnswer {
        try await send(
            service, path, method: .POST, token: nil, body: ByteBuffer(string: form),
            type: "application/x-www-form-urlencoded",
            headers: [:])
    }

    /// - Parameter method: such as `PATCH`.
    func send(
        _ method: String, _ service: String, _ path: String, token: String?, json: String?
    ) async throws -> HTTPAnswer {
        try await send(
            service, path, method: HTTPMethod(rawValue: method), token: token,
            body: json.map { ByteBuffer(string: $0) },
            headers: [:])
    }

    private func send(
        _ service: String, _ path: String, method: HTTPMethod, token: String?, body: ByteBuffer?,
        type: String = "application/json", headers: [String: String]
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: try await url(of: service) + path)
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(body)
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await http.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return HTTPAnswer(
            status: Int(response.status.code), body: Data(bytes.readableBytesView), headers: response.headers)
    }
}
