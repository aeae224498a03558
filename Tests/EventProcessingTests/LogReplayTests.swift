import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ObjectStore
import TestSupport
import Testing

@testable import EventProcessing

/// Stores that keep no applied records, as on a cluster, are replayed from the log and the snapshots.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LogReplayTests {
    private static let logger = Logger(label: "replay")

    private func configuration(
        _ hosts: HostsUnderTest, broker: KafkaSettings? = nil, everyRecords: Int64? = nil
    ) -> RuntimeConfiguration {
        var snapshots = hosts.snapshotSettings
        if let everyRecords { snapshots.everyRecords = everyRecords }
        return RuntimeConfiguration(
            service: "case-routing", dataFolder: hosts.data("a"),
            broker: .settings(broker ?? hosts.broker.settings), replica: "a", keepsAppliedRecords: false,
            snapshots: everyRecords == nil ? nil : snapshots)
    }

    private func processor(_ hosts: HostsUnderTest, everyRecords: Int64? = nil) -> ProcessorService {
        ProcessorService(
            TallyProcessor(), configuration: configuration(hosts, everyRecords: everyRecords), logger: Self.logger)
    }

    private func replay(_ hosts: HostsUnderTest, _ configuration: RuntimeConfiguration) async throws -> [ReplayReport] {
        var reports: [ReplayReport] = []
        for partition in 0..<Int32(TopicCatalogue.caseCommands.partitions) {
            let url = PartitionStore.url(dataFolder: hosts.data("a"), processor: "case-routing", partition: partition)
            reports.append(
                try await ReplayCheck.run(
                    TallyProcessor(), partition: partition, store: url,
                    source: ReplaySource(configuration, logger: Self.logger)))
        }
        return reports
    }

    @Test func `a log that stands from its beginning is replayed from there, skips and all, beside the owner`()
        async throws
    {
        let hosts = try await HostsUnderTest()
        for (number, words) in ["refuse", "throw", "break a constraint", "timer", "send on"].enumerated() {
            try await hosts.sendOne(100 + number, words, community: "mingdu")
        }
        try await hosts.skip(
            try await hosts.sendFromTheFuture(200, community: HostsUnderTest.community(otherThan: "mingdu")))
        try await hosts.send(1...60)
        try await running([processor(hosts)]) {
            try await eventually("the reports are tallied") { try hosts.tallied("a") >= 60 }

            let reports = try await replay(hosts, configuration(hosts))

            #expect(reports.map(\.verdict) == Array(repeating: "equal", count: 4))
            #expect(reports.allSatisfy { $0.start == 0 && $0.records == $0.applied })
            #expect(reports.reduce(0) { $0 + $1.records } >= 66)
        }
        await hosts.close()
    }

    @Test func `a log that has lost its beginning is replayed from the oldest snapshot that it reaches`() async throws {
        let hosts = try await HostsUnderTest()
        let reach = configuration(hosts, everyRecords: 4)
        try await running([processor(hosts, everyRecords: 4)]) {
            try await send(7, from: 0, to: hosts)
            try await eventually("the reports are tallied") { try hosts.tallied("a") == 28 }
            // Bit by bit: a store that is left behind is refused.
            for _ in 0..<8 {
                try await hosts.overflow(by: 1)
                try await eventually("it is put aside") { try await isApplied(hosts) }
            }
            // Until both snapshots that are kept of each partition lie behind what was forgotten.
            for round in 1...3 {
                try await send(10, from: round * 100, to: hosts)
                try await eventually("round \(round) is tallied") { try hosts.tallied("a") == 28 + round * 40 }
                try await eventually("its snapshots are taken") { try await lastSnapshotsAreTaken(hosts) }
            }

            let reports = try await replay(hosts, reach)
            #expect(reports.map(\.verdict) == Array(repeating: "equal", count: 4))
            let oldest = Dictionary(grouping: try await hosts.snapshots(), by: \.partition)
                .compactMapValues { $0.map { Int($0.applied) }.min() }
            #expect(reports.allSatisfy { $0.start == oldest[Int32($0.partition)] }, "\(reports)")
            #expect(reports.allSatisfy { $0.start + $0.records == $0.applied })

            for name in try await hosts.snapshots() where oldest[name.partition] == Int(name.applied) {
                try await hosts.snapshotSettings.place.put(Data("damaged".utf8), as: name.key)
            }
            let later = try await replay(hosts, reach)
            #expect(later.map(\.verdict) == Array(repeating: "equal", count: 4))
            #expect(zip(reports, later).allSatisfy { $0.start < $1.start }, "\(later)")
        }

        let none = try await replay(hosts, configuration(hosts))
        #expect(none.allSatisfy { !$0.isEqual && $0.records == 0 })
        #expect(
            none.allSatisfy { $0.verdict.hasPrefix("nothing could be replayed: the log begins at ") }, "\(none)")
        await hosts.close()
    }

    /// Sends so many reports to each partition.
    private func send(_ count: Int, from first: Int, to hosts: HostsUnderTest) async throws {
        for partition in 0..<Int32(TopicCatalogue.caseCommands.partitions) {
            let names = (1...100).map { CommunityID("c\($0)") }
            let community = try #require(
                names.first { TopicCatalogue.caseCommands.partition(forKey: $0.rawValue) == partition })
            for number in 0..<count {
                try await hosts.sendOne(first + Int(partition) * 1_000 + number, "count", community: community)
            }
        }
    }

    /// Whether every store stands at the end of its log.
    private func isApplied(_ hosts: HostsUnderTest) async throws -> Bool {
        for partition in 0..<Int32(TopicCatalogue.caseCommands.partitions) {
            let end = try await KafkaConsumer.withConsumer(hosts.broker.settings, group: nil) {
                try await $0.watermarks(
                    TopicPartition(topic: TopicCatalogue.caseCommands.name, partition: partition)
                ).high
            }
            let store = PartitionStore.url(
                dataFolder: hosts.data("a"), processor: "case-routing", partition: partition)
            guard try StoreCopy.position(of: store)?.offset == end else { return false }
        }
        return true
    }

    /// Whether no other snapshot of any partition is due.
    private func lastSnapshotsAreTaken(_ hosts: HostsUnderTest) async throws -> Bool {
        let byPartition = Dictionary(grouping: try await hosts.snapshots(), by: \.partition)
        return try hosts.storeFiles("a").allSatisfy { store in
            let partition = try #require(Int32(store.deletingPathExtension().lastPathComponent))
            let names = byPartition[partition, default: []]
            let applied = try StoreCopy.position(of: store)?.applied ?? 0
            return names.count == 2 && names.contains { $0.applied + 4 > applied }
        }
    }

    @Test func `a store that began on a log before is replayed from the copy that was adopted`() async throws {
        let lost = try await HostsUnderTest()
        try await send(5, from: 0, to: lost)
        try await running([processor(lost, everyRecords: 1_000)]) {
            try await eventually("the reports are tallied") { try lost.tallied("a") == 20 }
        }
        let hosts = try await lost.afterLoss()
        try await adopt(hosts)

        try await send(8, from: 100, to: hosts)
        try await running([processor(hosts, everyRecords: 1_000)]) {
            try await eventually("the reports are tallied") { try hosts.tallied("a") == 20 + 32 }
            let reports = try await replay(hosts, configuration(hosts, everyRecords: 1_000))
            #expect(reports.map(\.verdict) == Array(repeating: "equal", count: 4))
            #expect(reports.allSatisfy { $0.start == 5 && $0.records == 8 }, "\(reports)")
        }
        await hosts.close()
    }

    /// Brings the host's copies into the log that took the place of the lost one.
    private func adopt(_ hosts: HostsUnderTest) async throws {
        let work = hosts.data("work")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        let adoption = LogAdoption(place: hosts.snapshotSettings.place, log: try hosts.log(), workFolder: work)
        for partition in 0..<Int32(TopicCatalogue.caseCommands.partitions) {
            let copies = try await adoption.copies(of: "case-routing", partition, in: [hosts.data("a")])
            try await adoption.adopt(try #require(copies.first))
        }
    }

    @Test func `a store of another log, or one that its log does not make, is found`() async throws {
        let hosts = try await HostsUnderTest()
        try await hosts.send(1...40)
        try await running([processor(hosts)]) {
            try await eventually("the reports are tallied") { try hosts.tallied("a") == 40 }
        }
        let other = try await BrokerUnderTest()

        let foreign = try await replay(hosts, configuration(hosts, broker: other.settings)).filter { $0.applied > 0 }
        #expect(foreign.count > 1)
        #expect(
            foreign.allSatisfy { $0.verdict.hasPrefix("nothing could be replayed: the store belongs to log ") },
            "\(foreign)")
        #expect(foreign.allSatisfy { !$0.isEqual })

        for file in try hosts.storeFiles("a") {
            let store = try DatabaseQueue(path: file.path(percentEncoded: false))
            try await store.write { try $0.execute(sql: "UPDATE tally SET count = count + 1") }
            try store.close()
        }
        let wrong = try await replay(hosts, configuration(hosts)).filter { $0.applied > 0 }
        #expect(wrong.map(\.verdict) == Array(repeating: "tables differ", count: foreign.count))
        await other.close()
        await hosts.close()
    }
}
