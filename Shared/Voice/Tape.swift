import CSndfile

/// Bytes in memory that the library reads and writes as if they were a file.
final class Tape {
    private(set) var bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// Opens it for the library, which has to be done with it (`sf_close`) before the tape may go.
    ///
    /// - Parameter mode: `SFM_READ` or `SFM_WRITE`.
    /// - Returns: Nil where the library finds no sound.
    func open(_ mode: Int, _ info: inout SF_INFO) -> OpaquePointer? {
        var calls = SF_VIRTUAL_IO(
            get_filelen: { Tape.of($0).map { Int64($0.bytes.count) } ?? -1 },
            seek: { Tape.of($2)?.seek($0, $1) ?? -1 },
            read: { Tape.of($2)?.read($1, into: $0) ?? 0 },
            write: { Tape.of($2)?.write($1, from: $0) ?? 0 },
            tell: { Tape.of($0).map { Int64($0.position) } ?? -1 })
        return sf_open_virtual(&calls, Int32(mode), &info, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Tape? {
        context.map { Unmanaged<Tape>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int64, _ origin: Int32) -> Int64 {
        let start: Int64 =
            switch Int(origin) {
            case 0: 0
            case 1: Int64(position)
            default: Int64(bytes.count)
            }
        let (target, isTooFar) = start.addingReportingOverflow(offset)
        // What headers say sends the library anywhere; nothing is beyond the end.
        guard !isTooFar, target >= 0 else { return -1 }
        position = Int(min(target, Int64(bytes.count)))
        return Int64(position)
    }

    private func read(_ count: Int64, into target: UnsafeMutableRawPointer?) -> Int64 {
        let some = max(0, min(Int(count), bytes.count - position))
        UnsafeMutableRawBufferPointer(start: target, count: some).copyBytes(from: bytes[position..<position + some])
        position += some
        return Int64(some)
    }

    private func write(_ count: Int64, from source: UnsafeRawPointer?) -> Int64 {
        let end = position + Int(count)
        bytes.replaceSubrange(
            position..<min(end, bytes.count), with: UnsafeRawBufferPointer(start: source, count: Int(count)))
        position = end
        return count
    }
}
