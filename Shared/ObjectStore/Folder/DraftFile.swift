import Foundation
import NIOCore

/// A file in the making: beside its place under a name that is no key until it is whole, and gone if it is given up.
///
/// Once it has its name it survives a power cut, and so does the name.
final class DraftFile: Sendable {
    /// Begins every draft's name; no key has this sign.
    static let mark = ".~"

    private let target: String
    private let path: String
    private let descriptor: Int32

    private init(of target: URL) throws {
        self.target = target.path(percentEncoded: false)
        let folder = target.deletingLastPathComponent()
        try Self.makeFolder(folder)
        path = folder.appending(path: Self.mark + UUID().uuidString).path(percentEncoded: false)
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ObjectStoreError.system(path, "cannot be made") }
    }

    deinit {
        // Closed only here, so that its number is never closed twice; what closing could still report, fsync has.
        if descriptor >= 0 { close(descriptor) }
    }

    /// Lends a draft, and gives it the target's name when the body has filled it.
    ///
    /// Nothing is left of it when the body throws or the task is cancelled.
    static func filling(_ target: URL, _ fill: (DraftFile) async throws -> Void) async throws {
        try Task.checkCancellation()
        let draft = try await onFileThread { try DraftFile(of: target) }
        do {
            try await fill(draft)
            try Task.checkCancellation()
            try await onFileThread { try draft.publish() }
        } catch {
            try await onFileThread { draft.giveUp() }
            throw error
        }
    }

    func append(_ piece: ByteBuffer) async throws {
        try Task.checkCancellation()
        try await onFileThread { try self.appendNow(piece) }
    }

    private func appendNow(_ piece: ByteBuffer) throws {
        try piece.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count >= 0 || errno == EINTR else { throw ObjectStoreError.system(path, "cannot be written") }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    private func publish() throws {
        guard fsync(descriptor) == 0 else { throw ObjectStoreError.system(path, "cannot be written") }
        guard rename(path, target) == 0 else { throw ObjectStoreError.system(target, "cannot be replaced") }
        try Self.keepNames(in: URL(filePath: target).deletingLastPathComponent().path(percentEncoded: false))
    }

    /// What cannot be removed now is removed as a leftover after a day.
    private func giveUp() { unlink(path) }

    /// Makes the folder and those it stands in.
    private static func makeFolder(_ folder: URL) throws {
        let path = folder.path(percentEncoded: false)
        let parent = folder.deletingLastPathComponent()
        var failure = mkdir(path, 0o755) == 0 ? 0 : errno
        if failure == ENOENT, folder.pathComponents.count > 1 {
            try makeFolder(parent)
            failure = mkdir(path, 0o755) == 0 ? 0 : errno
        }
        switch failure {
        case 0: try keepNames(in: parent.path(percentEncoded: false))
        case EEXIST: return
        default: throw ObjectStoreError.system(path, "cannot be made", code: failure)
        }
    }

    /// Writes the names in a folder to disk, where the file system knows such a thing; network shares may not.
    private static func keepNames(in folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ObjectStoreError.system(folder, "cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || [EINVAL, ENOTSUP, EBADF].contains(errno) else {
            throw ObjectStoreError.system(folder, "cannot be written")
        }
    }
}
