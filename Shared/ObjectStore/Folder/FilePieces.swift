import NIOCore

/// The bytes of a file, a piece at a time.
struct FilePieces: AsyncSequence, Sendable {
    /// Small enough for a slow line to take one within the patience of a call.
    static let length: Int64 = 256 << 10

    let file: SourceFile
    let wasRead: @Sendable () -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: SourceFile
        let wasRead: @Sendable () -> Void
        var offset: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            try Task.checkCancellation()
            guard offset < file.bytes else { return nil }
            let piece = try await file.read(Int(Swift.min(FilePieces.length, file.bytes - offset)), at: offset)
            offset += Int64(piece.readableBytes)
            wasRead()
            return piece
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, wasRead: wasRead) }
}
