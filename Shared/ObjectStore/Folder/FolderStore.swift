package import Foundation
import NIOCore

/// A folder that the machines share, or that one machine has for itself: each object is a file, its key the path.
///
/// A key cannot also be a folder of other keys. Empty folders stay: whoever removed one could take it from under
/// another's hands.
package struct FolderStore: ObjectStore {
    private let folder: URL

    package init(_ folder: URL) {
        self.folder = folder
    }

    package func put(_ file: URL, as key: String) async throws {
        try ObjectKey.check(key)
        guard let source = try await SourceFile.open(file) else {
            throw ObjectStoreError.file(path: file.path(percentEncoded: false), reason: "is not there or is no file")
        }
        try await DraftFile.filling(place(of: key)) { draft in
            for try await piece in source.pieces() { try await draft.append(piece) }
        }
    }

    package func put(_ bytes: Data, as key: String) async throws {
        try ObjectKey.check(key)
        try await DraftFile.filling(place(of: key)) { try await $0.append(ByteBuffer(bytes: bytes)) }
    }

    package func get(_ key: String, to file: URL) async throws -> Bool {
        try ObjectKey.check(key)
        guard let source = try await SourceFile.open(place(of: key)) else { return false }
        try await DraftFile.filling(file) { draft in
            for try await piece in source.pieces() { try await draft.append(piece) }
        }
        return true
    }

    package func get(_ key: String) async throws -> Data? {
        try ObjectKey.check(key)
        guard let source = try await SourceFile.open(place(of: key)) else { return nil }
        guard source.bytes <= ObjectSize.small else {
            throw ObjectStoreError.tooLarge(key: key, bytes: source.bytes, limit: ObjectSize.small)
        }
        var bytes = Data()
        for try await piece in source.pieces() { bytes.append(contentsOf: piece.readableBytesView) }
        return bytes
    }

    package func list(_ prefix: String) async throws -> [StoredObject] {
        try ObjectKey.checkPrefix(prefix)
        try Task.checkCancellation()
        return try await onFileThread { [folder] in try FolderListing(folder).objects(prefix) }
    }

    package func remove(_ key: String) async throws {
        try ObjectKey.check(key)
        let path = place(of: key).path(percentEncoded: false)
        try Task.checkCancellation()
        try await onFileThread {
            // A folder of keys is not a key; systems differ in what they call that.
            guard unlink(path) == 0 || [ENOENT, ENOTDIR, EISDIR].contains(errno) else {
                throw ObjectStoreError.system(path, "cannot be removed")
            }
        }
    }

    private func place(of key: String) -> URL { folder.appending(path: key, directoryHint: .notDirectory) }
}
