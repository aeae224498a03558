import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import EventProcessing

/// The broker keeps only so much: who was away meanwhile misses something, says so and gets it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ForgettingBrokerTests {
    @Test func `a reader that was away while the broker forgot asks for what it missed, also when nothing new is said`()
        async throws
    {
        let (broker, reader) = try await readerThatMissed(upTo: 28)
        try await running([reader.projection, processor(broker)]) {
            try await eventually("the reader has every event", within: .seconds(60)) {
                try await reader.answers() == 28
            }
        }
        await broker.close()
    }

    @Test func `a reader that lost even the newest rows gets all of them, piece by piece`() async throws {
        let (broker, reader) = try await readerThatMissed(upTo: 70)
        // Two or three events each time: no piece shows that there is more.
        try await running([reader.projection, processor(broker, answerSize: 1_000)]) {
            try await eventually("the reader has every event", within: .seconds(60)) {
                try await reader.answers() == 70
            }
        }
        await broker.close()
    }

    @Test func `commands that were forgotten before their processor came are translated again`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await edge.submit(1...14)
            try await eventually("the first are answered") { try await edge.unanswered() == 0 }
        }
        try await running([edge.relay, EdgeUnderTest.translator(broker)]) {
            try await edge.submit(15...28)
            try await eventually("the others are commands") {
                try await broker.records(of: TopicCatalogue.caseCommands).count == 28
            }
        }
        try await broker.overflow(TopicCatalogue.caseCommands)

        // Without its relay: the edge sends nothing again by itself.
        try await running([edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await eventually("all are answered", within: .seconds(60)) { try await edge.unanswered() == 0 }
        }
        #expect(try await edge.answers() == 28)
        await broker.close()
    }

    @Test func `a translator that was away for long when it was asked answers when it comes, and only once`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        // It sends nothing again by itself, though nobody answers it.
        let edge = try EdgeUnderTest(broker, limits: EdgeLimits(resendAfter: 3_600_000))
        try await running([edge.relay, EdgeUnderTest.translator(broker)]) {
            try await edge.submit(1...14)
            try await eventually("they are commands") {
                try await broker.records(of: TopicCatalogue.caseCommands).count == 14
            }
        }
        let ask = RowsAsked(
            sourceStore: "case-routing/translator", topic: TopicCatalogue.caseCommands.name, partition: 0, fromRow: 1,
            reader: "case-routing")
        let value = try Envelope(ask, id: .random(), source: "/case-routing", time: .now).value()
        let longAgo = Timestamp.now.milliseconds - 3_600_000
        let record = OutgoingRecord(
            topic: TopicCatalogue.control.name, partition: 0, key: nil, value: value, timestamp: longAgo)
        try await KafkaProducer.withProducer(broker.settings) { try await $0.sendAll([record]) }

        try await running([edge.relay, EdgeUnderTest.translator(broker)]) {
            try await eventually("they are commands once more") {
                try await broker.records(of: TopicCatalogue.caseCommands).count == 28
            }
            // By the next one it has noted what it did.
            try await edge.submit(15...15)
            try await eventually("the next is a command, too") {
                try await broker.records(of: TopicCatalogue.caseCommands).count == 29
            }
        }
        try await running([edge.relay, EdgeUnderTest.translator(broker)]) {
            try await edge.submit(16...16)
            try await eventually("and the one after it") {
                try await broker.records(of: TopicCatalogue.caseCommands).contains { record in
                    try MessageAttributes(value: record.value ?? Data()).correlationID
                        == MessageID(namespace: .suishoupai, name: "report 16")
                }
            }
        }
        // The last before the stop may be translated twice, but not everything.
        #expect(try await broker.records(of: TopicCatalogue.caseCommands).count <= 31)
        await broker.close()
    }

    /// A reader that had the answers to 14 reports, when the broker has forgotten those to all that came since.
    private func readerThatMissed(upTo last: Int) async throws -> (BrokerUnderTest, EdgeUnderTest) {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        let reader = try EdgeUnderTest(broker, replica: "reader")
        let working: [any Service] = [edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]
        try await running(working + [reader.projection]) {
            try await edge.submit(1...14)
            try await eventually("the reader has read") { try await reader.answers() == 14 }
        }
        try await running(working) {
            try await edge.submit(15...last)
            try await eventually("the others are answered") { try await edge.unanswered() == 0 }
        }
        try await broker.overflow(TopicCatalogue.caseEvents)
        return (broker, reader)
    }

    private func processor(_ broker: BrokerUnderTest, answerSize: Int? = nil) -> ProcessorService {
        var configuration = broker.configuration("case-routing")
        configuration.answerSize = answerSize ?? configuration.answerSize
        return ProcessorService(TallyProcessor(), configuration: configuration, logger: Logger(label: "test"))
    }
}
