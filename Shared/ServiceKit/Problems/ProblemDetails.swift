package import Hummingbird
import NIOCore

/// Why a request was not done, as RFC 9457 `application/problem+json`.
///
/// Thrown from a handler it becomes the answer. `detail` is a sentence that says what to do next; it never repeats what
/// the sender wrote.
package struct ProblemDetails: Error, Equatable, Sendable {
    /// One wrong field: `location.latitude`, `photos[2]`, or empty for the body as a whole.
    package struct FieldError: Hashable, Sendable, Codable {
        package let field: String
        /// What the field must be: "must be …", "is missing".
        package let message: String

        package init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    /// A URI that names the kind of problem and never changes; `about:blank` when the status says it all.
    package var type: String
    package var title: String
    package var status: HTTPResponse.Status
    package var detail: String?
    /// Names this one occurrence; the request's id is put here when nothing else is.
    package var instance: String?
    package var errors: [FieldError]
    /// Members beyond those of the standard, such as the `incident` of an unexpected error.
    package var extensions: [String: JSONValue]
    /// Headers that go with the answer, such as `Retry-After`.
    package var headers: HTTPFields

    package init(
        status: HTTPResponse.Status, type: String = "about:blank", title: String? = nil, detail: String? = nil,
        instance: String? = nil, errors: [FieldError] = [], extensions: [String: JSONValue] = [:],
        headers: HTTPFields = [:]
    ) {
        self.type = type
        self.title = title ?? status.reasonPhrase
        self.status = status
        self.detail = detail
        self.instance = instance
        self.errors = errors
        self.extensions = extensions
        self.headers = headers
    }

    /// The body of the answer.
    package var json: JSONValue {
        var members = extensions
        members["type"] = .string(type)
        members["title"] = .string(title)
        members["status"] = .integer(Int64(status.code))
        if let detail { members["detail"] = .string(detail) }
        if let instance { members["instance"] = .string(instance) }
        if !errors.isEmpty {
            members["errors"] = .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
        }
        return .object(members)
    }
}

extension ProblemDetails: HTTPResponseError {
    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }
}

extension ProblemDetails: CustomStringConvertible {
    /// Status, title and the names of the wrong fields: nothing that a sender wrote.
    package var description: String {
        let fields = errors.isEmpty ? "" : " (\(errors.map(\.field).joined(separator: ", ")))"
        return "\(status.code) \(title)\(fields)"
    }
}
