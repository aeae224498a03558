import Contracts
import Hummingbird
import Photos
import ServiceKit

/// The door for photos: sent before the report that names them.
///
/// - `POST /v1/photos`: the bytes of one JPEG or PNG → its id, and what it looks like.
/// - `GET /v1/photos/{id}`: what others see of it, `?form=thumbnail` for a small one.
/// - `GET /v1/photos/{id}/original`: as it was sent, for verifiers; each look is logged.
struct PhotoRoutes: Sendable {
    static let largest = KeptPhoto.kind.largest

    /// Staff, too: a step of a case shows what was found or done.
    private static let senders = ReportRoutes.reporters.union(ReportRoutes.staff)

    let door: ShelfDoor<KeptPhoto>

    init(shelf: PhotoShelf, quotas: Quotas, now: @escaping @Sendable () -> Timestamp) {
        door = ShelfDoor(shelf: shelf, quotas: quotas, now: now)
    }

    func add(to router: Router<ServiceRequestContext>) {
        let photos = router.group("v1/photos", context: AuthenticatedRequestContext.self)
        photos.post { request, context in
            try await door.take(request, context, from: Self.senders) { photo in
                [
                    "photoId": .string(photo.id.rawValue), "width": .integer(Int64(photo.width)),
                    "height": .integer(Int64(photo.height)), "look": .string(photo.look),
                ]
            }
        }
        photos.get("{id}") { request, context in
            try await door.show(try Self.form(request).file, type: "image/jpeg", context)
        }
        photos.get("{id}/original") { _, context in
            try await door.showOriginal(context) { PhotoFormat($0) == .png ? "image/png" : "image/jpeg" }
        }
    }

    private static func form(_ request: Request) throws(ProblemDetails) -> PhotoForm {
        guard let name = request.uri.queryParameters["form"] else { return .shown }
        guard let form = PhotoForm(rawValue: String(name)) else {
            let names = PhotoForm.allCases.map(\.rawValue).joined(separator: " or ")
            throw .badRequest(errors: [.init(field: "form", message: "must be \(names)")])
        }
        return form
    }
}
