import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// Addresses at which a photo, as others see it, can be had without signing in: apps of other systems show pictures by
/// their address alone.
///
/// Only those who may see photos are told such an address, and nobody guesses one: it ends in 128 bits that follow from
/// the photo's id by a secret. Who passes it on passes the picture on.
struct MediaLinks: Sendable {
    private static let purpose = "media"
    private static let idLength = 64

    let pseudonyms: Pseudonyms

    /// The path below `/open311/v2/`.
    func path(of photo: PhotoID) -> String {
        "media/\(photo.rawValue)\(pseudonyms.code(of: photo.rawValue, for: Self.purpose))"
    }

    /// The photo of an address; nil for anything that was never given out.
    func photo(of code: String) -> PhotoID? {
        guard let id = PhotoID.checked(String(code.prefix(Self.idLength))) else { return nil }
        let proof = pseudonyms.code(of: id.rawValue, for: Self.purpose).utf8
        let given = code.dropFirst(Self.idLength).utf8
        guard given.count == proof.count else { return nil }
        return zip(given, proof).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 ? id : nil
    }
}

/// The door for those addresses.
struct MediaRoutes: Sendable {
    let shelf: PhotoShelf
    let links: MediaLinks

    func add(to router: Router<ServiceRequestContext>) {
        router.get("open311/v2/media/{code}") { _, context in
            guard let photo = context.parameters.get("code").flatMap(links.photo(of:)) else { throw PhotoShelf.absent }
            let bytes = try await PhotoShelf.orProblem { try await shelf.part(PhotoForm.shown.file, of: photo) }
            return try ShelfDoor<KeptPhoto>.response(bytes) { _ in "image/jpeg" }
        }
    }
}
