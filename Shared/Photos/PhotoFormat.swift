/// What bytes are, by what they say themselves; never by a name or a header that came with them.
package enum PhotoFormat: Sendable, Equatable {
    case jpeg
    case png
    /// ISO base media with a HEIF brand: iPhones' own form.
    case heic
    case other

    package init(_ bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(16))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8),
            Self.heifBrands.contains(Array(head[8..<12]))
        {
            self = .heic
        } else {
            self = .other
        }
    }

    private static let heifBrands = Set(
        ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif"].map { Array($0.utf8) })
}

/// Why bytes are not taken as a photo, said to who sent them.
package enum PhotoError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAPhoto
    case heic
    /// Its sides, in pixels.
    case tooManyPixels(width: Int, height: Int)
    /// Its colours are for printers.
    case printColours
    case damaged(String)

    package var description: String {
        switch self {
        case .notAPhoto: "is no photo that is known here: send JPEG or PNG"
        case .heic:
            "is HEIC, which cannot be read here: send it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible)"
        case .tooManyPixels(let width, let height):
            "has \(width) × \(height) pixels, more than are read here: send a smaller one"
        case .printColours: "has the colours of a printer (CMYK): send it as a common JPEG or PNG"
        case .damaged(let why): "is damaged or arrived incomplete (\(why)): send it again"
        }
    }
}
