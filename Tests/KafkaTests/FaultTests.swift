import Foundation
import Kafka
import Testing

/// What heals by itself must heal unseen; what does not must be told.
///
/// The mock does the harm.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct FaultTests {
    @Test func `a broker that dies in the middle of a batch and returns gets all of it, in order`() async throws {
        try await BrokerUnderTest.with { broker in
            let cluster = try #require(broker.cluster)
            try await KafkaProducer.withProducer(broker.settings) { producer in
                _ = try await producer.send([.text("0", to: broker.partition(0))])
                try await cluster.setRoundTripTime(.milliseconds(50))
                let records = (1..<3000).map { OutgoingRecord.text("\($0)", to: broker.partition(0)) }
                async let reports = producer.send(records)
                _ = try await producer.send([])
                try await cluster.setBrokerDown()
                _ = try await producer.send([])
                try await cluster.setRoundTripTime(.zero)
                try await cluster.setBrokerUp()

                #expect(try await reports.allSatisfy { $0.error == nil })
            }

            // The mock stores a retried request twice, so only the first sight of each counts.
            let texts = try await firstSights(3000, broker)
            #expect(texts == (0..<3000).map { "\($0)" })
        }
    }

    @Test func `a reader outlives its broker's absence without an error`() async throws {
        try await BrokerUnderTest.with { broker in
            let cluster = try #require(broker.cluster)
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await KafkaProducer.withProducer(broker.settings) { producer in
                    try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                    _ = try await producer.send([.text("before", to: broker.partition(0))])
                    let before = try await read(1, from: consumer)
                    try await cluster.setBrokerDown()
                    let meanwhile = try await consumer.next(limit: 10, timeout: .seconds(1))
                    try await cluster.setBrokerUp()
                    _ = try await producer.send([.text("after", to: broker.partition(0))])
                    let after = try await read(1, from: consumer)

                    #expect(before.map(\.text) == ["before"])
                    #expect(meanwhile.records.isEmpty)
                    #expect(after.map(\.text) == ["after"])
                }
            }
        }
    }

    @Test(arguments: [6, 7, 19, -195])
    func `an error of the broker that heals is not seen by the sender`(_ code: Int) async throws {
        try await BrokerUnderTest.with { broker in
            try await broker.cluster?.pushRequestErrors(0, [code, code, code])

            let reports = try await KafkaProducer.withProducer(broker.settings) {
                try await $0.send([.text("x", to: broker.partition(0))])
            }

            #expect(reports.map(\.error) == [nil])
        }
    }

    @Test func `a refusal of the broker is told with its name`() async throws {
        try await BrokerUnderTest.with { broker in
            try await KafkaProducer.withProducer(broker.settings) { producer in
                try await broker.cluster?.pushRequestErrors(0, [29])
                let refused = try await producer.send([.text("x", to: broker.partition(0))])

                #expect(refused.first?.error?.code == .refused)
                #expect(refused.first?.error?.name == "TOPIC_AUTHORIZATION_FAILED")
            }
        }
    }

    @Test func `a producer that may not write at all is finished, and says so`() async throws {
        try await BrokerUnderTest.with { broker in
            try await broker.cluster?.pushRequestErrors(22, [31])
            try await KafkaProducer.withProducer(broker.settings) { producer in
                let record = OutgoingRecord.text("x", to: broker.partition(0))
                let reports = try await producer.send([record, record])

                #expect(reports.map(\.error?.isFatal) == [true, true])
                let error = await #expect(throws: KafkaError.self) { try await producer.send([record]) }
                #expect(error?.name == "CLUSTER_AUTHORIZATION_FAILED")
            }
        }
    }

    @Test func `a commit that is refused for the moment is told as such`() async throws {
        try await BrokerUnderTest.with { broker in
            try await KafkaConsumer.withConsumer(broker.settings, group: "g") { consumer in
                let position = CommittedPosition(partition: broker.partition(0), offset: 3)
                try await consumer.commit([position])
                // Often, since an error was once taken for fatal by chance.
                for _ in 0..<50 {
                    try await broker.cluster?.pushRequestErrors(8, [27])

                    let error = await #expect(throws: KafkaError.self) { try await consumer.commit([position]) }

                    #expect(error?.isRetriable == true)
                    #expect(error?.name == "REBALANCE_IN_PROGRESS")
                }
            }
        }
    }

    @Test func `reading from before the ring's beginning is told, and goes on at the oldest record`() async throws {
        try await BrokerUnderTest.with { broker in
            try await KafkaProducer.withProducer(broker.settings) { producer in
                var noise = SystemRandomNumberGenerator()
                for _ in 0..<16 {
                    let bytes = Data((0..<62_500).flatMap { _ in withUnsafeBytes(of: noise.next(), Array.init) })
                    let record = OutgoingRecord(topic: broker.topic, partition: 0, key: nil, value: bytes)
                    for report in try await producer.send([record]) { #expect(report.error == nil) }
                }
            }
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                let (low, high) = try await consumer.watermarks(broker.partition(0))
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .at(1))])
                let told = try await poll(consumer) { !$0.positionReset.isEmpty || !$0.records.isEmpty }
                let first = told.records.isEmpty ? try await read(1, from: consumer) : told.records
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                let untold = try await poll(consumer) { !$0.positionReset.isEmpty || !$0.records.isEmpty }

                #expect(low > 1)
                #expect(high == 16)
                #expect(told.positionReset == [broker.partition(0): low])
                #expect(first.first?.offset == low)
                #expect(untold.positionReset.isEmpty)
                #expect(untold.records.first?.offset == low)
            }
        }
    }

    private func firstSights(_ count: Int, _ broker: BrokerUnderTest) async throws -> [String] {
        try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
            try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
            var seen: Set<String> = []
            var texts: [String] = []
            _ = try await poll(consumer) { batch in
                for record in batch.records where seen.insert(record.text).inserted { texts.append(record.text) }
                return texts.count >= count
            }
            return texts
        }
    }
}
