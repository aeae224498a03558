import NIOCore

/// Bytes in memory, a piece at a time as those of a file: so it shows that they leave.
struct BufferPieces: AsyncSequence, Sendable {
    let bytes: ByteBuffer
    let wasTaken: @Sendable () -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let wasTaken: @Sendable () -> Void

        mutating func next() async -> ByteBuffer? {
            guard rest.readableBytes > 0 else { return nil }
            wasTaken()
            return rest.readSlice(length: Swift.min(rest.readableBytes, Int(FilePieces.length)))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes, wasTaken: wasTaken) }
}
