import Hummingbird
import ServiceKit

/// A call as it came in.
struct Open311Call: Sendable {
    /// The bytes of a multipart form: one photo of the largest kind, or several smaller ones, and words.
    static let largestForm = PhotoRoutes.largest + 2 * ServiceRequestContext.largestBody

    let request: Request
    let context: ServiceRequestContext
    /// Of the query; those of a form are read by ``form()``.
    let arguments: Open311Arguments

    /// What the path names: a service's code, a request's id, a token.
    var id: String { context.parameters.get("id") ?? "" }

    /// The arguments of the form that was posted, and those of the query behind them.
    ///
    /// - Throws: `Open311Fault` 400 for a body that is no form, or of another type.
    func form() async throws -> Open311Arguments {
        let type = request.headers[.contentType] ?? ""
        if let boundary = MultipartForm.boundary(of: type) {
            let body = try await request.wholeBody(
                atMost: Self.largestForm, advice: "A form with its photos has at most \(Self.largestForm >> 20) MB.")
            let parts = try MultipartForm.parts(of: Array(body.readableBytesView), boundary: boundary)
            return try Open311Arguments(parts).adding(arguments)
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
}
