import CPNG
import CTurboJPEG

/// Reads photos that strangers send.
package enum PhotoReader {
    /// Pixels of a JPEG that is made smaller while it is read: the largest that phones make.
    static let mostPixelsInRows = 220_000_000
    /// Pixels of a photo that is read whole: 24 million are 72 MB of memory as PNG, and up to 144 MB as progressive JPEG.
    static let mostPixelsAtOnce = 24_000_000

    /// The picture upright, its longer side at most `most` pixels.
    ///
    /// Of a header alone it is judged whether the picture is too large, before memory is taken for it.
    package static func read(_ bytes: [UInt8], fitting most: Int) throws(PhotoError) -> Picture {
        switch PhotoFormat(bytes) {
        case .jpeg:
            let picture = try readJPEG(bytes, atLeast: most)
            return picture.fitting(most).turned(from: Exif.orientation(in: bytes))
        case .png: return try readPNG(bytes).fitting(most)
        case .heic: throw .heic
        case .other: throw .notAPhoto
        }
    }

    // MARK: - JPEG

    /// At the smallest eighth of its size that still has `longer` pixels along its longer side.
    private static func readJPEG(_ bytes: [UInt8], atLeast longer: Int) throws(PhotoError) -> Picture {
        guard let handle = tjInitDecompress() else { throw .damaged("no decoder") }
        defer { tjDestroy(handle) }
        var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard
            tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours) == 0
        else { throw .damaged(reason(handle)) }
        // The decoder calls tables without a picture sound, and leaves the sides at zero.
        guard width > 0, height > 0 else { throw .damaged("there is no picture in it") }
        let most = JPEGHeader.readsInRows(bytes) ? mostPixelsInRows : mostPixelsAtOnce
        guard Int(width) * Int(height) <= most else {
            throw .tooManyPixels(width: Int(width), height: Int(height))
        }
        guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else { throw .printColours }
        let eighths = eighths(of: Int(max(width, height)), atLeast: longer)
        let size = (width: scaled(Int(width), eighths), height: scaled(Int(height), eighths))
        var pixels = [UInt8](repeating: 0, count: size.width * size.height * 3)
        let outcome = tjDecompress2(
            handle, bytes, UInt(bytes.count), &pixels, Int32(size.width), 0, Int32(size.height),
            Int32(TJPF_RGB.rawValue), TJFLAG_LIMITSCANS)
        // A warning leaves a picture, but of one that was cut off the rest is grey.
        guard outcome == 0 || (isWarning(handle) && !reason(handle).contains("Premature end")) else {
            throw .damaged(reason(handle))
        }
        return Picture(width: size.width, height: size.height, pixels: pixels)
    }

    private static func eighths(of side: Int, atLeast most: Int) -> Int {
        (1...8).first { scaled(side, $0) >= most } ?? 8
    }

    /// As libjpeg-turbo rounds.
    private static func scaled(_ side: Int, _ eighths: Int) -> Int { (side * eighths + 7) / 8 }

    private static func isWarning(_ handle: tjhandle) -> Bool {
        tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue)
    }

    private static func reason(_ handle: tjhandle) -> String { String(cString: tjGetErrorStr2(handle)) }

    // MARK: - PNG

    private static func readPNG(_ bytes: [UInt8]) throws(PhotoError) -> Picture {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else { throw .damaged(reason(image)) }
        let (width, height) = (Int(image.width), Int(image.height))
        guard width > 0, height > 0 else { throw .damaged("there is no picture in it") }
        guard width * height <= mostPixelsAtOnce else { throw .tooManyPixels(width: width, height: height) }
        image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
        // What is transparent is shown on white.
        var white = png_color(red: 255, green: 255, blue: 255)
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        guard png_image_finish_read(&image, &white, &pixels, 0, nil) != 0 else { throw .damaged(reason(image)) }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private static func reason(_ image: png_image) -> String {
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
