import Foundation
import Kafka
import Testing

/// What every broker must do for us, the mock and a real one alike.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ConformanceTests {
    @Test(arguments: BrokerKind.available)
    func `records come back in order with offsets`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            let sent = (0..<3000).map { OutgoingRecord.text("record \($0)", to: broker.partition(0)) }

            let reports = try await KafkaProducer.withProducer(broker.settings) { try await $0.send(sent) }
            let records = try await reading(broker, 3000)

            #expect(reports.map(\.offset) == (0..<3000).map { Int64($0) })
            #expect(records.map(\.text) == (0..<3000).map { "record \($0)" })
            #expect(records.map(\.offset) == (0..<3000).map { Int64($0) })
        }
    }

    @Test(arguments: BrokerKind.available)
    func `key, headers and timestamp travel, and empty is not nil`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            let headers = [
                RecordHeader(name: "content-type", text: "application/cloudevents+json"),
                RecordHeader(name: "row", text: "1"), RecordHeader(name: "row", text: "2"),
                RecordHeader(name: "empty", value: Data()), RecordHeader(name: "bytes", value: Data([0, 255, 7])),
            ]
            let moment = Int64(Date.now.timeIntervalSince1970) * 1000 + 7
            let full = OutgoingRecord(
                topic: broker.topic, partition: 0, key: Data("名都".utf8), value: Data("值".utf8), headers: headers,
                timestamp: moment)
            let tombstone = OutgoingRecord(topic: broker.topic, partition: 0, key: Data("k".utf8), value: nil)
            let empty = OutgoingRecord(topic: broker.topic, partition: 0, key: Data(), value: Data())

            _ = try await KafkaProducer.withProducer(broker.settings) { try await $0.send([full, tombstone, empty]) }
            let records = try await reading(broker, 3)

            #expect(records[0].key == full.key)
            #expect(records[0].value == full.value)
            #expect(records[0].headers == headers)
            #expect(records[0].header("row") == "2")
            #expect(records[0].header("none") == nil)
            #expect(records[0].timestamp == moment)
            #expect(records[1].value == nil)
            #expect(records[1].key == Data("k".utf8))
            #expect(records[2].value == Data())
            #expect(records[2].key == Data())
            #expect(records[2].timestamp > 0)
        }
    }

    @Test(arguments: BrokerKind.available)
    func `a record of a million bytes travels`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            var noise = SystemRandomNumberGenerator()
            let bytes = Data((0..<125_000).flatMap { _ in withUnsafeBytes(of: noise.next(), Array.init) })
            let record = OutgoingRecord(topic: broker.topic, partition: 0, key: nil, value: bytes)

            let reports = try await KafkaProducer.withProducer(broker.settings) {
                try await $0.send([record, record, record])
            }
            let records = try await reading(broker, 3)

            #expect(reports.map(\.error) == [nil, nil, nil])
            #expect(records.map(\.value) == [bytes, bytes, bytes])
        }
    }

    @Test(arguments: BrokerKind.available)
    func `a record that is too large is refused alone`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            let large = OutgoingRecord(
                topic: broker.topic, partition: 0, key: nil, value: Data(repeating: 7, count: 3_000_000))
            let before = OutgoingRecord.text("before", to: broker.partition(0))
            let after = OutgoingRecord.text("after", to: broker.partition(0))
            let nowhere = OutgoingRecord.text("nowhere", to: broker.partition(17))

            let reports = try await KafkaProducer.withProducer(broker.settings) {
                try await $0.send([before, large, nowhere, after])
            }
            let records = try await reading(broker, 2)

            #expect(reports[0].error == nil)
            #expect(reports[1].error?.code == .record)
            #expect(reports[2].error?.code == .record)
            #expect(reports[3].error == nil)
            #expect(records.map(\.text) == ["before", "after"])
        }
    }

    @Test(arguments: BrokerKind.available)
    func `batches of several senders keep their own order`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 2) { broker in
            try await KafkaProducer.withProducer(broker.settings) { producer in
                try await withThrowingTaskGroup(of: Void.self) { senders in
                    for number in Int32(0)..<2 {
                        senders.addTask {
                            for round in 0..<10 {
                                let batch = (0..<20).map {
                                    OutgoingRecord.text("\(round * 20 + $0)", to: broker.partition(number))
                                }
                                for report in try await producer.send(batch) { #expect(report.error == nil) }
                            }
                        }
                    }
                    try await senders.waitForAll()
                }
            }

            let records = try await reading(broker, 400, partitions: 2)

            for number in Int32(0)..<2 {
                #expect(records.filter { $0.partition == number }.map(\.text) == (0..<200).map { "\($0)" })
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `the end of a partition is told once its records are read`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            try await KafkaProducer.withProducer(broker.settings) { producer in
                try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                    try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                    let empty = try await poll(consumer) { !$0.endOfPartition.isEmpty }
                    _ = try await producer.send([.text("one", to: broker.partition(0))])
                    let records = try await read(1, from: consumer)
                    let again = try await poll(consumer) { !$0.endOfPartition.isEmpty }

                    #expect(empty.endOfPartition == [broker.partition(0)])
                    #expect(records.map(\.text) == ["one"])
                    #expect(again.endOfPartition == [broker.partition(0)])
                }
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `a group's commits come back with their words, also to an onlooker`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 3) { broker in
            let group = "group-\(broker.topic)"
            let commits = [
                CommittedPosition(partition: broker.partition(0), offset: 42, metadata: "store 7, log 名"),
                CommittedPosition(partition: broker.partition(2), offset: 7),
            ]
            let all = (0..<3).map { broker.partition($0) }

            try await KafkaConsumer.withConsumer(broker.settings, group: group) { try await $0.commit(commits) }
            let found = try await KafkaConsumer.withConsumer(broker.settings, group: group) {
                try await $0.committed(all)
            }

            #expect(found.count == 2)
            #expect(found[broker.partition(0)] == commits[0])
            #expect(found[broker.partition(2)] == commits[1])
        }
    }

    @Test(arguments: BrokerKind.available)
    func `reading starts at the committed offset, or at the beginning without one`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 2) { broker in
            let group = "group-\(broker.topic)"
            try await send(10, to: broker, partitions: 2)

            try await KafkaConsumer.withConsumer(broker.settings, group: group) { consumer in
                try await consumer.commit([CommittedPosition(partition: broker.partition(0), offset: 7)])
                try await consumer.assign(
                    (0..<2).map { PartitionPosition(partition: broker.partition($0), offset: .committed) })
                var records: [KafkaRecord] = []
                var resets: [TopicPartition: Int64] = [:]
                _ = try await poll(consumer) { batch in
                    records += batch.records
                    resets.merge(batch.positionReset) { $1 }
                    return records.count >= 13
                }

                #expect(records.filter { $0.partition == 0 }.map(\.offset) == [7, 8, 9])
                #expect(records.filter { $0.partition == 1 }.map(\.offset) == Array(0..<10))
                #expect(resets.isEmpty)
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `watermarks and partition counts are told`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 3) { broker in
            try await send(5, to: broker, partitions: 1)

            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                let written = try await consumer.watermarks(broker.partition(0))
                let empty = try await consumer.watermarks(broker.partition(2))
                let counts = try await consumer.partitionCounts(of: [broker.topic, "no-such-topic"])

                #expect(written == (0, 5))
                #expect(empty == (0, 0))
                #expect(counts == [broker.topic: 3])
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `a paused partition is silent and goes on where it stood`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 2) { broker in
            try await send(100, to: broker, partitions: 2)
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                let first = try await consumer.next(limit: 30, timeout: .seconds(10)).records
                try await consumer.pause([broker.partition(0)])
                let silence = try await consumer.next(limit: 1000, timeout: .milliseconds(500))
                try await consumer.resume([broker.partition(0)])
                let rest = try await read(100 - first.count, from: consumer)

                #expect(silence.records.isEmpty)
                #expect((first + rest).map(\.offset) == Array(0..<100))
            }
        }
    }

    /// A translator that paused while its group was given out anew read nothing any more.
    @Test(arguments: BrokerKind.available, [true, false])
    func `a new assignment forgets pauses and reads from where it says`(
        _ kind: BrokerKind, letsGoBetween: Bool
    ) async throws {
        try await BrokerUnderTest.with(kind, partitions: 2) { broker in
            try await send(100, to: broker, partitions: 2)
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                _ = try await consumer.next(limit: 30, timeout: .seconds(10))
                try await consumer.pause([broker.partition(0)])
                if letsGoBetween { try await consumer.unassign() }
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .at(10))])

                #expect(try await read(90, from: consumer).map(\.offset) == Array(10..<100))
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `an offset that the log does not have is told, and reading goes on at the oldest`(
        _ kind: BrokerKind
    ) async throws {
        try await BrokerUnderTest.with(kind, partitions: 2) { broker in
            try await send(10, to: broker, partitions: 2)
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await consumer.assign([
                    PartitionPosition(partition: broker.partition(0), offset: .at(5000)),
                    PartitionPosition(partition: broker.partition(1), offset: .at(4)),
                ])
                var records: [KafkaRecord] = []
                var resets: [TopicPartition: Int64] = [:]
                _ = try await poll(consumer) { batch in
                    records += batch.records
                    resets.merge(batch.positionReset) { $1 }
                    return records.count >= 16
                }

                #expect(resets == [broker.partition(0): 0])
                #expect(records.filter { $0.partition == 0 }.map(\.offset) == Array(0..<10))
                #expect(records.filter { $0.partition == 1 }.map(\.offset) == Array(4..<10))
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `a committed offset that the log does not have is told`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            try await send(10, to: broker, partitions: 1)
            try await KafkaConsumer.withConsumer(broker.settings, group: "group-\(broker.topic)") { consumer in
                try await consumer.commit([CommittedPosition(partition: broker.partition(0), offset: 700)])
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .committed)])
                let told = try await poll(consumer) { !$0.positionReset.isEmpty || !$0.records.isEmpty }

                #expect(told.positionReset == [broker.partition(0): 0])
            }
        }
    }

    @Test(arguments: BrokerKind.available)
    func `reading at the end brings only what comes later`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind) { broker in
            try await send(10, to: broker, partitions: 1)
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .end)])
                _ = try await poll(consumer) { !$0.endOfPartition.isEmpty }
                try await send(1, to: broker, partitions: 1)

                #expect(try await read(1, from: consumer).map(\.offset) == [10])
            }
        }
    }

    private func send(_ count: Int, to broker: BrokerUnderTest, partitions: Int32) async throws {
        let records = (0..<partitions).flatMap { number in
            (0..<count).map { OutgoingRecord.text("\($0)", to: broker.partition(number)) }
        }
        let reports = try await KafkaProducer.withProducer(broker.settings) { try await $0.send(records) }
        try #require(reports.allSatisfy { $0.error == nil })
    }

    private func reading(_ broker: BrokerUnderTest, _ count: Int, partitions: Int32 = 1) async throws -> [KafkaRecord] {
        try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
            try await consumer.assign(
                (0..<partitions).map { PartitionPosition(partition: broker.partition($0), offset: .beginning) })
            return try await read(count, from: consumer)
        }
    }
}
