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
            try await hosts.send(1...28)
            try await eventually("the reports are tallied") { try hosts.tallied("a") == 28 }
            try await hosts.overflow()
            // Until both snapshots that are kept of each partition lie behind what was forgotten.
            for round in 1...3 {
                try await hosts.send(round * 100...round * 100 + 34)
                try await eventually("round \(round) is tallied") { try hosts.tallied("a") == 28 + round * 35 }
                try await eventually("snapshots of round \(round) are there") {
                    try await snapshotsAreBehind(hosts, round)
                }
            }
            try await hosts.send(501...507)
            try await eventually("all are tallied") { try hosts.tallied("a") == 28 + 105 + 7 }

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

    /// Whether the two snapshots of each partition were taken after all that was sent before this round.
    private func snapshotsAreBehind(_ hosts: HostsUnderTest, _ round: Int) async throws -> Bool {
        let byPartition = Dictionary(grouping: try await hosts.snapshots(), by: \.partition)
        guard byPartition.count == 4 else { return false }
        for (partition, names) in byPartition {
            let low = try await KafkaConsumer.withConsumer(hosts.broker.settings, group: nil) {
                try await $0.watermarks(
                    TopicPartition(topic: TopicCatalogue.caseCommands.name, partition: partition)
                ).low
            }
            guard names.contains(where: { $0.offset >= low }) else { return false }
            guard round == 1 || names.allSatisfy({ $0.offset >= low }) else { return false }
        }
        return true
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
