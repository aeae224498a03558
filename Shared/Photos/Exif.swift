/// The one thing of a photo's EXIF that its look depends on.
///
/// All else, the place above all, is left behind when a photo is written anew.
package enum Exif {
    private static let orientationTag = 0x0112

    /// How the camera was held; upright where the JPEG does not say so, or says it wrongly.
    package static func orientation(in jpeg: [UInt8]) -> Orientation {
        var position = 2
        while position + 4 <= jpeg.count, jpeg[position] == 0xFF {
            let marker = jpeg[position + 1]
            let length = Int(jpeg[position + 2]) << 8 | Int(jpeg[position + 3])
            let body = position + 4..<min(jpeg.count, position + 2 + max(length, 2))
            if marker == 0xE1, jpeg[body].starts(with: Array("Exif\0\0".utf8)) {
                return orientation(inTIFF: Array(jpeg[body].dropFirst(6))) ?? .upright
            }
            // The pixels begin: no header follows.
            guard marker != 0xDA, length >= 2 else { return .upright }
            position += 2 + length
        }
        return .upright
    }

    private static func orientation(inTIFF tiff: [UInt8]) -> Orientation? {
        guard tiff.count >= 8 else { return nil }
        let isLittle = tiff.starts(with: "II".utf8)
        guard isLittle || tiff.starts(with: "MM".utf8) else { return nil }
        func number(at offset: Int, bytes: Int) -> Int? {
            guard offset >= 0, offset + bytes <= tiff.count else { return nil }
            let slice = tiff[offset..<offset + bytes]
            return (isLittle ? Array(slice.reversed()) : Array(slice)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(at: 4, bytes: 4), let count = number(at: directory, bytes: 2) else { return nil }
        for entry in 0..<count {
            let offset = directory + 2 + entry * 12
            guard let tag = number(at: offset, bytes: 2) else { return nil }
            if tag == orientationTag { return number(at: offset + 8, bytes: 2).flatMap(Orientation.init) }
        }
        return nil
    }
}
