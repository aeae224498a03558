import Contracts
import Foundation
import Kafka

/// The ceiling of routing: read a batch and write a batch of the same size, with librdkafka and nothing else.
enum RawBroker {
    static func measure(records count: Int, servers: String) async throws -> Double {
        let cluster = try KafkaMockCluster()
        try await cluster.createTopic("in", partitions: 4)
        try await cluster.createTopic("out", partitions: 4)
        let settings = KafkaSettings(bootstrapServers: cluster.bootstrapServers, clientID: "raw", embedded: true)
        let value = Data(repeating: 0x78, count: 900)
        // Rounds stay below what the broker keeps of a partition.
        let round = min(count, 8_000)
        var seconds = 0.0
        var done = 0
        var position: Int64 = 0
        try await KafkaProducer.withProducer(settings) { producer in
            try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
                while done < count {
                    try await fill(round, value: value, through: producer)
                    try await consumer.assign(
                        (0..<4).map {
                            PartitionPosition(
                                partition: TopicPartition(topic: "in", partition: $0), offset: .at(position))
                        })
                    let begin = ContinuousClock.now
                    try await pump(round, from: consumer, through: producer)
                    seconds += (ContinuousClock.now - begin) / .seconds(1)
                    position += Int64(round / 4)
                    done += round
                }
            }
        }
        await cluster.close()
        return Double(done) / seconds
    }

    private static func fill(_ count: Int, value: Data, through producer: KafkaProducer) async throws {
        _ = try await producer.send(
            (0..<count).map { OutgoingRecord(topic: "in", partition: Int32($0 % 4), key: nil, value: value) })
    }

    private static func pump(_ count: Int, from consumer: KafkaConsumer, through producer: KafkaProducer) async throws {
        var seen = 0
        while seen < count {
            let batch = try await consumer.next(limit: 500, timeout: .seconds(1))
            seen += batch.records.count
            _ = try await producer.send(
                batch.records.map {
                    OutgoingRecord(topic: "out", partition: $0.partition, key: $0.key, value: $0.value)
                })
        }
    }
}
