import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import EventProcessing

/// Records that no program of ours would write, on topics that ours read.
@Suite(.serialized, .timeLimit(.minutes(3))) struct StrangeRecordTests {
    private let community = "c1"

    @Test func `on an event topic what cannot be read is put aside, what is not known is passed over`() async throws {
        let hosts = try await HostsUnderTest()
        let unknown = try Envelope(
            LogIdentity(id: "no report", first: true), id: .random(), source: "/x", time: .now
        ).value()
        try await write(
            [Data("no json".utf8), Data(), nil, unknown, Data(#"{"specversion":"1.0"}"#.utf8)],
            to: TopicCatalogue.reports, of: hosts)
        try await write(
            [try event(1, bytes: 1_500_000), try event(2, bytes: 10)], to: TopicCatalogue.reports, of: hosts)

        try await running([EdgeUnderTest.translator(hosts.broker, data: hosts.data("a")), hosts.processor("a")]) {
            try await eventually("the sound event has come through") { try hosts.tallied("a") == 1 }
        }

        let letters = try await hosts.broker.records(of: TopicCatalogue.deadLetters(of: "case-routing"))
        let reasons = letters.compactMap { $0.text(of: HeaderName.reason) }
        #expect(letters.count == 4, "\(reasons)")
        #expect(letters.allSatisfy { $0.text(of: HeaderName.handler) == "translator" })
        #expect(letters.allSatisfy { $0.text(of: HeaderName.originTopic) == "reports.v1" })
        #expect(reasons.last?.contains("the limit is 900000") == true, "\(reasons)")
        #expect(letters.last?.value.map { String(decoding: $0, as: UTF8.self) }?.hasPrefix("sha256:") == true)
        await hosts.close()
    }

    @Test func `on a command topic what cannot be read is put aside and what is not known is refused`() async throws {
        let hosts = try await HostsUnderTest()
        try await write([Data("no json".utf8), nil], to: TopicCatalogue.caseCommands, of: hosts)
        try await hosts.broker.send(
            LogIdentity(id: "no command", first: true), to: TopicCatalogue.caseCommands, key: community,
            id: .sample(7))
        try await write([try command(8, bytes: 5_000_000)], to: TopicCatalogue.caseCommands, of: hosts)
        try await hosts.send(9...9, community: "c1")

        try await running([hosts.processor("a")]) {
            try await eventually("all is applied") { try hosts.tallied("a") == 2 }
        }

        let answers = try await hosts.broker.records(of: TopicCatalogue.caseEvents).compactMap(\.value)
            .map { try MessageAttributes(value: $0) }
        #expect(answers.first { $0.causationID == .sample(7) }?.type == CommandRefused.type)
        #expect(
            try await hosts.broker.records(of: TopicCatalogue.deadLetters(of: "case-routing")).count == 2)
        await hosts.close()
    }

    @Test func `a read model passes over what it cannot read`() async throws {
        let hosts = try await HostsUnderTest()
        try await write(
            [Data("no json".utf8), Data(), nil, try event(1, bytes: 1_500_000)], to: TopicCatalogue.reports, of: hosts)
        let store = try StoreFile.open(hosts.data("reader").appending(path: "reader.sqlite")) { migrator in
            ProjectionService.migrate(&migrator)
        }
        let service = ProjectionService(
            projection: SeenReports(), store: store, configuration: hosts.broker.configuration("portal"),
            logger: Logger(label: "test"))

        try await running([service]) {
            try await eventually("all is read") { service.isCaughtUp() }
        }
        #expect(service.readPosition().offsets.values.contains(4))
        await hosts.close()
    }

    @Test func `a producer refuses five megabytes in a sentence and sends the rest`() async throws {
        let hosts = try await HostsUnderTest()
        let topic = TopicCatalogue.caseEvents.name
        let reports = try await KafkaProducer.withProducer(hosts.broker.settings) { producer in
            try await producer.send([
                OutgoingRecord(topic: topic, partition: 0, key: nil, value: Data(repeating: 7, count: 5_000_000)),
                OutgoingRecord(topic: topic, partition: 0, key: nil, value: Data("small".utf8)),
            ])
        }

        guard case .failed(let error) = reports[0] else {
            Issue.record("five megabytes were taken")
            return
        }
        #expect(error.code == .record)
        #expect(error.name == "MSG_SIZE_TOO_LARGE")
        #expect(reports[1].error == nil)
        await hosts.close()
    }

    // MARK: - Parts

    private struct SeenReports: Projection {
        let name = "seen"
        let topics = [TopicCatalogue.reports]

        func apply(_ record: IncomingRecord, in db: Database) throws { _ = try record.read(ReportSubmitted.self) }
    }

    private func event(_ number: Int, bytes: Int) throws -> Data {
        let report = ReportSubmitted.sample(number, String(repeating: "x", count: bytes), community: "c1")
        return try Envelope(report, id: .sample(number), source: "/report-intake/1", time: .now).value()
    }

    private func command(_ number: Int, bytes: Int) throws -> Data {
        let report = RegisterReport.sample(number, String(repeating: "x", count: bytes), community: "c1")
        return try Envelope(report, id: .sample(number), source: "/portal/test", time: .now).value()
    }

    /// Writes as an outsider would whose producer has other limits.
    private func write(_ values: [Data?], to topic: Topic, of hosts: HostsUnderTest) async throws {
        var settings = hosts.broker.settings
        settings.overrides["message.max.bytes"] = "10000000"
        let partition = topic.partition(forKey: community)
        let records = values.map {
            OutgoingRecord(topic: topic.name, partition: partition, key: Data(community.utf8), value: $0)
        }
        try await KafkaProducer.withProducer(settings) { try await $0.sendAll(records) }
    }
}
