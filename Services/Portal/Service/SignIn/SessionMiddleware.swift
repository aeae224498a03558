import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

extension HTTPField.Name {
    /// What a script sends instead of the form's field.
    static let formToken = known("X-Form-Token")
}

/// Knows who asks by the cookie of a session, where nobody said so by a token.
///
/// A cookie goes along with whatever another site makes the browser send. So what changes something counts only with the
/// session's form token, in the field `formToken` or the header `X-Form-Token`, which no other site can read.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    /// A form with its photos.
    static let largestForm = 26 << 20
    static let field = "formToken"
    private static let safe: Set<HTTPRequest.Method> = [.get, .head, .options]

    let sessions: Sessions
    let pseudonyms: Pseudonyms

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard case .anonymous = context.identity, request.headers[.authorization] == nil,
            let session = sessions.session(of: request)
        else { return try await next(request, context) }
        var request = request
        if !Self.safe.contains(request.method) {
            guard let token = try await token(of: &request), sessions.isFormToken(token, of: session) else {
                throw ProblemDetails.forbidden("The form is too old, or comes from elsewhere. Open the page again.")
            }
        }
        var context = context
        context.identity = .known(
            Principal(
                subject: session.subject, roles: Set(session.roles),
                confidentialName: pseudonyms.confidentialName(of: session.subject)))
        return try await next(request, context)
    }

    private func token(of request: inout Request) async throws -> String? {
        if let header = request.headers[.formToken] { return header }
        guard let type = request.headers[.contentType] else { return nil }
        let isForm = type.hasPrefix("application/x-www-form-urlencoded")
        guard isForm || type.hasPrefix("multipart/form-data") else { return nil }
        let body = try await request.wholeBody(
            atMost: isForm ? ServiceRequestContext.largestBody : Self.largestForm,
            advice: "The form and its photos are too large together. Send fewer photos.")
        request.body = RequestBody(buffer: body)
        return FormFields(body, type: type)?[Self.field]
    }
}
