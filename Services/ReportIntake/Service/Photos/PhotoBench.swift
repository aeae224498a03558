import Dispatch
import Photos
import Synchronization

/// Where photos are decoded and made anew: one at a time, apart from those who answer requests.
///
/// A photo takes a tenth of a second and tens of megabytes; a crowd of them must not take the machine.
final class PhotoBench: Sendable {
    /// So many photos wait already; come again in a moment.
    struct Busy: Error {}

    struct Made: Sendable {
        let shown: [UInt8]
        let thumbnail: [UInt8]
        let width: Int
        let height: Int
        let look: DifferenceHash
    }

    private static let mostWaiting = 32

    private let queue = DispatchQueue(label: "photos")
    private let waiting = Mutex(0)

    /// Makes what others see of a photo.
    ///
    /// - Throws: `PhotoError`, `Busy`.
    func make(_ bytes: [UInt8]) async throws -> Made {
        let isBearable = waiting.withLock { count in
            guard count < Self.mostWaiting else { return false }
            count += 1
            return true
        }
        guard isBearable else { throw Busy() }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try Self.made(bytes) }) }
        }
    }

    private static func made(_ bytes: [UInt8]) throws -> Made {
        let shown = try PhotoReader.read(bytes, fitting: PhotoShelf.Form.shown.most)
        return Made(
            shown: try JPEGWriter.write(shown),
            thumbnail: try JPEGWriter.write(shown.fitting(PhotoShelf.Form.thumbnail.most), quality: 75),
            width: shown.width, height: shown.height, look: DifferenceHash(shown))
    }
}
