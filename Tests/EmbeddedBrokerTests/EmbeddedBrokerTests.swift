import Contracts
import Foundation
import Kafka
import TestSupport
import Testing

@testable import EmbeddedBroker

/// The program as operators run it.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct EmbeddedBrokerTests {
    @Test func `it names its log, offers the catalogue's topics and carries records`() async throws {
        try await withFolder { folder in
            let broker = try BrokerProcess(data: folder)
            defer { broker.killIfRunning() }
            let address = try await broker.address()
            let settings = settings(address)

            let identity = try await firstIdentity(settings)
            let counts = try await KafkaConsumer.withConsumer(settings, group: nil) {
                try await $0.partitionCounts(of: TopicCatalogue.all.map(\.name))
            }
            let text = try await roundTrip("hello 名都", settings)

            #expect(address.pid == broker.pid)
            #expect(identity == LogIdentity(id: address.logId, first: true))
            #expect(counts == Dictionary(uniqueKeysWithValues: TopicCatalogue.all.map { ($0.name, $0.partitions) }))
            #expect(text == "hello 名都")
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a request to stop ends it well and takes the address away`(_ signal: Int32) async throws {
        try await withFolder { folder in
            let broker = try BrokerProcess(data: folder)
            defer { broker.killIfRunning() }
            _ = try await broker.address()

            broker.send(SIGPIPE)
            broker.send(signal)

            #expect(try await broker.ended() == 0)
            #expect(!FileManager.default.fileExists(atPath: broker.addressFile.path(percentEncoded: false)))
        }
    }

    @Test func `killed and started again it keeps another log, and says that it is not the first`() async throws {
        try await withFolder { folder in
            let killed = try BrokerProcess(data: folder)
            defer { killed.killIfRunning() }
            let before = try await killed.address()
            killed.send(SIGKILL)
            _ = try await killed.ended()

            let broker = try BrokerProcess(data: folder)
            defer { broker.killIfRunning() }
            let address = try await broker.address()
            let identity = try await firstIdentity(settings(address))

            #expect(address.logId != before.logId)
            #expect(identity == LogIdentity(id: address.logId, first: false))
        }
    }

    @Test func `it ends with its supervisor's pipe`() async throws {
        try await withFolder { folder in
            let address = folder.appending(path: "elsewhere/address.json")
            let broker = try BrokerProcess(
                data: folder,
                arguments: ["--stop-with-stdin", "--address-file", address.path(percentEncoded: false)],
                addressFile: address)
            defer { broker.killIfRunning() }
            _ = try await broker.address()

            try broker.closeInput()

            #expect(try await broker.ended() == 0)
            #expect(!FileManager.default.fileExists(atPath: address.path(percentEncoded: false)))
        }
    }

    @Test func `a second broker on the same folder refuses to start`() async throws {
        try await withFolder { folder in
            let first = try BrokerProcess(data: folder)
            defer { first.killIfRunning() }
            let address = try await first.address()
            let second = try BrokerProcess(data: folder)
            defer { second.killIfRunning() }

            #expect(try await second.ended() != 0)
            #expect(try await first.address() == address)
        }
    }

    private func settings(_ address: BrokerAddress) -> KafkaSettings {
        KafkaSettings(bootstrapServers: address.bootstrapServers, clientID: "broker-tests", embedded: true)
    }

    private func firstIdentity(_ settings: KafkaSettings) async throws -> LogIdentity? {
        guard let value = try await firstRecord(of: TopicCatalogue.logIdentity.name, settings).value else {
            return nil
        }
        return try Envelope<LogIdentity>(value: value).data
    }

    private func roundTrip(_ text: String, _ settings: KafkaSettings) async throws -> String? {
        let topic = TopicCatalogue.control.name
        let reports = try await KafkaProducer.withProducer(settings) {
            try await $0.send([OutgoingRecord(topic: topic, partition: 0, key: nil, value: Data(text.utf8))])
        }
        #expect(reports == [.delivered(offset: 0)])
        let value = try await firstRecord(of: topic, settings).value
        return value.map { String(decoding: $0, as: UTF8.self) }
    }

    private func firstRecord(of topic: String, _ settings: KafkaSettings) async throws -> KafkaRecord {
        try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
            let partition = TopicPartition(topic: topic, partition: 0)
            try await consumer.assign([PartitionPosition(partition: partition, offset: .beginning)])
            return try await eventually("a record is on \(topic)") {
                try await consumer.next(limit: 1, timeout: .seconds(1)).records.first
            }
        }
    }
}
