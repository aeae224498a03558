import Contracts
import CoreMetrics
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging
import MetricsTestKit
import ServiceLifecycle
import TestSupport
import Testing

/// Sendings to the outside by the runtime's loop, on a broker.
@Suite(.serialized, .timeLimit(.minutes(3))) struct DeliveringTests {
    private func processor(
        _ broker: BrokerUnderTest, _ edge: ScriptedEdge, patience: Duration = .milliseconds(200)
    ) -> ProcessorService {
        var configuration = broker.configuration("case-routing")
        configuration.deliveries.patience = patience
        return ProcessorService(
            TallyProcessor(), edge: edge, configuration: configuration, logger: Logger(label: "test"))
    }

    /// Appends reports with these words, the first of them `r-1`.
    private func send(_ words: [String], from first: Int = 1, to broker: BrokerUnderTest) async throws {
        let records = try records(words, from: first)
        let reports = try await KafkaProducer.withProducer(broker.settings) { try await $0.send(records) }
        #expect(reports.allSatisfy { $0.error == nil })
    }

    private func records(_ words: [String], from first: Int) throws -> [OutgoingRecord] {
        let topic = TopicCatalogue.caseCommands
        return try words.enumerated().map { index, words in
            let command = Envelope(
                RegisterReport.sample(first + index, words), id: .sample(first + index), source: "/portal/1",
                time: .now)
            return OutgoingRecord(
                topic: topic.name, partition: topic.partition(forKey: "mingdu"), key: Data("mingdu".utf8),
                value: try command.value())
        }
    }

    /// How often each delivery was told of by its processor's owner, by the type of the record.
    private func told(_ type: String, on broker: BrokerUnderTest) async throws -> Int {
        try await broker.records(of: TopicCatalogue.caseCommands).compactMap(\.value)
            .count { try MessageAttributes(value: $0).type == type }
    }

    private func expectEqualReplay(_ broker: BrokerUnderTest) async throws {
        for partition in 0..<Int32(TopicCatalogue.caseCommands.partitions) {
            let url = PartitionStore.url(dataFolder: broker.data, processor: "case-routing", partition: partition)
            let report = try await ReplayCheck.run(TallyProcessor(), partition: partition, store: url)
            #expect(report.verdict == "equal")
        }
    }

    @Test func `a sending is begun, sent and ended once`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = ScriptedEdge()
        try await running([processor(broker, edge)]) {
            try await send(["deliver"], to: broker)
            try await eventually("the end of the delivery was read back") { try broker.notes()["r-1"] != nil }
        }

        #expect(try broker.notes()["r-1"] == "delivered after 1")
        #expect(edge.ids == ["r-1"])
        await broker.close()
    }

    @Test(arguments: [
        (DeliveryResult.failed(reason: "no", canRetry: false), "failed after 1"),
        (.gone(reason: "answered 410"), "gone after 1"),
        (.unknown(reason: "no answer in time"), "unknown after 1"),
    ])
    func `a sending that may not be repeated ends`(result: DeliveryResult, note: String) async throws {
        let broker = try await BrokerUnderTest()
        let edge = ScriptedEdge { _, _ in result }
        try await running([processor(broker, edge)]) {
            try await send(["deliver"], to: broker)
            try await eventually("the end of the delivery was read back") { try broker.notes()["r-1"] != nil }
        }

        #expect(try broker.notes()["r-1"] == note)
        #expect(edge.ids == ["r-1"])
        await broker.close()
    }

    @Test func `an endpoint that does not answer holds up nobody else`() async throws {
        let broker = try await BrokerUnderTest()
        let gate = Gate()
        let edge = ScriptedEdge { delivery, _ in
            if delivery.lane == "slow" { await gate.wait() }
            return .delivered
        }
        try await running([processor(broker, edge)]) {
            try await send(Array(repeating: "deliver slow", count: 60), to: broker)
            try await send((0..<40).map { "deliver lane-\($0 % 20)" }, from: 101, to: broker)
            try await eventually("all others are delivered") {
                let notes = try broker.notes()
                return (101...140).allSatisfy { notes["r-\($0)"] == "delivered after 1" }
            }
            #expect(edge.ids.filter { $0.utf8.count < 5 } == ["r-1"], "the slow one was tried once so far")
            gate.open()
            try await eventually("the slow ones are delivered, too") { try broker.notes().count == 100 }
        }

        #expect(Set(edge.ids).count == 100 && edge.ids.count == 100)
        #expect(edge.most.values.allSatisfy { $0 <= 4 })
        try await expectEqualReplay(broker)
        await broker.close()
    }

    @Test func `a log that is never quiet does not hold up a sending`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = ScriptedEdge()
        try await running([processor(broker, edge)]) {
            try await send(["deliver"], to: broker)
            try await KafkaProducer.withProducer(broker.settings) { producer in
                var sent = 0
                for round in 1...400 where edge.calls.isEmpty {
                    let words = Array(repeating: "count", count: 50)
                    _ = try await producer.send(try records(words, from: round * 1_000))
                    sent += words.count
                    let least = sent - 200
                    // The reader always has something to read, and is never far behind.
                    try await eventually("the reader comes near") { try broker.tallied() > least }
                }
            }
            #expect(edge.ids == ["r-1"], "while records kept coming")
        }
        await broker.close()
    }

    @Test func `an owner that dies while it sends is followed by one that sends again, by the same name`() async throws
    {
        let broker = try await BrokerUnderTest()
        let first = ScriptedEdge.silent()
        try await cuttingOff([processor(broker, first)]) {
            try await send(["deliver lane"], to: broker)
            try await eventually("the sending is begun") { first.ids == ["r-1"] }
        }
        let second = ScriptedEdge()

        try await running([processor(broker, second)]) {
            try await eventually("the end of the delivery was read back") { try broker.notes()["r-1"] != nil }
        }

        #expect(try broker.notes()["r-1"] == "delivered after 1")
        #expect(second.calls == first.calls)
        #expect(try await told(DeliveryStarted.type, on: broker) == 1)
        try await expectEqualReplay(broker)
        await broker.close()
    }

    @Test func `what cannot be repeated is sent once: nobody knows how it ended, and that is counted`() async throws {
        let broker = try await BrokerUnderTest()
        let first = ScriptedEdge.silent(canRepeat: false)
        try await cuttingOff([processor(broker, first)]) {
            try await send(["deliver lane"], to: broker)
            try await eventually("the sending is begun") { first.ids == ["r-1"] }
        }
        let second = ScriptedEdge(canRepeat: false)
        let metrics = TestMetrics()

        try await withMetricsFactory(metrics) {
            try await running([processor(broker, second)]) {
                try await eventually("its end was read back") { try broker.notes()["r-1"] != nil }
                try await send(["deliver lane"], from: 2, to: broker)
                try await eventually("the next is delivered") { try broker.notes()["r-2"] != nil }
            }
        }

        #expect(try broker.notes() == ["r-1": "unknown after 1", "r-2": "delivered after 1"])
        #expect(second.ids == ["r-2"])
        #expect(try await told(DeliveryReported.type, on: broker) == 2)
        let unknown = try metrics.expectCounter(
            "delivery_attempts_total", [("processor", "case-routing"), ("outcome", "unknown")])
        #expect(unknown.values == [1])
        await broker.close()
    }

    @Test func `an owner that is asked to stop hears what it is sending out, and leaves nothing unknown`() async throws
    {
        let broker = try await BrokerUnderTest()
        let first = ScriptedEdge(canRepeat: false) { _, _ in
            do { try await gracefulShutdown() } catch { return .failed(reason: "cut off", canRetry: false) }
            return .delivered
        }
        try await running([processor(broker, first)]) {
            try await send((1...30).map { "deliver lane-\($0)" }, to: broker)
            try await eventually("one is being sent") { !first.ids.isEmpty }
        }
        let second = ScriptedEdge(canRepeat: false)

        try await running([processor(broker, second)]) {
            try await eventually("all have ended") { try broker.notes().count == 30 }
        }

        #expect(try broker.notes().values.allSatisfy { $0 == "delivered after 1" })
        #expect(Set(first.ids + second.ids).count == 30 && first.ids.count + second.ids.count == 30)
        await broker.close()
    }

    @Test func `an owner on another host goes on with what the first was sending`() async throws {
        let hosts = try await HostsUnderTest()
        let first = ScriptedEdge.silent()
        try await cuttingOff([hosts.processor("a", edge: first)]) {
            for number in 1...3 { try await hosts.sendOne(number, "deliver lane-\(number)", community: "mingdu") }
            try await eventually("all are being sent") { Set(first.ids).count == 3 }
        }
        let second = ScriptedEdge()

        try await running([hosts.processor("b", edge: second)]) {
            try await eventually("all have ended", within: .seconds(60)) { try hosts.notes("b").count == 3 }
        }

        #expect(second.ids.sorted() == ["r-1", "r-2", "r-3"])
        #expect(second.calls.allSatisfy { $0.attempt == 1 })
        try await hosts.expectOneVoice(events: 3)
        await hosts.close()
    }

    @Test func `a lane that is closed for a while costs the log one start at a time`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = ScriptedEdge { delivery, call in
            call <= 3 ? .postponed(reason: "its breaker is open", by: .milliseconds(150)) : .delivered
        }
        try await running([processor(broker, edge)]) {
            try await send(Array(repeating: "deliver closed", count: 30), to: broker)
            try await eventually("all are delivered") { try broker.notes().count == 30 }
        }

        #expect(try broker.notes().values.allSatisfy { $0 == "delivered after 1" })
        #expect(edge.calls.count == 33)
        #expect(try await told(DeliveryStarted.type, on: broker) == 33)
        try await expectEqualReplay(broker)
        await broker.close()
    }

    @Test func `what is too late ends without being sent`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = ScriptedEdge()
        try await send(["deliver lane 1", "deliver lane 600000"], to: broker)
        try await running([processor(broker, edge)]) {
            try await eventually("both have ended") { try broker.notes().count == 2 }
        }

        #expect(try broker.notes() == ["r-1": "failed after 0", "r-2": "delivered after 1"])
        #expect(edge.ids == ["r-2"])
        await broker.close()
    }
}
