package import Hummingbird
import NIOCore

/// The context of every request that a program of the project answers.
package struct ServiceRequestContext: IdentityContext {
    /// A request body, in bytes, unless a route reads it as a stream.
    package static let largestBody = 64 * 1024

    package var coreContext: CoreRequestContextStorage
    package var identity = Identity.anonymous

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    package var maxUploadSize: Int { Self.largestBody }
    package var requestDecoder: ServiceJSON { ServiceJSON() }
    package var responseEncoder: ServiceJSON { ServiceJSON() }
}

extension Request {
    /// The body as JSON.
    ///
    /// - Throws: ``ProblemDetails`` 400 when it is not JSON, 413 when it is larger than the context allows.
    package func json(_ context: some RequestContext) async throws -> JSONValue {
        let body = try await wholeBody(
            atMost: context.maxUploadSize, advice: "Send at most \(context.maxUploadSize) bytes.")
        do {
            return try JSONValue(parsing: body.readableBytesView)
        } catch {
            throw ProblemDetails.badRequest("The body is not JSON: \(error).")
        }
    }

    /// The whole body.
    ///
    /// - Throws: ``ProblemDetails`` 413 with the advice where it is larger.
    package func wholeBody(atMost limit: Int, advice: String) async throws -> ByteBuffer {
        // What is announced as too large need not come first.
        let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw ProblemDetails.tooLarge(advice) }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw ProblemDetails.tooLarge(advice)
        }
    }

    /// The body as a JSON object, read field by field; every wrong field is named in one 422.
    package func fields<Value>(
        _ context: some RequestContext, strict: Bool = true, _ read: (FieldReader) throws -> Value
    ) async throws -> Value {
        try FieldReader.read(try await json(context), strict: strict, read)
    }
}
