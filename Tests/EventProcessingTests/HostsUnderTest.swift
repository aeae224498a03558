import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ObjectStore
import TestSupport
import Testing

@testable import EventProcessing

/// Hosts with data folders of their own, which share a broker and a place for snapshots.
final class HostsUnderTest: Sendable {
    let broker: BrokerUnderTest
    let snapshotSettings: SnapshotSettings
    private let folder: TemporaryFolder

    init(without missing: [Topic] = []) async throws {
        broker = try await BrokerUnderTest(without: missing)
        folder = try TemporaryFolder()
        snapshotSettings = SnapshotSettings(
            place: try ObjectPlace(
                text: folder.url.appending(path: "snapshots").path(percentEncoded: false), environment: [:]
            ).open())
    }

    private init(_ broker: BrokerUnderTest, after lost: HostsUnderTest) {
        self.broker = broker
        snapshotSettings = lost.snapshotSettings
        folder = lost.folder
    }

    /// The same hosts, when the broker has lost everything and another log has begun.
    func afterLoss() async throws -> HostsUnderTest { HostsUnderTest(try await broker.restart(), after: self) }

    func close() async { await broker.close() }

    /// The log that the broker keeps now.
    func log() throws -> String { try BrokerFile.read(broker.data.appending(path: "broker.json"))?.logId ?? "" }

    func data(_ host: String) -> URL { folder.url.appending(path: host, directoryHint: .isDirectory) }

    /// - Parameter onCluster: Whether the broker is taken for a cluster, which is always at the same place.
    func processor(
        _ host: String, logic: Int = 1, everyRecords: Int64 = 20_000, takesSnapshots: Bool = true,
        onCluster: Bool = false, edge: (any DeliveryEdge)? = nil,
        seen: Conditions = Conditions(), now: @escaping @Sendable () -> Timestamp = { .now }
    ) -> ProcessorService {
        var settings = snapshotSettings
        settings.everyRecords = everyRecords
        var configuration = broker.configuration(
            "case-routing", replica: host, data: data(host), snapshots: takesSnapshots ? settings : nil,
            onCluster: onCluster)
        configuration.now = now
        return ProcessorService(
            TallyProcessor(logic: logic), edge: edge, configuration: configuration,
            signals: seen.signals, logger: Logger(label: host))
    }

    // MARK: - Commands

    /// A community of another partition.
    static func community(otherThan community: CommunityID) -> CommunityID {
        let topic = TopicCatalogue.caseCommands
        let taken = topic.partition(forKey: community.rawValue)
        let others = (1...50).map { CommunityID("c\($0)") }
        return others.first { topic.partition(forKey: $0.rawValue) != taken } ?? community
    }

    /// - Parameter long: Whether each report has a long text.
    func send(_ numbers: ClosedRange<Int>, community: CommunityID? = nil, long: Bool = false) async throws {
        for number in numbers {
            try await sendOne(
                number, long ? String(repeating: "long ", count: 4_000) : "count",
                community: community ?? CommunityID("c\(number % 7)"))
        }
    }

    func sendOne(_ number: Int, _ description: String, community: CommunityID) async throws {
        try await broker.send(
            RegisterReport.sample(number, description, community: community), to: TopicCatalogue.caseCommands,
            key: community.rawValue, id: .sample(number))
    }

    /// Sends a report whose record is stamped a year ahead, and says where it lies.
    func sendFromTheFuture(_ number: Int, community: CommunityID) async throws -> RecordSkipped {
        let topic = TopicCatalogue.caseCommands
        let partition = topic.partition(forKey: community.rawValue)
        let envelope = Envelope(
            RegisterReport.sample(number, community: community), id: .sample(number), source: "/portal/test", time: .now
        )
        let record = OutgoingRecord(
            topic: topic.name, partition: partition, key: Data(community.rawValue.utf8),
            value: try envelope.value(), timestamp: Timestamp.now.milliseconds + 365 * 86_400_000)
        try await KafkaProducer.withProducer(broker.settings) { try await $0.sendAll([record]) }
        return try skipped(partition: partition, offset: 0)
    }

    /// What an operator says of a record that is in the way.
    func skipped(partition: Int32, offset: Int64) throws -> RecordSkipped {
        RecordSkipped(
            log: try log(), topic: TopicCatalogue.caseCommands.name, partition: Int(partition), offset: offset,
            reason: "for the test")
    }

