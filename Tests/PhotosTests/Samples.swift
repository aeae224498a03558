import CPNG
import CTurboJPEG
import Photos

extension Picture {
    /// A picture whose every corner looks different: red grows to the right, green downwards, and a blue square stands
    /// top left.
    static func sample(width: Int, height: Int) -> Picture {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                let isCorner = row < height / 4 && column < width / 4
                pixels += [
                    UInt8(column * 255 / max(1, width - 1)), UInt8(row * 255 / max(1, height - 1)), isCorner ? 255 : 0,
                ]
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// The mean difference of their bytes; 256 where their sides differ.
    func difference(from other: Picture) -> Int {
        guard width == other.width, height == other.height else { return 256 }
        return zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.reduce(0, +) / pixels.count
    }

    func png() -> [UInt8] {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        image.width = UInt32(width)
        image.height = UInt32(height)
        image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
        var bytes = [UInt8](repeating: 0, count: width * height * 4 + 1_000)
        var size = bytes.count
        png_image_write_to_memory(&image, &bytes, &size, 0, pixels, 0, nil)
        return Array(bytes.prefix(size))
    }
}

enum SampleBytes {
    /// A JPEG that says how the camera was held, and where: latitude and longitude as a phone writes them.
    static func withExif(_ jpeg: [UInt8], orientation: Orientation, littleEndian: Bool) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let big = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            return littleEndian ? big.reversed() : big
        }
        let tiff =
            Array((littleEndian ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
            + number(0x010E, 2) + number(2, 2) + number(4, 4) + Array("GPS\0".utf8)
            + number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation.rawValue, 2) + [0, 0] + number(0, 4)
        let body = Array("Exif\0\0".utf8) + tiff
        let length = body.count + 2
        let segment: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body
        return Array(jpeg.prefix(2)) + segment + Array(jpeg.dropFirst(2))
    }

    /// A JPEG in the colours of a printer.
    static func cmyk() -> [UInt8] {
        let handle = tjInitCompress()
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        tjCompress2(
            handle, [UInt8](repeating: 80, count: 16 * 16 * 4), 16, 0, 16, Int32(TJPF_CMYK.rawValue), &buffer, &size,
            Int32(TJSAMP_444.rawValue), 90, 0)
        return buffer.map { Array(UnsafeBufferPointer(start: $0, count: Int(size))) } ?? []
    }

    /// A JPEG whose scans tell it ever finer.
    static func progressive(_ picture: Picture) -> [UInt8] {
        let handle = tjInitCompress()
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        tjCompress2(
            handle, picture.pixels, Int32(picture.width), 0, Int32(picture.height), Int32(TJPF_RGB.rawValue), &buffer,
            &size, Int32(TJSAMP_420.rawValue), 90, TJFLAG_PROGRESSIVE)
        return buffer.map { Array(UnsafeBufferPointer(start: $0, count: Int(size))) } ?? []
    }

    /// The same JPEG with other sides in its header.
    ///
    /// - Parameter frame: how its frame is marked: C0 for a baseline one, C2 for a progressive one.
    static func resized(_ jpeg: [UInt8], frame: UInt8, width: Int, height: Int) -> [UInt8] {
        guard let start = jpeg.firstRange(of: [0xFF, frame])?.lowerBound else { return [] }
        var resized = jpeg
        let sides = [height >> 8, height & 0xFF, width >> 8, width & 0xFF].map { UInt8($0) }
        resized.replaceSubrange(start + 5..<start + 9, with: sides)
        return resized
    }

    /// The first lines of a PNG that says it is huge.
    static func hugePNG() -> [UInt8] {
        let header = Array("IHDR".utf8) + [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + header + checksum(header) + [0, 0, 0, 9]
            + Array("IDAT".utf8)
    }

    /// CRC-32 as PNG has it (ISO 3309).
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var rest: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            rest ^= UInt32(byte)
            for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
        rest ^= 0xFFFF_FFFF
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rest >> UInt32($0)) }
    }
}
