package import Contracts
import Foundation
import Logging

/// When a partition's next snapshot is due, and what became of the last.
struct SnapshotKeeper {
    private let settings: SnapshotSettings
    private let shelf: SnapshotShelf
    private var taken: Int64
    private var takenAt = ContinuousClock.now
    private var bytes: Int64 = 0
    /// What the one under way will have covered, if it comes about.
    private var bytesUnderWay: Int64 = 0
    private var isUnderWay = false
    /// After a failure it is tried again at growing distances.
    private var pause = Duration.zero
    private var notBefore = ContinuousClock.now
    /// The last snapshot that this owner took.
    private(set) var last: SnapshotRecord?

    private static let longestPause = Duration.seconds(60)

    init(_ settings: SnapshotSettings, processor: String, partition: Int32, applied: Int64) {
        self.settings = settings
        shelf = SnapshotShelf(place: settings.place, processor: processor, partition: partition)
        taken = applied
    }

    /// Takes note of so many bytes of applied records.
    mutating func applied(bytes count: Int) { bytes += Int64(count) }

    /// Whether one is due that is not under way; it counts as begun from here on.
    mutating func begin(at position: StorePosition) -> Bool {
        let now = ContinuousClock.now
        guard !isUnderWay, position.applied > taken, now >= notBefore else { return false }
        let byRecords = position.applied - taken >= settings.everyRecords
        let byBytes = settings.everyBytes.map { bytes >= $0 } ?? false
        guard byRecords || byBytes || now - takenAt >= settings.every else { return false }
        isUnderWay = true
        bytesUnderWay = bytes
        bytes = 0
        return true
    }

    /// For how long records have been applied that no snapshot of this owner holds.
    func age(at position: StorePosition) -> Duration {
        position.applied > taken ? ContinuousClock.now - takenAt : .zero
    }

    /// Copies the store as it stands and brings the copy to the shelf.
    static func take(of store: PartitionStore, settings: SnapshotSettings) async throws -> SnapshotName {
        let shelf = SnapshotShelf(place: settings.place, processor: store.processorName, partition: store.partition)
        let leaving = store.url.appendingPathExtension("leaving-\(MessageID.random())")
        do {
            try await StoreCopy.take(store.url, to: leaving)
            guard let position = try StoreCopy.position(of: leaving) else {
                throw CocoaError(.fileReadCorruptFile, userInfo: [NSFilePathErrorKey: store.url.path])
            }
            let name = try await shelf.put(leaving, at: position, keep: settings.keep)
            try StoreCopy.setAside(leaving, as: nil)
            return name
        } catch {
            try StoreCopy.setAside(leaving, as: nil)
            throw error
        }
    }

    mutating func ended(_ outcome: Result<SnapshotName, any Error>) {
        isUnderWay = false
        let now = ContinuousClock.now
        switch outcome {
        case .success(let name):
            taken = max(taken, name.applied)
            takenAt = now
            pause = .zero
            last = SnapshotRecord(applied: name.applied, takenAt: .now)
        case .failure:
            // What it would have covered still waits for one.
            bytes += bytesUnderWay
            pause = min(max(pause * 2, .seconds(1)), Self.longestPause)
            notBefore = now + pause
        }
    }

    /// Takes the last one before the store is let go, where it lacks something; says then that it holds everything.
    func finish(_ store: PartitionStore, isLastWord: Bool) async throws {
        if await store.position.applied > taken {
            _ = try await Self.take(of: store, settings: settings)
        }
        if isLastWord { try await shelf.markClosed() }
    }
}

/// A snapshot as status shows it.
package struct SnapshotRecord: Codable, Sendable, Equatable {
    package let applied: Int64
    package let takenAt: Timestamp
}
