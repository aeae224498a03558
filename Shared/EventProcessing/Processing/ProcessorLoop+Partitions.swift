import Contracts
import Foundation
import GRDB
import Kafka
import Logging

/// A partition that the group gave us and that must not be taken.
struct RefusedPartition: Sendable {
    let refusal: TakeoverRefusal
    let nextLook: ContinuousClock.Instant

    func report(of partition: Int32, log: String) -> PartitionReport {
        PartitionReport(
            partition: Int(partition), state: .refused, detail: refusal.description, log: log, offset: 0, lag: nil,
            applied: 0, clock: nil, logic: 0, pending: 0, pendingSeconds: 0, snapshot: nil)
    }
}

/// Partitions come and go.
extension ProcessorLoop {
    /// How long until it is looked again whether a refused partition can be taken.
    private static var refusalPause: Duration { .seconds(5) }

    mutating func take(_ partitions: [TopicPartition]) async throws {
        assigned = partitions
        refused = [:]
        for partition in partitions.map(\.partition).sorted() where owners[partition] == nil {
            try await open(partition)
            signals.beat()
        }
        try await assignAll()
        signals.condition("partitions", partitions.isEmpty ? "none assigned" : nil)
        logger.info(
            "Partitions taken",
            metadata: ["partitions": "\(owners.keys.sorted())", "log": "\(session.log)"])
    }

    /// Reads each partition that goes on from where its store stands.
    private mutating func assignAll() async throws {
        var positions: [PartitionPosition] = []
        for partition in assigned {
            // What was read and not applied comes once more.
            owners[partition.partition]?.held = []
            guard let owner = owners[partition.partition], owner.stopped == nil else { continue }
            let offset = await owner.store.position.offset
            // Also an empty store asks for offset 0 by number: a log that begins later must be noticed.
            positions.append(PartitionPosition(partition: partition, offset: .at(offset)))
        }
        try await consumer.assign(positions)
    }

    private mutating func open(_ partition: Int32) async throws {
        let taking = PartitionTaking(
            processor: processor, configuration: configuration, session: session, logger: logger)
        let taken: PartitionTaking.Taken
        do {
            taken = try await taking.take(partition)
        } catch let refusal as TakeoverRefusal {
            refuse(partition, refusal)
            return
        } catch let error as DatabaseError {
            let url = PartitionStore.url(
                dataFolder: configuration.dataFolder, processor: processor.name, partition: partition)
            guard error.isFullDisk(at: url) else { throw error }
            throw StoreError.diskFull(path: url.path(percentEncoded: false))
        }
        signals.condition("partition-\(partition)", nil)
        let writer = RecordWriter(configuration: configuration, session: session, source: taken.store.source)
        let applied = await taken.store.position.applied
        let keeper = configuration.snapshots.map {
            SnapshotKeeper($0, processor: processor.name, partition: partition, applied: applied)
        }
        var owner = PartitionOwner(taken, processor: processor, writer: writer, snapshots: keeper, logger: logger)
        if let streams = try await taken.store.enter(log: session.log) {
            try await owner.announce(streams, through: producer)
        }
        if let offset = await taken.store.suspectOffset,
            !control.isSkipped(topic: processor.commandTopic.name, partition: partition, offset: offset)
        {
            owner.suspect = offset
            owner.stopped =
                "record \(offset) ended the process \(AttemptMarker.mostAttempts) times; 'suishoupai skip --topic "
                + "\(topic) --partition \(partition) --offset \(offset)' takes it out of the way"
            signals.condition("partition-\(partition)", owner.stopped)
            logger.critical(
                "Partition stopped: one record ends the process again and again; keep the data folder and report it",
                metadata: ["partition": "\(partition)", "offset": "\(offset)"])
        }
        owners[partition] = owner
    }

    private mutating func refuse(_ partition: Int32, _ refusal: TakeoverRefusal) {
        if refused[partition]?.refusal != refusal {
            logger.critical(
                "Partition not taken", metadata: ["partition": "\(partition)", "reason": "\(refusal)"])
        }
        refused[partition] = RefusedPartition(refusal: refusal, nextLook: .now + Self.refusalPause)
        signals.condition("partition-\(partition)", refusal.description)
    }

