import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.timeLimit(.minutes(2))) struct SkipCommandTests {
    private static let sound = [
        "skip", "--data", "d", "--topic", "case-commands.v1", "--partition", "0", "--offset", "4", "--reason", "why",
    ]

    /// The arguments of a sound call with one of them replaced.
    private static func call(_ option: String, _ value: String) -> [String] {
        var arguments = sound
        if let index = arguments.firstIndex(of: option) { arguments[index + 1] = value }
        return arguments
    }

    @Test(arguments: [
        (call("--topic", "case-events.v1"), "'case-events.v1' is no command topic; choose from case-commands.v1, "),
        (call("--partition", "4"), "'case-commands.v1' has the partitions 0 to 3, there is no 4."),
        (call("--offset", "x"), "The value 'x' is invalid for '--offset <n>'"),
        (call("--reason", " "), "--reason must say why."),
        (Array(sound.dropLast(2)), "Missing expected argument '--reason <reason>'"),
    ])
    func `what makes no sense is refused in a sentence`(_ arguments: [String], _ sentence: String) {
        let error = #expect(throws: (any Error).self) { try SuishoupaiCommand.parseAsRoot(arguments) }

        #expect(
            error.map { SuishoupaiCommand.message(for: $0) }?.contains(sentence) == true, "\(String(describing: error))"
        )
    }

    @Test func `a skip names the log, and what was skipped`() async throws {
        let broker = try await BrokerUnderTest()
        let session = try await Self.session(broker)
        let id = MessageID.random()
        try await broker.send(
            LogIdentity(id: "poison", first: false), to: TopicCatalogue.caseCommands, key: "c1", id: id)
        let partition = TopicCatalogue.caseCommands.partition(forKey: "c1")

        let skipped = try await Skip(session: session, logger: Logger(label: "test")).write(
            topic: TopicCatalogue.caseCommands, partition: partition, offset: 0, reason: "for the test")

        #expect(skipped.line == "✓ case-commands.v1/\(partition) goes on without offset 0: log.identity \(id)")
        let record = try #require(try await broker.records(of: TopicCatalogue.control).first?.value)
        let written = try Envelope<RecordSkipped>(value: record)
        #expect(
            written.data
                == RecordSkipped(
                    log: session.log, topic: "case-commands.v1", partition: Int(partition), offset: 0,
                    reason: "for the test"))
        #expect(written.attributes.source == "/suishoupai")
        await broker.close()
    }

    @Test func `a record that is not there yet cannot be skipped`() async throws {
        let broker = try await BrokerUnderTest()
        let session = try await Self.session(broker)
        let skip = Skip(session: session, logger: Logger(label: "test"))

        await #expect(
            throws: Skip.Refusal.notThere(topic: "case-commands.v1", partition: 2, offset: 5, end: 0)
        ) {
            try await skip.write(topic: TopicCatalogue.caseCommands, partition: 2, offset: 5, reason: "x")
        }

        #expect(try await broker.records(of: TopicCatalogue.control).isEmpty)
        await broker.close()
    }

    @Test func `a record that was applied cannot be skipped any more`() async throws {
        let broker = try await BrokerUnderTest()
        let session = try await Self.session(broker)
        let partition = TopicCatalogue.caseCommands.partition(forKey: "c1")
        for number in 1...2 {
            try await broker.send(
                LogIdentity(id: "\(number)", first: false), to: TopicCatalogue.caseCommands, key: "c1")
        }
        let place = TopicPartition(topic: "case-commands.v1", partition: partition)
        try await KafkaConsumer.withConsumer(broker.settings, group: "case-routing") { consumer in
            try await consumer.commit([CommittedPosition(partition: place, offset: 1)])
        }
        let skip = Skip(session: session, logger: Logger(label: "test"))

        await #expect(
            throws: Skip.Refusal.applied(topic: place.topic, partition: partition, offset: 0, next: 1)
        ) {
            try await skip.write(topic: TopicCatalogue.caseCommands, partition: partition, offset: 0, reason: "x")
        }
        _ = try await skip.write(topic: TopicCatalogue.caseCommands, partition: partition, offset: 1, reason: "x")

        #expect(try await broker.records(of: TopicCatalogue.control).count == 1)
        await broker.close()
    }

    private static func session(_ broker: BrokerUnderTest) async throws -> DeploymentSession {
        try await DeploymentBroker.demand(DataFolder(broker.data.path(percentEncoded: false)), environment: [:])
            .session(logger: Logger(label: "test"))
    }
}
