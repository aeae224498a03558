import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

/// The loops of the runtime against a broker: librdkafka's mock cluster in this process.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RuntimeOnBrokerTests {
    private let logger = Logger(label: "test")

    @Test func `reports of an edge become commands, are tallied once, and are answered`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await edge.submit(1...50)

        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await eventually("all reports are answered") { try await edge.unanswered() == 0 }
        }

        #expect(try await edge.answers() == 50)
        #expect(try broker.tallied() == 50)
        let record = try #require(try await broker.records(of: TopicCatalogue.caseEvents).first)
        #expect(record.headers.map(\.name) == ["content-type", "source", "log", "row"])
        await broker.close()
    }

    @Test func `a broker that loses everything loses nothing: the stores go on in the new log`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        let services: [any Service] = [
            edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker),
        ]

        try await running(services) {
            try await edge.submit(1...30)
            try await eventually("the first reports are answered") { try await edge.unanswered() == 0 }
            let second = try await broker.restart()
            try await edge.submit(31...60)
            try await eventually("the others are answered on the new log", within: .seconds(60)) {
                try await edge.unanswered() == 0
            }
            await second.close()
        }

        #expect(try await edge.answers() == 60)
        #expect(try broker.tallied() == 60)
    }

    /// Translators wait for that progress, and with them whatever would bring the next record to commit with.
    @Test func `progress that the broker refused to take is committed later, though no new record comes`() async throws
    {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await edge.submit(1...50)
        try await broker.refuseCommits(16)

        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await eventually("all reports are answered") { try await edge.unanswered() == 0 }
            try await eventually("the group's progress is at the end of the log", within: .seconds(60)) {
                try await progress(on: broker) >= 50
            }
        }
        await broker.close()
    }

    private var commandPartitions: [TopicPartition] {
        let topic = TopicCatalogue.caseCommands
        return (0..<topic.partitions).map { TopicPartition(topic: topic.name, partition: Int32($0)) }
    }

    @Test func `a reader that comes to a new log asks for the rows that it never had`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await edge.submit(1...20)
            try await eventually("reports are answered") { try await edge.unanswered() == 0 }
        }
        let second = try await broker.restart()
        let late = try EdgeUnderTest(second, replica: "late")

        try await running([late.projection, processor(second)]) {
            try await eventually("the new reader has every event of the lost log", within: .seconds(30)) {
                try await late.answers() == 20
            }
        }
        await second.close()
    }

    @Test func `what was answered is known to the next instance, whether it takes it in before or after reading that`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        let processing: [any Service] = [EdgeUnderTest.translator(broker), processor(broker)]
        try await running([edge.relay, edge.projection] + processing) {
            try await edge.submit(1...20)
            try await eventually("reports are answered") { try await edge.unanswered() == 0 }
        }

        let before = try EdgeUnderTest(broker, replica: "before")
        try await before.submit(1...20)
        let after = try EdgeUnderTest(broker, replica: "after")
        try await running([before.relay, before.projection, after.relay, after.projection] + processing) {
            try await eventually("both have read") { try await [before.answers(), after.answers()] == [20, 20] }
            try await after.submit(1...20)
            try await eventually("nobody waits for an answer that was given") {
                try await [before.unanswered(), after.unanswered()] == [0, 0]
            }
        }
        #expect(try broker.tallied() == 20)
        await broker.close()
    }

    @Test func `a timer wakes its processor by the wall clock`() async throws {
        let broker = try await BrokerUnderTest()
        try await running([processor(broker)]) {
            try await broker.send(
                RegisterReport.sample(1, "timer"), to: TopicCatalogue.caseCommands, key: "mingdu")
            try await eventually("the timer was read back") { try broker.notes()["r-1"] != nil }
        }
        await broker.close()
    }

    @Test func `a store stopped anywhere goes on where it stood`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await edge.submit(1...400)

        for _ in 1...4 {
            let before = try broker.tallied()
            try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
                try await eventually("something more was tallied") {
                    let count = try broker.tallied()
                    return count > before || count == 400
                }
            }
        }
        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await eventually("all are answered", within: .seconds(60)) { try await edge.unanswered() == 0 }
        }

        #expect(try broker.tallied() == 400)
        #expect(try await edge.answers() == 400)
        await broker.close()
    }

    // MARK: - Parts

    /// How many records of its command topic the group is known to have worked off.
    private func progress(on broker: BrokerUnderTest) async throws -> Int64 {
        try await KafkaConsumer.withConsumer(broker.settings, group: TallyProcessor().name) { consumer in
            try await consumer.committed(commandPartitions).values.reduce(0) { $0 + $1.offset }
        }
    }

    private func processor(_ broker: BrokerUnderTest) -> ProcessorService {
        ProcessorService(TallyProcessor(), configuration: broker.configuration("case-routing"), logger: logger)
    }
}
