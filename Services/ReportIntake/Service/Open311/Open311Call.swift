import Hummingbird
import NIOCore
import ServiceKit

/// A call as it came in.
struct Open311Call: Sendable {
    /// So much of a form is read before anybody knows who sends it: words, and the key among them.
    static let largestUnknown = ServiceRequestContext.largestBody

    let request: Request
    let context: ServiceRequestContext
    /// Of the query; those of a form are read by ``form()``.
    let arguments: Open311Arguments

    /// What the path names: a service's code, a request's id, a token.
    var id: String { context.parameters.get("id") ?? "" }

    /// The arguments of the form that was posted, and those of the query behind them.
    ///
    /// - Parameters:
    ///   - isKnown: whether a good key came before the form.
    ///   - admits: whether a good key is among these arguments of it.
    /// - Throws: `Open311Fault` 400 for a body that is no form, or of another type, 403 for a large one without a key.
    func form(
        isKnown: Bool, admits: (Open311Arguments) async throws -> Bool
    ) async throws -> Open311Arguments {
        let type = request.headers[.contentType] ?? ""
        if let boundary = MultipartForm.boundary(of: type) {
            let body = try await multipart(boundary, isKnown: isKnown, admits)
            return try Open311Arguments(try Self.parts(of: body, boundary, MultipartForm.parts)).adding(arguments)
        }
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw Open311Fault.badRequest(
                "Send the request as application/x-www-form-urlencoded or as multipart/form-data.")
        }
        let body = try await request.wholeBody(
            atMost: context.maxUploadSize, advice: "Send at most \(context.maxUploadSize) bytes.")
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw Open311Fault.badRequest("Write the form in UTF-8.")
        }
        return try Open311Arguments(urlEncoded: text).adding(arguments)
    }

    /// Reads a multipart form, the large part of it only for who is known.
    private func multipart(
        _ boundary: String, isKnown: Bool, _ admits: (Open311Arguments) async throws -> Bool
    ) async throws -> ByteBuffer {
        let tooLarge = ProblemDetails.tooLarge(MultipartForm.largestAdvice)
        guard request.headers[.contentLength].flatMap({ Int($0) }) ?? 0 <= MultipartForm.largest else { throw tooLarge }
        var isAdmitted = isKnown
        var bytes = ByteBuffer()
        for try await piece in request.body {
            guard bytes.readableBytes + piece.readableBytes <= MultipartForm.largest else { throw tooLarge }
            bytes.writeImmutableBuffer(piece)
            guard !isAdmitted, bytes.readableBytes > Self.largestUnknown else { continue }
            let leading = try Open311Arguments(try Self.parts(of: bytes, boundary, MultipartForm.leadingParts))
            guard try await admits(leading) else {
                throw Open311Fault.forbidden(
                    "A form of more than \(Self.largestUnknown >> 10) KB is read only with a key before its files: send "
                        + "api_key as its first field, or the key in Authorization: Bearer.")
            }
            isAdmitted = true
        }
        return bytes
    }

    private static func parts(
        of body: ByteBuffer, _ boundary: String,
        _ read: (ByteBufferView, String) throws(MultipartForm.Malformed) -> [MultipartForm.Part]
    ) throws(Open311Fault) -> [MultipartForm.Part] {
        do throws(MultipartForm.Malformed) {
            return try read(body.readableBytesView, boundary)
        } catch {
            throw .badRequest(MultipartForm.Malformed.advice)
        }
    }
}
