import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import ReportIntake

@Suite(.serialized, .timeLimit(.minutes(3))) struct PlatformDoorOnBrokerTests {
    @Test func `a platform writes to the topic and reads its receipts, also over a restart of intake`() async throws {
        let broker = try await BrokerUnderTest()
        try await IntakeUnderTest.inFolder { folder in
            for round in 0..<2 {
                try await IntakeUnderTest.run(in: folder, pack: round == 0 ? .town : nil) { intake, _ in
                    try await intake.read([Platform.granted()], into: PlatformKeys())
                    try await write((0..<40).map { Platform.event("order-\(round * 30 + $0)") }, to: broker)
                    let service = AnsweringService(
                        intake.door.answering, configuration: broker.configuration("report-intake"),
                        logger: Logger(label: "test"))
                    try await Self.running(service) {
                        try await eventually("every record has its receipt") {
                            try await receipts(on: broker).count >= (round + 1) * 40
                        }
                    }
                    #expect(try intake.count("report") == 40 + round * 30)
                }
            }
        }

        let answers = try await receipts(on: broker)
        #expect(answers.filter { $0.status == .accepted }.count == 70)
        #expect(answers.filter { $0.status == .duplicate }.count == 10)
        #expect(Set(answers.compactMap(\.externalId)) == Set((0..<70).map { "order-\($0)" }))
        let keys = try await broker.records(of: TopicCatalogue.platformReceipts).compactMap(\.key)
        #expect(Set(keys) == [Data("meituan".utf8)])
        await broker.close()
    }

    private func write(_ values: [Data], to broker: BrokerUnderTest) async throws {
        let topic = TopicCatalogue.platformReports
        let records = values.enumerated().map { number, value in
            OutgoingRecord(
                topic: topic.name, partition: Int32(number % topic.partitions), key: nil, value: value,
                headers: Platform.signed(value).map { RecordHeader(name: $0.key, text: $0.value) })
        }
        try await KafkaProducer.withProducer(broker.settings) { producer in
            for report in try await producer.send(records) { #expect(report.error == nil) }
        }
    }

    private func receipts(on broker: BrokerUnderTest) async throws -> [PlatformReceipt] {
        try await broker.records(of: TopicCatalogue.platformReceipts).compactMap(\.value)
            .map { try Envelope<PlatformReceipt>(value: $0).data }
    }

    private static func running(_ service: some Service, _ body: @Sendable () async throws -> Void) async throws {
        let group = ServiceGroup(services: [service], logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
