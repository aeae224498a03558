import Contracts
package import Foundation
import GRDB
package import ObjectStore

/// A copy of a partition's store, wherever it lies.
package struct PartitionCopy: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        case file(URL)
        case snapshot(SnapshotName)
    }

    package let processor: String
    package let partition: Int32
    /// The log that it was made from.
    package let log: String
    /// How many records it ever applied.
    package let applied: Int64
    package let place: Place

    package init(processor: String, partition: Int32, log: String, applied: Int64, place: Place) {
        self.processor = processor
        self.partition = partition
        self.log = log
        self.applied = applied
        self.place = place
    }

    /// The store that it is a copy of, such as `case-routing/3`.
    package var store: String { "\(processor)/\(partition)" }
}

/// What becomes of one partition when a log takes the place of one that was lost.
package enum AdoptionChoice: Sendable, Equatable {
    /// This copy goes on, at the beginning of the new log.
    case adopt(PartitionCopy)
    /// A copy goes on in the new log already, and nobody knows more.
    case goesOn(PartitionCopy)
    /// No copy was found: it never applied anything, or its copies lie elsewhere.
    case missing
    /// A copy went on in the new log though another knew more: they contradict each other.
    case tooLate(goesOn: PartitionCopy, knowsMore: PartitionCopy)

    /// The copy with most applied, since any other would contradict what that one has said.
    package static func choose(among copies: [PartitionCopy], for log: String) -> AdoptionChoice {
        let best = { (some: [PartitionCopy]) in some.max { $0.applied < $1.applied } }
        let current = best(copies.filter { $0.log == log })
        let earlier = best(copies.filter { $0.log != log && !$0.log.isEmpty })
        switch (current, earlier) {
        case (nil, nil): return .missing
        case (nil, let earlier?): return .adopt(earlier)
        case (let current?, let earlier?) where earlier.applied > current.applied:
            return .tooLate(goesOn: current, knowsMore: earlier)
        case (let current?, _): return .goesOn(current)
        }
    }
}

/// Brings the machines of a log that was lost into the log that took its place, by way of the place for snapshots.
///
/// A broker of many machines is no part of the stores' disks: when it loses everything, its log is another one, and each
/// host has copies that may be older than those of others. Somebody must look at all of them and choose.
package struct LogAdoption: Sendable {
    private let place: any ObjectStore
    private let log: String
    /// Where copies are made on their way.
    private let workFolder: URL

    /// - Parameter log: The log that the broker keeps now.
    package init(place: any ObjectStore, log: String, workFolder: URL) {
        self.place = place
        self.log = log
        self.workFolder = workFolder
    }

    /// Every copy of a partition that lies in the place for snapshots or in one of the data folders.
    ///
    /// - Throws: `DatabaseError` where a file is no sound database: it may be the one that counts.
    package func copies(of processor: String, _ partition: Int32, in folders: [URL]) async throws -> [PartitionCopy] {
        let shelf = SnapshotShelf(place: place, processor: processor, partition: partition)
        let snapshots = try await shelf.snapshots().map {
            PartitionCopy(
                processor: processor, partition: partition, log: $0.log, applied: $0.applied, place: .snapshot($0))
        }
        let files = try folders.compactMap { folder -> PartitionCopy? in
            let url = PartitionStore.url(dataFolder: folder, processor: processor, partition: partition)
            guard let position = try StoreCopy.position(of: url), position.applied > 0 else { return nil }
            return PartitionCopy(
                processor: processor, partition: partition, log: position.log, applied: position.applied,
                place: .file(url))
        }
        return files + snapshots
    }

    /// Puts a copy among the snapshots of the new log, to go on from its beginning.
    ///
    /// The file itself still names the old log: its next owner sees by that that it enters a new one, and announces how
    /// far its streams went.
    package func adopt(_ copy: PartitionCopy) async throws {
        try await put(copy, at: StorePosition(log: log, offset: 0, applied: copy.applied))
    }

    /// Puts the file of a data folder among the snapshots of its own log, so that somebody elsewhere can choose.
    package func offer(_ copy: PartitionCopy) async throws {
        guard case .file(let url) = copy.place, let position = try StoreCopy.position(of: url) else { return }
        try await put(copy, at: position)
    }

    /// Says that a partition has no copy because it never applied anything: it begins empty in the new log.
    package func beginEmpty(_ processor: String, _ partition: Int32) async throws {
        let file = workFolder.appending(path: "\(processor)-\(partition).empty")
        defer { remove(file) }
        // One page without a table: its first owner makes them.
        let queue = try DatabaseQueue(path: file.path(percentEncoded: false))
        try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = 0; VACUUM") }
        try queue.close()
        let shelf = SnapshotShelf(place: place, processor: processor, partition: partition)
        _ = try await shelf.put(file, at: StorePosition(log: log, offset: 0, applied: 0), keep: .max)
    }

    private func put(_ copy: PartitionCopy, at position: StorePosition) async throws {
        let file = workFolder.appending(path: "\(copy.processor)-\(copy.partition).adopted")
        defer { remove(file) }
        let shelf = SnapshotShelf(place: place, processor: copy.processor, partition: copy.partition)
        switch copy.place {
        case .file(let url):
            try await StoreCopy.take(url, to: file)
            guard try StoreCopy.isSound(file) else { throw TakeoverRefusal.damaged(count: 1) }
        case .snapshot(let name):
            guard try await shelf.fetch(name, to: file) else { throw TakeoverRefusal.damaged(count: 1) }
        }
        // Nothing is removed: the copies of the old log stay until somebody has looked at what came of it.
        _ = try await shelf.put(file, at: position, keep: .max)
    }

    private func remove(_ file: URL) {
        do {
            try StoreCopy.setAside(file, as: nil)
        } catch {
            // It lies in a folder of its own for temporary files, which goes as a whole.
            return
        }
    }
}

extension StorePosition {
    fileprivate init(log: String, offset: Int64, applied: Int64) {
        self.init(
            log: log, offset: offset, published: 0, clock: Timestamp(milliseconds: 0), applied: applied)
    }
}
