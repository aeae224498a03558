import Contracts
import Foundation
import Hummingbird
import Logging
import ObjectStore
import Photos
import ReportIntakeDomain
import ServiceKit

/// The door for photos: sent before the report that names them.
///
/// - `POST /v1/photos`: the bytes of one JPEG or PNG → its id.
/// - `GET /v1/photos/{id}`: what others see of it, `?form=thumbnail` for a small one.
/// - `GET /v1/photos/{id}/original`: as it was sent, for verifiers; each look is logged.
struct PhotoRoutes: Sendable {
    static let largest = 10 * 1_024 * 1_024
    /// Who may see a photo as it was sent.
    static let verifiers: Set<Role> = [.verifier, .admin]

    let shelf: PhotoShelf
    let now: @Sendable () -> Timestamp

    func add(to router: Router<ServiceRequestContext>) {
        let photos = router.group("v1/photos", context: AuthenticatedRequestContext.self)
        photos.post { request, context in try await take(request, context) }
        photos.get("{id}") { request, context in try await show(request, context) }
        photos.get("{id}/original") { _, context in try await showOriginal(context) }
    }

    private func take(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: ReportRoutes.reporters)
        let body = try await request.wholeBody(
            atMost: Self.largest, advice: "A photo has at most \(Self.largest >> 20) MB: send a smaller one.")
        let sender = PersonID(context.principal.subject)
        let photo = try await Self.orProblem {
            try await shelf.add(Array(body.readableBytesView), by: sender, at: now())
        }
        let answer: JSONValue = [
            "photoId": .string(photo.id.rawValue), "width": .integer(Int64(photo.width)),
            "height": .integer(Int64(photo.height)),
        ]
        return Response(
            status: .created,
            headers: [
                .contentType: "application/json; charset=utf-8", .location: "/v1/photos/\(photo.id.rawValue)",
            ], body: .init(byteBuffer: ByteBuffer(bytes: answer.bytes())))
    }

    private func show(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form: PhotoShelf.Form
        switch request.uri.queryParameters["form"] {
        case nil: form = .shown
        case let name?:
            guard let known = PhotoShelf.Form(rawValue: String(name)) else {
                let names = PhotoShelf.Form.allCases.map(\.rawValue).joined(separator: " or ")
                throw ProblemDetails.badRequest(errors: [.init(field: "form", message: "must be \(names)")])
            }
            form = known
        }
        let id = try id(context)
        return try Self.response(try await Self.orProblem { try await shelf.picture(id, form) }, type: "image/jpeg")
    }

    private func showOriginal(_ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.verifiers)
        let id = try id(context)
        let original = try await Self.orProblem { try await shelf.original(id) }
        context.logger.notice(
            "A photo was looked at as it was sent",
            metadata: ["photo.id": "\(id)", "principal": "\(context.principal.subject)"])
        let isPNG = original.map { PhotoFormat($0) == .png } ?? false
        return try Self.response(original, type: isPNG ? "image/png" : "image/jpeg")
    }

    private func id(_ context: AuthenticatedRequestContext) throws(ProblemDetails) -> PhotoID {
        guard let text = context.parameters.get("id"), let id = PhotoID.checked(text) else { throw Self.absent }
        return id
    }

    static let absent = ProblemDetails.notFound("There is no such photo here.")

    static func response(_ bytes: Data?, type: String) throws(ProblemDetails) -> Response {
        guard let bytes else { throw absent }
        return Response(
            status: .ok,
            headers: [
                // The name is the content's hash: it never becomes another.
                .contentType: type, .cacheControl: "private, max-age=31536000, immutable",
                .contentSecurityPolicy: "default-src 'none'", .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// What went wrong, said to who asked; what is wrong with us is retried by them later.
    static func orProblem<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PhotoError {
            throw ProblemDetails.unprocessable(errors: [.init(field: "", message: error.description)])
        } catch is PhotoBench.Busy {
            throw ProblemDetails.unavailable(
                retryAfter: .seconds(2), "Many photos are being taken in just now. Send it again in a moment.")
        } catch is ObjectStoreError {
            throw ProblemDetails.photosUnreachable
        }
    }
}
