import CZlib

/// Makes bytes shorter for their way to a reader: gzip (RFC 1952).
package enum Gzip {
    /// How hard it tries: 1 is quick, 9 is short.
    package enum Effort: Int32, Sendable {
        /// For what is made anew for each reader.
        case quick = 5
        /// For what is compressed once and sent often.
        case thorough = 9
    }

    /// The bytes compressed; nil where there is no memory for it.
    ///
    /// - Parameter padding: the header gets a name of so many signs, which a reader passes over. Of random length, it hides
    ///   how well a page is compressed, from which a stranger could guess what stands in it (BREACH).
    package static func compressed(
        _ bytes: some Collection<UInt8>, effort: Effort = .quick, padding: Int = 0
    ) -> [UInt8]? {
        var stream = z_stream()
        // Raw deflate: the header is written here.
        guard
            deflateInit2_(
                &stream, effort.rawValue, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = Array(bytes)
        let count = input.count
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(count))))
        let room = output.count
        var checksum: UInt = 0
        let result = input.withUnsafeMutableBufferPointer { source in
            checksum = crc32(0, source.baseAddress, UInt32(count))
            return output.withUnsafeMutableBufferPointer { target in
                (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(count))
                (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(room))
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { return nil }
        let name = [UInt8](repeating: UInt8(ascii: "x"), count: padding) + (padding > 0 ? [0] : [])
        let header: [UInt8] = [0x1F, 0x8B, 8, padding > 0 ? 8 : 0, 0, 0, 0, 0, 0, 255] + name
        return header + output.prefix(room - Int(stream.avail_out)) + little(UInt32(checksum)) + little(UInt32(count))
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
