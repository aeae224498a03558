import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import EventProcessing

/// What a running program does about a broker, a disk or a clock that is not as it should be: it says so, loses nothing,
/// and goes on.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FailureOutcomeTests {
    @Test func `a topic that is missing is named, and work begins when it is made`() async throws {
        let hosts = try await HostsUnderTest(without: [TopicCatalogue.caseEvents])
        let seen = Conditions()
        try await hosts.send(1...1, community: "c1")

        try await running([hosts.processor("a", seen: seen)]) {
            try await eventually("it is named", within: .seconds(10)) {
                seen.texts.contains("the broker has no case-events.v1: run 'suishoupai topics create'")
            }
            try await hosts.broker.make(TopicCatalogue.caseEvents)
            try await eventually("work has begun") { try hosts.tallied("a") == 1 }
        }
        try await hosts.expectOneVoice(events: 1)
        await hosts.close()
    }

    @Test func `a cluster without a log's identity is named, and work begins when the topics are made`() async throws {
        let cluster = try KafkaMockCluster()
        // The mock cluster knows no administration.
        let settings = try KafkaSettings.fromEnvironment(
            ["KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrapServers, "KAFKA_CHECK_TOPICS": "false"], clientID: "test")
        let folder = try TemporaryFolder()
        let seen = Conditions()
        let service = ProcessorService(
            TallyProcessor(),
            configuration: RuntimeConfiguration(
                service: "case-routing", dataFolder: folder.url, broker: .settings(settings), replica: "1",
                keepsAppliedRecords: false), signals: seen.signals, logger: Logger(label: "test"))

        try await running([service]) {
            try await eventually("the identity's topic is named", within: .seconds(10)) {
                seen.texts.contains("the broker has no log-identity.v1: run 'suishoupai topics create'")
            }
            for topic in TopicCatalogue.all {
                try await cluster.createTopic(topic.name, partitions: topic.partitions)
            }
            let identity = Envelope(LogIdentity(id: "log-a", first: true), id: .random(), source: "/t", time: .now)
            let record = OutgoingRecord(
                topic: TopicCatalogue.logIdentity.name, partition: 0, key: nil, value: try identity.value())
            try await KafkaProducer.withProducer(settings) { try await $0.sendAll([record]) }
            try await eventually("a store is begun") {
                FileManager.default.fileExists(
                    atPath: PartitionStore.url(dataFolder: folder.url, processor: "case-routing", partition: 0)
                        .path(percentEncoded: false))
            }
        }
        await cluster.close()
    }

    @Test func `a topic with another number of partitions is refused before anything is written`() async throws {
        let hosts = try await HostsUnderTest(without: [TopicCatalogue.caseCommands])
        try await hosts.broker.make(TopicCatalogue.caseCommands, partitions: 3)

        let refusal = TopicError.partitionCount(topic: "case-commands.v1", found: 3, expected: 4)
        await #expect(throws: refusal) { try await hosts.processor("a").run() }

        #expect(try hosts.storeFiles("a").isEmpty)
        #expect(
            refusal.description.hasPrefix(
                "topic 'case-commands.v1' has 3 partitions on the broker, this program counts on 4"))
        await hosts.close()
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a disk takes root"))
    func `a processor whose disk is full ends with a sentence, at each start, and loses nothing`() async throws {
        let hosts = try await HostsUnderTest()
        let disk = try SmallDisk(at: hosts.data("full"), size: "24m")
        defer { disk.remove() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hosts.processor("full", takesSnapshots: false).run() }
            try await hosts.send(1...20)
            try await eventually("the reports are tallied") { try hosts.tallied("full") == 20 }
            try disk.fill()
            try await hosts.send(21...400, long: true)
            await #expect(throws: StoreError.self) { try await group.next() }
        }
        for _ in 1...4 {
            let error = await #expect(throws: StoreError.self) {
                try await hosts.processor("full", takesSnapshots: false).run()
            }
            #expect(error?.description.hasSuffix("the disk is full: make room, nothing is lost meanwhile") == true)
        }
        try disk.makeRoom()

        try await running([hosts.processor("full", takesSnapshots: false)]) {
            try await eventually("everything is tallied") { try hosts.tallied("full") == 400 }
        }
        try await hosts.expectOneVoice(events: 400)
        await hosts.close()
    }

    @Test func `a wall clock that jumps a day ahead wakes no timer before the log has come so far`() async throws {
        let hosts = try await HostsUnderTest()
        let tomorrow: @Sendable () -> Timestamp = { Timestamp.now.adding(milliseconds: 86_400_000) }

        try await running([hosts.processor("a", now: tomorrow)]) {
            try await hosts.sendOne(1, "timer in an hour", community: "c1")
            try await eventually("the owner says that the timer is due") {
                try await hosts.broker.records(of: TopicCatalogue.caseCommands).contains { record in
                    try record.value.map { try MessageAttributes(value: $0).type } == TimerDue.type
                }
            }
            try await hosts.send(2...2, community: "c1")
            try await eventually("what came after it is applied") { try hosts.tallied("a") == 2 }
        }

        #expect(try hosts.notes("a").isEmpty)
        await hosts.close()
    }

    @Test func `a wall clock that is a day behind holds everything up, says so, and goes on when it is mended`()
        async throws
    {
        let hosts = try await HostsUnderTest()
        let seen = Conditions()
        let offset = Mutex<Int64>(-86_400_000)
        let clock: @Sendable () -> Timestamp = { Timestamp.now.adding(milliseconds: offset.withLock { $0 }) }
        try await hosts.send(1...10)

        try await running([hosts.processor("a", seen: seen, now: clock)]) {
            try await eventually("it is said") {
                seen.texts.contains { $0.contains("s ahead of this machine's clock") }
            }
            #expect(try hosts.tallied("a") == 0)
            offset.withLock { $0 = 0 }
            try await eventually("everything is applied") { try hosts.tallied("a") == 10 }
        }
        try await hosts.expectOneVoice(events: 10)
        await hosts.close()
    }

    @Test func `a record that ended the process three times stops its partition until an operator skips it`()
        async throws
    {
        let hosts = try await HostsUnderTest()
        let seen = Conditions()
        try await running([hosts.processor("a")]) {
            try await hosts.send(1...1, community: "c1")
            try await eventually("the first report is tallied") { try hosts.tallied("a") == 1 }
        }
        try await hosts.send(2...2, community: "c1")
        try hosts.leaveAttempts("a", community: "c1", offset: 1, attempts: 2)
        let partition = TopicCatalogue.caseCommands.partition(forKey: "c1")

        try await running([hosts.processor("a", seen: seen)]) {
            try await eventually("it is said") {
                seen.texts.contains(
                    "record 1 ended the process 3 times; 'suishoupai skip --topic case-commands.v1 "
                        + "--partition \(partition) --offset 1' takes it out of the way")
            }
            try await hosts.skip(try hosts.skipped(partition: partition, offset: 1))
            try await hosts.send(3...3, community: "c1")
            try await eventually("the partition goes on behind it") { try hosts.tallied("a") == 2 }
            // A sender that heard nothing sends once more.
            try await hosts.send(2...2, community: "c1")
            try await hosts.send(4...4, community: "c1")
            try await eventually("the same command again does nothing") { try hosts.tallied("a") == 3 }
        }
        let letters = try await hosts.broker.records(of: TopicCatalogue.deadLetters(of: "case-routing"))
        #expect(letters.map { $0.text(of: HeaderName.reason) } == ["an operator skipped it"])
        await hosts.close()
    }
}
