import Contracts
import Foundation
import GRDB
import Logging

/// Brings a partition's best copy into the data folder and opens it, or says why that must not be.
struct PartitionTaking: Sendable {
    let processor: any Processor
    let configuration: RuntimeConfiguration
    let session: BrokerSession
    let logger: Logger

    /// A partition that was taken.
    struct Taken: Sendable {
        let store: PartitionStore
        /// Whether commands that the log has forgotten can only be ones that nobody ever applied.
        ///
        /// Then they are asked for again. Else an owner before may have applied them, and going on without would
        /// contradict it.
        let lostCommandsAreNews: Bool
    }

    /// How long a new owner waits for the one before to let go of a file.
    private static let lockPatience = Duration.seconds(20)

    /// - Throws: `TakeoverRefusal` where going on would contradict what was published, and `StoreError`.
    func take(_ partition: Int32) async throws -> Taken {
        let url = PartitionStore.url(
            dataFolder: configuration.dataFolder, processor: processor.name, partition: partition)
        let lock = try await lockWhenFree(url)
        let shelf = configuration.snapshots.map {
            SnapshotShelf(place: $0.place, processor: processor.name, partition: partition)
        }
        let question = try await ask(partition, own: try soundPosition(of: url), shelf: shelf)
        let choice = question.choice
        switch choice {
        case .own, .empty: break
        case .snapshots(let names):
            var hasOwn = question.own != nil
            if !configuration.sharesStores, let own = question.own, own.log != session.log {
                try keepEarlier(url, of: own.log)
                hasOwn = false
            }
            try await bring(names, from: shelf, to: url, hasOwn: hasOwn)
        case .refused(let refusal): throw refusal
        }
        let store = try PartitionStore(
            processor, partition: partition, at: url, keepsAppliedRecords: configuration.keepsAppliedRecords,
            lock: lock)
        try await checkLogic(of: store)
        try await shelf?.markOpen()
        let isNews = configuration.sharesStores && (choice == .own || question.isOpen == false)
        return Taken(store: store, lostCommandsAreNews: isNews)
    }

    /// The owner before may still be closing the file.
    private func lockWhenFree(_ url: URL) async throws -> LockFile {
        let deadline = ContinuousClock.now + Self.lockPatience
        while true {
            do {
                return try PartitionStore.lock(url)
            } catch let error as StoreError {
                guard case .locked = error, ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    // MARK: - The own file

    /// Where the own file stands; a damaged one is set aside, kept for whoever wants to look at it.
    private func soundPosition(of url: URL) throws -> StorePosition? {
        let mark = DamageMark(store: url)
        do {
            if mark.isSet, try !StoreCopy.isSound(url) {
                try setAside(url)
                return nil
            }
            try mark.clear()
            return try StoreCopy.position(of: url)
        } catch let error as DatabaseError where error.isDamage {
            try setAside(url)
            return nil
        }
    }

    /// A file of a log that was lost is no longer needed, but somebody may want to look at it.
    private func keepEarlier(_ url: URL, of log: String) throws {
        try StoreCopy.setAside(url, as: "\(url.lastPathComponent).of-\(log)")
        logger.notice(
            "A copy of an earlier log was set aside",
            metadata: ["store": "\(url.lastPathComponent)", "log": "\(log)"])
    }

    private func setAside(_ url: URL) throws {
        let name = "\(url.lastPathComponent).damaged-\(Timestamp.now.milliseconds)"
        try StoreCopy.setAside(url, as: name)
        try DamageMark(store: url).clear()
        logger.critical(
            "A store is damaged and was set aside; a copy takes its place",
            metadata: ["store": "\(url.lastPathComponent)", "kept.as": "\(name)"])
    }

    // MARK: - Snapshots

    private func ask(
        _ partition: Int32, own: StorePosition?, shelf: SnapshotShelf?
    ) async throws -> TakeoverQuestion {
        // A file that was made and never applied to says nothing that a snapshot would not know better.
        let counting = own.flatMap { $0.applied > 0 || !$0.log.isEmpty ? $0 : nil }
        var snapshots: [SnapshotName] = []
        var isOpen: Bool?
        if let shelf {
            do {
                snapshots = try await shelf.snapshots()
                isOpen = try await shelf.isOpen()
            } catch let error where !(error is CancellationError) {
                guard let counting, counting.log == session.log else {
                    throw TakeoverRefusal.shelfAway(reason: String(describing: error))
                }
                // The own copy of this log will do: replaying it further takes longer, that is all.
                logger.error("Snapshots cannot be looked at; the own copy goes on", metadata: ["error": "\(error)"])
            }
        }
        return TakeoverQuestion(
            log: session.log, logIsFirst: session.isFirst, own: counting, snapshots: snapshots,
            sharesFile: configuration.sharesStores, isOpen: isOpen)
    }

    /// Puts the best snapshot that is whole in the file's place.
    private func bring(_ names: [SnapshotName], from shelf: SnapshotShelf?, to url: URL, hasOwn: Bool) async throws {
        guard let shelf else { return }
        let arriving = url.appendingPathExtension("arriving")
        for name in names {
            guard try await shelf.fetch(name, to: arriving) else {
                logger.error(
                    "A snapshot is damaged and passed over",
                    metadata: ["partition": "\(name.partition)", "applied": "\(name.applied)"])
                continue
            }
            try StoreCopy.replace(url, with: arriving)
            logger.notice(
                "A snapshot was taken over",
                metadata: [
                    "partition": "\(name.partition)", "applied": "\(name.applied)", "offset": "\(name.offset)",
                ])
            return
        }
        guard hasOwn else { throw TakeoverRefusal.damaged(count: names.count) }
    }

    private func checkLogic(of store: PartitionStore) async throws {
        let logic = await store.logic
        guard !(processor.oldestLogic...processor.logic).contains(logic) else { return }
        try await store.close()
        throw TakeoverRefusal.foreignLogic(store: logic, oldest: processor.oldestLogic, newest: processor.logic)
    }
}

/// A file beside a store that says: SQLite found damage in it, look at every page before it is used again.
struct DamageMark {
    private let file: URL

    init(store: URL) {
        file = store.appendingPathExtension("suspect")
    }

    var isSet: Bool { FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) }

    func set() throws { try Data().write(to: file) }

    func clear() throws {
        guard isSet else { return }
        try FileManager.default.removeItem(at: file)
    }
}
