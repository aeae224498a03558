import Foundation
import Kafka
import TestSupport
import Testing

/// Every way in which a client may end.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ClosingTests {
    /// Threads that tests running beside these may have begun meanwhile; fewer than a leak would leave.
    private static let othersThreads = 50

    @Test func `closing ends a poll in another task`() async throws {
        try await BrokerUnderTest.with { broker in
            let consumer = try KafkaConsumer(broker.settings, group: nil)
            try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
            _ = try await poll(consumer) { !$0.endOfPartition.isEmpty }

            await #expect(throws: closed) {
                try await withThrowingTaskGroup(of: ConsumerBatch.self) { group in
                    group.addTask { try await consumer.next(limit: 10, timeout: .seconds(600)) }
                    await consumer.close()
                    _ = try await group.next()
                }
            }
        }
    }

    @Test func `cancelling ends a poll, and the consumer goes on`() async throws {
        try await BrokerUnderTest.with { broker in
            try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                _ = try await poll(consumer) { !$0.endOfPartition.isEmpty }

                await #expect(throws: CancellationError.self) {
                    try await withThrowingTaskGroup(of: ConsumerBatch.self) { group in
                        group.addTask { try await consumer.next(limit: 10, timeout: .seconds(600)) }
                        group.cancelAll()
                        _ = try await group.next()
                    }
                }
                _ = try await KafkaProducer.withProducer(broker.settings) {
                    try await $0.send([.text("after", to: broker.partition(0))])
                }
                #expect(try await read(1, from: consumer).map(\.text) == ["after"])
            }
        }
    }

    @Test func `closing twice is as good as once, and later calls are refused`() async throws {
        try await BrokerUnderTest.with { broker in
            let consumer = try KafkaConsumer(broker.settings, group: "g")
            let producer = try KafkaProducer(broker.settings)
            try await consumer.subscribe([broker.topic])

            async let atOnce: Void = consumer.close()
            await consumer.close()
            await atOnce
            await consumer.close()
            await producer.close()
            await producer.close()

            await #expect(throws: closed) { try await consumer.next(limit: 1, timeout: .zero) }
            await #expect(throws: closed) { try await consumer.commit([]) }
            await #expect(throws: closed) { try await consumer.unassign() }
            await #expect(throws: closed) { try await producer.send([.text("late", to: broker.partition(0))]) }
        }
    }

    @Test func `dropping clients without closing leaves no thread behind`() async throws {
        try await BrokerUnderTest.with { broker in
            let before = threads()
            for _ in 0..<30 {
                let consumer = try KafkaConsumer(broker.settings, group: "dropped")
                try await consumer.subscribe([broker.topic])
                let producer = try KafkaProducer(broker.settings)
                _ = try await producer.send([.text("x", to: broker.partition(0))])
            }

            try await eventually("the threads are gone") { threads() <= before + Self.othersThreads }
        }
    }

    @Test func `two hundred clients come and go without leaving a thread behind`() async throws {
        try await BrokerUnderTest.with { broker in
            _ = try await KafkaProducer.withProducer(broker.settings) { try await $0.send([]) }
            let before = threads()
            for round in 0..<100 {
                let producer = try KafkaProducer(broker.settings)
                let consumer = try KafkaConsumer(broker.settings, group: round.isMultiple(of: 2) ? nil : "g")
                try await consumer.assign([PartitionPosition(partition: broker.partition(0), offset: .beginning)])
                if round.isMultiple(of: 5) {
                    _ = try await producer.send([.text("\(round)", to: broker.partition(0))])
                    _ = try await read(1, from: consumer)
                }
                await consumer.close()
                await producer.close()
            }

            // Threads of the dispatch queues themselves linger for a moment.
            try await eventually("the threads are gone") { threads() <= before + Self.othersThreads }
        }
    }

    @Test func `what is unacknowledged at closing fails, and closing ends`() async throws {
        try await BrokerUnderTest.with { broker in
            var settings = broker.settings
            settings.closeTimeout = .milliseconds(500)
            let producer = try KafkaProducer(settings)
            _ = try await producer.send([.text("known", to: broker.partition(0))])
            try await broker.cluster?.setBrokerDown()

            let records = (0..<10_000).map { OutgoingRecord.text("\($0)", to: broker.partition(0)) }
            async let reports = producer.send(records)
            async let more = producer.send(records)
            // Both are with the producer before it closes: an empty batch goes the same way behind them.
            try await settle(producer)
            await producer.close()

            for report in try await (reports + more) { #expect(report.error?.code == .closed) }
        }
    }

    @Test func `a cancelled send ends while the broker is away, and the next one is stored`() async throws {
        try await BrokerUnderTest.with { broker in
            try await KafkaProducer.withProducer(broker.settings) { producer in
                _ = try await producer.send([.text("first", to: broker.partition(0))])
                try await broker.cluster?.setBrokerDown()
                await #expect(throws: CancellationError.self) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await producer.send([.text("doubtful", to: broker.partition(0))]) }
                        try await settle(producer)
                        group.cancelAll()
                        try await group.next()
                    }
                }
                try await broker.cluster?.setBrokerUp()
                let reports = try await producer.send([.text("last", to: broker.partition(0))])

                #expect(reports.map(\.error) == [nil])
            }
        }
    }

    /// Lets what was asked of the producer reach it.
    private func settle(_ producer: KafkaProducer) async throws {
        for _ in 0..<20 {
            await Task.yield()
            _ = try await producer.send([])
        }
    }

    private var closed: KafkaError { KafkaError(.closed, message: "The Kafka client is closed.") }

    private func threads() -> Int {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        } catch {
            Issue.record(error)
            return 0
        }
    }
}
