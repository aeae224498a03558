import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import ServiceKit

/// Hands what belongs to report-intake on to it, so that pages have one origin: see docs/decisions/0024.
///
/// Only the doors listed here; who asks, portal says.
struct IntakeForward: Sendable {
    /// Where intake is: its address, or the file that it writes it to.
    let place: String
    let identity: ForwardedIdentity

    private static let asked = ["accept", "content-type", "idempotency-key", "if-none-match", "traceparent"]
    private static let answered = [
        "cache-control", "content-type", "etag", "idempotency-hit", "location", "retry-after", "x-content-type-options",
    ]

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        for path in ["reports", "reports/preview", "photos", "voice-notes", "captures"] {
            group.post("\(path)") { request, context in try await forward(request, context) }
        }
        for path in ["reports/nearby", "reports/{id}", "photos/{id}", "voice-notes/{id}", "landmarks"] {
            group.get("\(path)") { request, context in try await forward(request, context) }
        }
    }

    private func forward(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        var wanted = try await call(request.uri.string, request.method, by: context.principal)
        for name in Self.asked {
            if let field = HTTPField.Name(name), let value = request.headers[field] {
                wanted.headers.add(name: name, value: value)
            }
        }
        if request.method == .post {
            let body = try await request.wholeBody(
                atMost: SessionMiddleware.largestForm, advice: "The report and its photos are too large together.")
            wanted.body = .bytes(body)
        }
        return try await answer(to: wanted)
    }

    /// Sends a report of a form; the answer is intake's own.
    func send(
        _ report: JSONValue, files: [FormFields.File], key: String, by principal: Principal
    ) async throws -> (status: Int, json: JSONValue) {
        let boundary = "form-\(UUID().uuidString)"
        var body = ByteBuffer()
        func part(_ name: String, _ type: String, file: Bool, _ bytes: [UInt8]) {
            let fileName = file ? "; filename=\"\(name)\"" : ""
            body.writeString(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(fileName)\r\n"
                    + "Content-Type: \(type)\r\n\r\n")
            body.writeBytes(bytes)
            body.writeString("\r\n")
        }
        part("report", "application/json", file: false, report.bytes())
        for file in files where file.name == "photo" { part("photo", "image/jpeg", file: true, file.bytes) }
        body.writeString("--\(boundary)--\r\n")
        var wanted = try await call("/v1/reports", .post, by: principal)
        wanted.headers.add(name: "content-type", value: "multipart/form-data; boundary=\(boundary)")
        wanted.headers.add(name: "idempotency-key", value: key)
        wanted.body = .bytes(body)
        let response = try await execute(wanted)
        return (Int(response.status.code), try await Self.json(of: response))
    }

    /// Sends a photo of the work, and gives what stands for it in an action.
    ///
    /// - Throws: intake's own problem where it takes no such photo.
    func keep(_ photo: FormFields.File, by principal: Principal) async throws -> JSONValue {
        var wanted = try await call("/v1/photos", .post, by: principal)
        wanted.headers.add(name: "content-type", value: "application/octet-stream")
        wanted.body = .bytes(photo.bytes)
        let response = try await execute(wanted)
        let answer = try await Self.json(of: response)
        guard response.status == .created, let id = answer["photoId"], let look = answer["look"] else {
            throw ProblemDetails(
                status: .init(code: Int(response.status.code)),
                title: answer["title"]?.string ?? "The photo was not taken",
                detail: answer["detail"]?.string)
        }
        return ["id": id, "look": look]
    }

    /// What answers anything else is not intake.
    private static func json(of response: HTTPClientResponse) async throws -> JSONValue {
        let bytes = try await response.body.collect(upTo: 1 << 20)
        do {
            return try JSONValue(parsing: bytes.readableBytesView)
        } catch {
            throw absence
        }
    }

    private func call(
        _ path: String, _ method: HTTPRequest.Method, by principal: Principal
    ) async throws -> HTTPClientRequest {
        guard let base = try address() else { throw Self.absence }
        var wanted = HTTPClientRequest(url: base + path)
        wanted.method = HTTPMethod(rawValue: method.rawValue)
        wanted.headers.add(name: "authorization", value: try await identity.header(for: principal))
        return wanted
    }

    private func answer(to wanted: HTTPClientRequest) async throws -> Response {
        let response = try await execute(wanted)
        var headers = HTTPFields()
        for name in Self.answered {
            if let field = HTTPField.Name(name), let value = response.headers.first(name: name) {
                headers[field] = value
            }
        }
        return Response(
            status: .init(code: Int(response.status.code)), headers: headers,
            body: .init(asyncSequence: response.body))
    }

    private func execute(_ wanted: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await HTTPClient.shared.execute(wanted, timeout: .seconds(30))
        } catch let error as HTTPClientError where error != .cancelled {
            throw Self.absence
        } catch is IOError {
            throw Self.absence
        }
    }

    private func address() throws -> String? {
        if place.contains("://") { return place }
        return try AddressFile.read(URL(filePath: place))?.url
    }

    /// A report is not lost by it: the page keeps it and sends it again.
    private static let absence = ProblemDetails.unavailable(
        retryAfter: .seconds(5), "Reports cannot be taken at the moment. Send it again, with the same key.")
}
