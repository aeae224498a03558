import Contracts
import EventProcessing
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Kafka
import Logging
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

@testable import Portal

/// Portal's relay and projection against a broker: librdkafka's mock cluster in this process.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PortalOnBrokerTests {
    @Test func `a command goes to its owner's topic, its outcome comes back, and the answer says how far was read`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        try await PortalUnderTest.run(on: broker) { portal, client in
            try await broker.send(CaseState.sample(), to: TopicCatalogue.cases, key: "case-1")
            try await eventually("the case is read") { try await portal.readModel.caseState("case-1") != nil }
            let token = try await portal.token("desk", .dispatcher)

            async let waiting = client.act(["action": "file"], token: token, key: "k-1")
            let command: KafkaRecord = try await eventually("the command is on its topic") {
                try await broker.records(of: TopicCatalogue.caseCommands).first
            }
            let id = try MessageAttributes(value: try #require(command.value)).id
            let filed = CaseState.sample(version: 2, stage: .filed)
            try await broker.answer(id, filed.step(.filed), on: TopicCatalogue.caseEvents)
            try await broker.answer(id, filed, on: TopicCatalogue.cases)
            let answer = try await waiting

            #expect(command.key == Data("mingdu".utf8))
            #expect(command.header("source") == "portal/1")
            #expect(answer.status == 200)
            #expect(answer.json["case"]?["stage"] == "filed")
            #expect(try await portal.unanswered() == 0)
            let position = try #require(answer.headers[.readPosition])
            let next = try await client.ask("/v1/cases/case-1", token: token, [.readPosition: position])
            #expect(next.json["version"] == 2)
        }
        await broker.close()
    }

    @Test func `who sends a position back waits until this instance has read so far`() async throws {
        let broker = try await BrokerUnderTest()
        try await PortalUnderTest.run(on: broker) { portal, client in
            let token = try await portal.token("desk", .dispatcher)
            let place = "\(TopicCatalogue.cases.name)/\(TopicCatalogue.cases.partition(forKey: "case-1"))"
            let log: String = try await eventually("portal follows a log") {
                let position = try await client.ask("/v1/cases", token: token).headers[.readPosition]
                return position.flatMap { ReadPosition(text: $0)?.log }.flatMap { $0.isEmpty ? nil : $0 }
            }

            async let waiting = client.ask("/v1/cases/case-1", token: token, [.readPosition: "\(log):\(place)=1"])
            try await broker.send(CaseState.sample(), to: TopicCatalogue.cases, key: "case-1")

            #expect(try await waiting.status == 200)
        }
        await broker.close()
    }

    @Test func `what cannot be read is noted and passed over, and what comes behind it is read`() async throws {
        let broker = try await BrokerUnderTest()
        try await PortalUnderTest.run(on: broker) { portal, _ in
            let topic = TopicCatalogue.cases
            let state = try IncomingRecord.of(CaseState.sample("too-new"))
            let newer = try state.replacing("case.state:1", with: "case.state:2")
            let unknown = try state.replacing("case.state", with: "case.picture")
            try await broker.put([newer.value, unknown.value, Data("no JSON".utf8), nil], on: topic, key: "case-1")
            try await broker.send(CaseState.sample(), to: topic, key: "case-1")

            try await eventually("the case behind them is read") {
                try await portal.readModel.caseState("case-1") != nil
            }

            let reasons = try await portal.readModel.read { db in
                try String.fetchAll(db, sql: "SELECT reason FROM projectionFailure")
            }
            #expect(reasons.count == 1)
            #expect(reasons.first?.contains("upgrade it first") == true)
            #expect(try await portal.count("caseState") == 1)
        }
        await broker.close()
    }
}

extension BrokerUnderTest {
    /// Puts what came of a command on a topic, as its owner does.
    fileprivate func answer(_ command: MessageID, _ payload: some Payload, on topic: Topic) async throws {
        try await put([try IncomingRecord.of(payload, cause: command).value], on: topic, key: "case-1")
    }

    fileprivate func put(_ values: [Data?], on topic: Topic, key: String) async throws {
        try await KafkaProducer.withProducer(settings) { producer in
            _ = try await producer.send(
                values.map {
                    OutgoingRecord(
                        topic: topic.name, partition: topic.partition(forKey: key), key: Data(key.utf8), value: $0)
                })
        }
    }
}
