import Crypto
import Foundation
import NIOCore
import SystemPackage

/// A file that is read from beginning to end, perhaps twice, and is the same file both times.
///
/// It stays open: a file that takes its name meanwhile is another one. Closed when nobody holds it any more.
final class SourceFile: Sendable {
    let path: String
    /// How long it was when it was opened; more is not read.
    let bytes: Int64
    private let descriptor: Int32

    private init(path: String, bytes: Int64, descriptor: Int32) {
        self.path = path
        self.bytes = bytes
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Opens the file; nil where there is none, a folder for one.
    static func open(_ url: URL) async throws -> SourceFile? {
        let path = url.path(percentEncoded: false)
        return try await onFileThread { try SourceFile.open(path) }
    }

    private static func open(_ path: String) throws -> SourceFile? {
        // Not blocking: a pipe would wait here for someone who writes to it.
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            guard [ENOENT, ENOTDIR].contains(code) else {
                throw ObjectStoreError.system(path, "cannot be opened", code: code)
            }
            return nil
        }
        do throws(Errno) {
            let facts = try Stat(FileDescriptor(rawValue: descriptor))
            let file = SourceFile(path: path, bytes: facts.size, descriptor: descriptor)
            return facts.type == .regular ? file : nil
        } catch {
            close(descriptor)
            throw ObjectStoreError.system(path, "cannot be looked at", code: error.rawValue)
        }
    }

    /// The bytes, a piece at a time, as often as wanted.
    ///
    /// - Parameter read: Called after each piece.
    func pieces(_ read: @escaping @Sendable () -> Void = {}) -> FilePieces {
        FilePieces(file: self, wasRead: read)
    }

    /// SHA-256 of all bytes, in hexadecimal digits.
    func sha256() async throws -> String {
        var hash = SHA256()
        for try await piece in pieces() {
            piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        }
        return Hex.text(hash.finalize())
    }

    func read(_ length: Int, at offset: Int64) async throws -> ByteBuffer {
        try await onFileThread { try self.readNow(length, at: offset) }
    }

    private func readNow(_ length: Int, at offset: Int64) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(length)
        while buffer.readableBytes < length {
            let from = offset + Int64(buffer.readableBytes)
            let left = length - buffer.readableBytes
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: left) { space in
                let got = pread(descriptor, space.baseAddress, left, off_t(from))
                guard got >= 0 || errno == EINTR else { throw ObjectStoreError.system(path, "cannot be read") }
                guard got != 0 else {
                    throw ObjectStoreError.file(path: path, reason: "became shorter while it was read")
                }
                return max(got, 0)
            }
        }
        return buffer
    }
}
