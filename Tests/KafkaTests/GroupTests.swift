import Foundation
import Kafka
import TestSupport
import Testing

/// Members of one group, on every broker.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct GroupTests {
    @Test(arguments: BrokerKind.available)
    func `two members share the partitions by range, and who stays takes over`(_ kind: BrokerKind) async throws {
        try await BrokerUnderTest.with(kind, partitions: 4) { broker in
            let group = "group-\(broker.topic)"
            let first = try Member(broker.settings, topic: broker.topic, group: group)
            let second = try Member(broker.settings, topic: broker.topic, group: group)

            try await first.subscribe()
            try await poll([first]) { first.owned.count == 4 }
            try await second.subscribe()
            try await poll([first, second]) { first.owned.count == 2 && second.owned.count == 2 }
            let shared = [first.owned, second.owned].map { $0.map(\.partition).sorted() }
            await second.consumer.close()
            try await poll([first]) { first.owned.count == 4 }
            await first.consumer.close()

            #expect(shared.contains([0, 1]))
            #expect(shared.contains([2, 3]))
            #expect(first.sawRevocation)
        }
    }

    @Test func `the group waits until a member has answered, and closing answers for it`() async throws {
        try await BrokerUnderTest.with(partitions: 2) { broker in
            let group = "group-\(broker.topic)"
            // Closing must not end for want of patience: then the group would go on without its answer.
            var patient = broker.settings
            patient.closeTimeout = .seconds(600)
            let first = try Member(patient, topic: broker.topic, group: group)
            let second = try Member(broker.settings, topic: broker.topic, group: group)
            try await first.subscribe()
            try await poll([first]) { first.owned.count == 2 }

            // The first member hears of the revocation and does not answer it.
            try await second.subscribe()
            let revocation = try await KafkaTests.poll(first.consumer) { $0.rebalance != nil }
            let silence = try await second.consumer.next(limit: 10, timeout: .seconds(2))
            await first.consumer.close()
            try await poll([second]) { second.owned.count == 2 }
            await second.consumer.close()

            #expect(revocation.rebalance == .revoked((0..<2).map { broker.partition($0) }))
            #expect(silence.rebalance == nil)
        }
    }

    @Test func `closing answers for a member that never took its assignment`() async throws {
        try await BrokerUnderTest.with(partitions: 2) { broker in
            let group = "group-\(broker.topic)"
            var patient = broker.settings
            patient.closeTimeout = .seconds(600)
            let first = try KafkaConsumer(patient, group: group)
            try await first.subscribe([broker.topic])
            let assignment = try await KafkaTests.poll(first) { $0.rebalance != nil }
            await first.close()
            let second = try Member(broker.settings, topic: broker.topic, group: group)
            try await second.subscribe()
            try await poll([second]) { second.owned.count == 2 }
            await second.consumer.close()

            #expect(assignment.rebalance == .assigned((0..<2).map { broker.partition($0) }))
        }
    }

    @Test func `what was read before a revocation is returned before it`() async throws {
        try await BrokerUnderTest.with { broker in
            let group = "group-\(broker.topic)"
            try await KafkaProducer.withProducer(broker.settings) { producer in
                let first = try Member(broker.settings, topic: broker.topic, group: group)
                try await first.subscribe()
                try await poll([first]) { first.owned.count == 1 }
                let second = try Member(broker.settings, topic: broker.topic, group: group)
                try await second.subscribe()

                // Records go on coming while the group changes hands.
                var offsets: [Int64] = []
                var afterRevocation: [Int64] = []
                var revoked = false
                try await eventually("the partition is revoked") {
                    _ = try await producer.send([.text("tick", to: broker.partition(0))])
                    let batch = try await first.consumer.next(limit: 1000, timeout: .milliseconds(20))
                    offsets += batch.records.map(\.offset)
                    if case .revoked = batch.rebalance {
                        revoked = true
                        #expect(batch.records.isEmpty)
                    }
                    return revoked
                }
                afterRevocation = try await first.consumer.next(limit: 1000, timeout: .milliseconds(300))
                    .records.map(\.offset)
                await first.consumer.close()
                await second.consumer.close()

                #expect(offsets == Array(0..<Int64(offsets.count)))
                #expect(afterRevocation.isEmpty)
            }
        }
    }

    private func poll(_ members: [Member], until holds: () -> Bool) async throws {
        try await eventually("the group is as it should be", within: .seconds(40)) {
            guard !holds() else { return true }
            for member in members { try await member.poll() }
            return holds()
        }
    }
}

/// A member that answers its rebalances as a processor does.
private final class Member {
    let consumer: KafkaConsumer
    private let topic: String
    private(set) var owned: [TopicPartition] = []
    private(set) var sawRevocation = false

    init(_ settings: KafkaSettings, topic: String, group: String) throws {
        consumer = try KafkaConsumer(settings, group: group)
        self.topic = topic
    }

    func subscribe() async throws {
        try await consumer.subscribe([topic])
    }

    func poll() async throws {
        switch try await consumer.next(limit: 100, timeout: .milliseconds(50)).rebalance {
        case .assigned(let partitions):
            owned = partitions
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
        case .revoked:
            sawRevocation = true
            owned = []
            try await consumer.unassign()
        case .lost:
            owned = []
            try await consumer.unassign()
        case nil: break
        }
    }
}