    /// Whether what was refused can be taken meanwhile: somebody may have brought a copy.
    mutating func lookAgain() async throws {
        let now = ContinuousClock.now
        let due = refused.filter { $0.value.nextLook <= now }.keys.sorted()
        guard !due.isEmpty else { return }
        for partition in due {
            try await open(partition)
            if owners[partition] != nil { refused[partition] = nil }
            signals.beat()
        }
        if due.contains(where: { owners[$0] != nil }) { try await assignAll() }
    }

    /// Goes on with a stopped partition when an operator has taken something out of its way.
    mutating func resumeSkipped() async throws {
        let name = processor.commandTopic.name
        let free = owners.filter { partition, owner in
            guard owner.stopped != nil else { return false }
            guard let suspect = owner.suspect else {
                return control.skipCount(topic: name, partition: partition) > owner.skipsKnown
            }
            return control.isSkipped(topic: name, partition: partition, offset: suspect)
        }.keys.sorted()
        guard !free.isEmpty else { return }
        for partition in free {
            owners[partition]?.stopped = nil
            owners[partition]?.suspect = nil
            signals.condition("partition-\(partition)", nil)
            logger.notice("Partition goes on: a record was skipped", metadata: ["partition": "\(partition)"])
        }
        try await assignAll()
    }

    /// The log lacks what a partition wanted to read next.
    mutating func missed(_ resets: [TopicPartition: Int64]) async throws {
        guard !resets.isEmpty else { return }
        var isNews = false
        for (partition, begins) in resets.sorted(by: { $0.key < $1.key }) {
            guard let owner = owners[partition.partition] else { continue }
            if owner.lostCommandsAreNews {
                isNews = true
                continue
            }
            let offset = await owner.store.position.offset
            _ = owners[partition.partition]?.sendings.withdraw(from: &book)
            try await owner.store.close()
            owners[partition.partition] = nil
            refuse(partition.partition, .lostBeginning(offset: offset, begins: begins))
        }
        if isNews { try await askTranslators() }
        if !refused.isEmpty { try await assignAll() }
    }

    /// Commands are missing from the log: translators are asked to translate again, edges send again by themselves.
    private func askTranslators() async throws {
        logger.error("The log begins beyond the store's position", metadata: ["topic": "\(topic)"])
        let translator = TranslatorService.source(of: processor.name)
        let ask = RowsAsked(
            sourceStore: translator, topic: processor.commandTopic.name, partition: 0, fromRow: 1,
            reader: processor.name)
        let envelope = Envelope(ask, id: .random(), source: "/\(processor.name)", time: .now)
        let writer = RecordWriter(configuration: configuration, session: session, source: processor.name)
        try await producer.sendAll([
            writer.record(topic: TopicCatalogue.control, partition: 0, key: translator, value: try envelope.value())
        ])
    }

    /// Finishes what is under way, so that the next owner finds everything said and saved.
    mutating func giveBack() async throws {
        try await finish(isLastWord: false)
        try await consumer.unassign()
    }

    /// Publishes and keeps what the next owner needs, wherever it runs, and closes the stores.
    ///
    /// - Parameter isLastWord: Whether the process stops: then the snapshot is taken on one machine, too.
    mutating func finish(isLastWord: Bool) async throws {
        try await settleSendings()
        for partition in owners.keys.sorted() {
            guard var owner = owners[partition] else { continue }
            try await owner.publish(through: producer)
            owners[partition] = owner
            guard isLastWord || !configuration.sharesStores else { continue }
            do {
                try await owner.snapshots?.finish(owner.store, isLastWord: isLastWord && configuration.sharesStores)
            } catch let error where !(error is CancellationError) {
                // The next owner goes on from an older one and repeats what it has to, with the same ids.
                logger.error(
                    "Last snapshot not stored", metadata: ["partition": "\(partition)", "error": "\(error)"])
            }
        }
        await letGo()
    }

    /// Closes the stores.
    ///
    /// What is not saved is repeated by the next owner with the same ids.
    mutating func letGo() async {
        for (partition, var owner) in owners {
            _ = owner.sendings.withdraw(from: &book)
            do {
                try await owner.store.close()
            } catch {
                logger.error("Store not closed cleanly", metadata: ["partition": "\(partition)", "error": "\(error)"])
            }
        }
        owners = [:]
        refused = [:]
        assigned = []
        measureNothing()
        signals.partitions([])
    }
}
