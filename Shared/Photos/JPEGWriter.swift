import CTurboJPEG

/// Writes pictures as JPEG, with nothing in them but the pixels.
package enum JPEGWriter {
    /// - Parameter quality: 1 to 100.
    package static func write(_ picture: Picture, quality: Int = 85) throws(PhotoError) -> [UInt8] {
        guard let handle = tjInitCompress() else { throw .damaged("no encoder") }
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        let outcome = tjCompress2(
            handle, picture.pixels, Int32(picture.width), 0, Int32(picture.height), Int32(TJPF_RGB.rawValue), &buffer,
            &size, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
        guard outcome == 0, let buffer else { throw .damaged(String(cString: tjGetErrorStr2(handle))) }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }
}
