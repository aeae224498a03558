import Contracts
import Crypto
package import Foundation
package import ObjectStore

/// The snapshots of one partition: immutable copies of its store, each whole or not there.
package struct SnapshotShelf: Sendable {
    private let place: any ObjectStore
    private let processor: String
    private let partition: Int32

    package init(place: any ObjectStore, processor: String, partition: Int32) {
        self.place = place
        self.processor = processor
        self.partition = partition
    }

    private var prefix: String { SnapshotName.prefix(processor: processor, partition: partition) }

    /// Stands while an owner may have applied more than the newest snapshot holds.
    private var openMark: String { prefix + "open" }

    /// Every snapshot, the one with most applied first.
    package func snapshots() async throws -> [SnapshotName] {
        try await place.list(prefix).compactMap { SnapshotName(key: $0.key) }
            .sorted { ($0.applied, $0.key) > ($1.applied, $1.key) }
    }

    /// Stores a copy of a store, and removes what became too old.
    package func put(_ file: URL, at position: StorePosition, keep: Int) async throws -> SnapshotName {
        let name = SnapshotName(
            processor: processor, partition: partition, applied: position.applied, offset: position.offset,
            log: position.log, checksum: try FileChecksum.sha256(of: file))
        try await place.put(file, as: name.key)
        for old in try await snapshots().dropFirst(keep) { try await place.remove(old.key) }
        return name
    }

    /// Brings a snapshot; false where it is gone or its bytes are not those that were stored.
    package func fetch(_ name: SnapshotName, to file: URL) async throws -> Bool {
        guard try await place.get(name.key, to: file) else { return false }
        return try FileChecksum.sha256(of: file) == name.checksum
    }

    package func markOpen() async throws { try await place.put(Data("{}".utf8), as: openMark) }

    /// Says that the newest snapshot holds everything.
    package func markClosed() async throws { try await place.remove(openMark) }

    /// Whether somebody began to apply after the newest snapshot was taken as the last word.
    package func isOpen() async throws -> Bool { try await place.get(openMark) != nil }
}

/// The checksum of a file, however large.
package enum FileChecksum {
    /// SHA-256 in hex.
    package static func sha256(of file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        var hash = SHA256()
        do {
            while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
        } catch {
            try handle.close()
            throw error
        }
        try handle.close()
        return hash.finalize().hex
    }
}

extension SHA256.Digest {
    var hex: String {
        map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }
}