    /// What processes of a host left behind that died while they applied a record, so many times before the last.
    func leaveAttempts(_ host: String, community: String, offset: Int64, attempts: Int64) throws {
        let store = PartitionStore.url(
            dataFolder: data(host), processor: "case-routing",
            partition: TopicCatalogue.caseCommands.partition(forKey: community))
        var words: [Int64] = [offset, attempts]
        try words.withUnsafeMutableBytes { try Data($0).write(to: store.appendingPathExtension("attempt")) }
    }

    func skip(_ record: RecordSkipped) async throws {
        let value = try Envelope(record, id: .random(), source: "/suishoupai", time: .now).value()
        let outgoing = OutgoingRecord(topic: TopicCatalogue.control.name, partition: 0, key: nil, value: value)
        try await KafkaProducer.withProducer(broker.settings) { try await $0.sendAll([outgoing]) }
    }

    /// Sends so much that the broker forgets what stood at the beginning of every partition: with eight records.
    func overflow(by records: Int = 8) async throws {
        try await broker.overflow(TopicCatalogue.caseCommands, by: records)
    }

    // MARK: - What came of it

    func snapshots() async throws -> [SnapshotName] {
        try await snapshotSettings.place.list("case-routing/").compactMap { SnapshotName(key: $0.key) }
    }

    /// The newest snapshot of each partition that has an older one, too.
    func newestSnapshots() async throws -> [SnapshotName] {
        let byPartition = Dictionary(grouping: try await snapshots(), by: \.partition)
        return byPartition.values.filter { $0.count > 1 }.compactMap { $0.max { $0.applied < $1.applied } }
    }

    func storeFiles(_ host: String) throws -> [URL] {
        (0..<Int32(TopicCatalogue.caseCommands.partitions)).map {
            PartitionStore.url(dataFolder: data(host), processor: "case-routing", partition: $0)
        }.filter { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
    }

    private func read<Value>(_ host: String, table: String, _ body: (Database) throws -> Value) throws -> [Value] {
        try storeFiles(host).compactMap { file in
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            do {
                let store = try DatabaseQueue(path: file.path(percentEncoded: false), configuration: configuration)
                return try store.read { db in try db.tableExists(table) ? try body(db) : nil }
            } catch let error as DatabaseError where error.isDamage || error.resultCode == .SQLITE_CANTOPEN {
                // Its owner is about to set it aside, or to put a copy in its place.
                return nil
            }
        }
    }

    func tallied(_ host: String) throws -> Int {
        try read(host, table: "tally") { try Int.fetchOne($0, sql: "SELECT SUM(count) FROM tally") ?? 0 }
            .reduce(0, +)
    }

    func notes(_ host: String) throws -> [String] {
        try read(host, table: "note") { try String.fetchAll($0, sql: "SELECT id FROM note") }.flatMap { $0 }
    }

    func logics(_ host: String) throws -> [Int] {
        try read(host, table: "machineLogic") { try LogicInForce.number(in: $0) }
    }

    /// How many stores with records have noted when states were published once more.
    func daysNoted(_ host: String) throws -> Int {
        try read(host, table: "localStatesSaid") {
            try Bool.fetchOne($0, sql: "SELECT applied > 0 FROM machineClock, localStatesSaid") ?? false
        }.count { $0 }
    }

    func clocks(_ host: String) throws -> [Int64] {
        try read(host, table: "machineClock") {
            try Int64.fetchOne($0, sql: "SELECT milliseconds FROM machineClock") ?? 0
        }
    }

    func eventIDs() async throws -> Set<MessageID> {
        Set(try await events().map { try MessageAttributes(value: $0).id })
    }

    func events() async throws -> [Data] {
        try await broker.records(of: TopicCatalogue.caseEvents).compactMap(\.value)
    }

    /// Whoever spoke, the same id has the same bytes, and every report has its one event.
    func expectOneVoice(events count: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        var known: [MessageID: Data] = [:]
        for value in try await events() {
            let id = try MessageAttributes(value: value).id
            #expect(known[id, default: value] == value, "\(id) was said in two ways", sourceLocation: location)
            known[id] = value
        }
        #expect(known.count == count, sourceLocation: location)
    }
}

extension BrokerUnderTest {
    /// Sends so much to every partition of a topic that what stood there is forgotten: with eight records.
    func overflow(_ topic: Topic, by records: Int = 8) async throws {
        // Random, since the producer compresses.
        var generator = SeededGenerator("overflow")
        let filler = Data((0..<880_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
        try await KafkaProducer.withProducer(settings) { producer in
            for partition in 0..<Int32(topic.partitions) {
                for _ in 0..<records {
                    try await producer.sendAll([
                        OutgoingRecord(topic: topic.name, partition: partition, key: nil, value: filler)
                    ])
                }
            }
        }
    }
}
