import Contracts
import Photos

/// A photo that was taken in: what it is called, and what is known of it.
struct KeptPhoto: Equatable, Sendable {
    let id: PhotoID
    /// Of the picture that others see, in pixels.
    let width: Int
    let height: Int
    /// What it looks like, as 16 hexadecimal digits: see `DifferenceHash`.
    let look: String
    let uploadedAt: Timestamp
}

typealias PhotoShelf = Shelf<KeptPhoto>

extension KeptPhoto: Shelved {
    typealias Refusal = PhotoError

    static let kind = ShelfKind(folder: "photos", one: "photo", many: "photos", largest: 10 << 20)

    static func make(of bytes: [UInt8], id: PhotoID, at moment: Timestamp) throws -> ShelfPiece<KeptPhoto> {
        let shown = try PhotoReader.read(bytes, fitting: PhotoForm.shown.most)
        return ShelfPiece(
            item: KeptPhoto(
                id: id, width: shown.width, height: shown.height, look: DifferenceHash(shown).description,
                uploadedAt: moment),
            parts: [
                (PhotoForm.shown.file, try JPEGWriter.write(shown)),
                (
                    PhotoForm.thumbnail.file,
                    try JPEGWriter.write(shown.fitting(PhotoForm.thumbnail.most), quality: 75)
                ),
            ])
    }
}

/// In which form others see a photo: a JPEG written anew, without EXIF.
enum PhotoForm: String, CaseIterable, Sendable {
    case shown
    case thumbnail

    /// The longer side at most, in pixels.
    var most: Int {
        switch self {
        case .shown: 2_048
        case .thumbnail: 320
        }
    }

    var file: String { "\(rawValue).jpg" }
}
