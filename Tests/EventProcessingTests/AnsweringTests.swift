import Contracts
import Foundation
import Kafka
import Logging
import Synchronization
import TestSupport
import Testing

@testable import EventProcessing

/// What outsiders write is answered, record by record.
@Suite(.serialized, .timeLimit(.minutes(3))) struct AnsweringTests {
    @Test func `each record is answered once, in the order of its partition, also after a restart`() async throws {
        let broker = try await BrokerUnderTest()
        let desk = AnswerDesk()
        try await write(1...60, to: broker)
        try await running([service(desk, on: broker)]) {
            try await eventually("60 are answered") { try await answers(on: broker).count == 60 }
            try await eventually("all is committed") { try await committed(on: broker) == 60 }
        }
        try await write(61...80, to: broker)
        try await running([service(desk, on: broker)]) {
            try await eventually("80 are answered") { try await answers(on: broker).count >= 80 }
        }

        #expect(desk.seen == Set(1...80))
        let texts = try await answers(on: broker)
        #expect(texts.sorted() == (1...80).map { "\($0)" }.sorted())
        for partition in 0..<4 {
            let order = desk.order(of: Int32(partition))
            #expect(order == order.sorted())
        }
        await broker.close()
    }

    @Test func `a record that must wait holds back its partition, and no other`() async throws {
        let broker = try await BrokerUnderTest()
        let desk = AnswerDesk(waitingAt: 9)
        // Everything that has the number's last digit lies in one partition.
        try await write(1...40, to: broker)
        let stuck = partition(of: 9)
        try await running([service(desk, on: broker)]) {
            let free = (1...40).filter { partition(of: $0) != stuck }
            let before = (1..<9).filter { partition(of: $0) == stuck }
            try await eventually("all others are answered, and what lies before") {
                try await answers(on: broker).count == free.count + before.count
            }
            try await eventually("it was asked about again") { desk.asks(about: 9) > 3 }
            #expect(try await answers(on: broker).count == free.count + before.count)

            desk.letPass()
            try await eventually("all are answered") { try await answers(on: broker).count == 40 }
        }
        #expect(desk.order(of: stuck) == desk.order(of: stuck).sorted())
        await broker.close()
    }

    @Test func `what was answered but not committed is answered again, and nothing is left out`() async throws {
        let broker = try await BrokerUnderTest()
        let desk = AnswerDesk(waitingAt: nil, failingAfter: 25)
        try await write(1...30, to: broker)
        // A desk that fails ends the service, as a crash would, before the answers of that round are sent.
        await #expect(throws: AnswerDesk.Crash.self) { try await service(desk, on: broker).run() }
        try await running([service(desk, on: broker)]) {
            try await eventually("30 are answered") { Set(try await answers(on: broker)).count == 30 }
        }
        await broker.close()
    }

    @Test func `an outsider's header of a log means nothing, and a new log is read from its beginning`() async throws {
        let broker = try await BrokerUnderTest()
        let desk = AnswerDesk()
        try await write(1...3, to: broker, headers: [RecordHeader(name: HeaderName.log, text: "some other log")])
        let next = KeptBroker()
        try await running([service(desk, on: broker)]) {
            try await eventually("3 are answered") { try await answers(on: broker).count == 3 }
            let new = try await broker.restart()
            next.set(new)
            try await write(4...6, to: new)
            try await eventually("3 more are answered", within: .seconds(60)) {
                try await answers(on: new).count == 3
            }
        }
        #expect(desk.seen == Set(1...6))
        let records = try await next.broker?.records(of: TopicCatalogue.platformReceipts) ?? []
        #expect(records.allSatisfy { $0.header(HeaderName.source) == "report-intake/1" })
        await next.broker?.close()
    }

    @Test func `two members share the work, and each record is answered`() async throws {
        let broker = try await BrokerUnderTest()
        let desk = AnswerDesk()
        try await write(1...20, to: broker)
        try await running([service(desk, on: broker), service(desk, on: broker, replica: "2")]) {
            try await eventually("20 are answered", within: .seconds(60)) {
                Set(try await answers(on: broker)).count == 20
            }
            try await write(21...40, to: broker)
            try await eventually("40 are answered", within: .seconds(60)) {
                Set(try await answers(on: broker)).count == 40
            }
        }
        await broker.close()
    }

    // MARK: - Given

    private func service(_ desk: AnswerDesk, on broker: BrokerUnderTest, replica: String = "1") -> AnsweringService {
        AnsweringService(
            Answering(
                group: "outsiders", source: TopicCatalogue.platformReports, target: TopicCatalogue.platformReceipts,
                answer: { try desk.answer($0) }),
            configuration: broker.configuration("report-intake", replica: replica), logger: Logger(label: "test"))
    }

    private func partition(of number: Int) -> Int32 {
        TopicCatalogue.platformReports.partition(forKey: "\(number % 10)")
    }

    private func write(
        _ numbers: ClosedRange<Int>, to broker: BrokerUnderTest, headers: [RecordHeader] = []
    )
        async throws
    {
        let records = numbers.map { number in
            OutgoingRecord(
                topic: TopicCatalogue.platformReports.name, partition: partition(of: number), key: nil,
                value: Data("\(number)".utf8), headers: headers)
        }
        try await KafkaProducer.withProducer(broker.settings) { try await $0.sendAll(records) }
    }

    private func answers(on broker: BrokerUnderTest) async throws -> [String] {
        try await broker.records(of: TopicCatalogue.platformReceipts).compactMap(\.value)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private func committed(on broker: BrokerUnderTest) async throws -> Int64 {
        try await KafkaConsumer.withConsumer(broker.settings, group: "outsiders") { consumer in
            let topic = TopicCatalogue.platformReports
            let partitions = (0..<topic.partitions).map { TopicPartition(topic: topic.name, partition: Int32($0)) }
            return try await consumer.committed(partitions).values.reduce(0) { $0 + $1.offset }
        }
    }
}

/// Answers each number with itself.
private final class AnswerDesk: Sendable {
    struct Crash: Error {}

    private struct State {
        var order: [Int32: [Int]] = [:]
        var asks: [Int: Int] = [:]
        var waitingAt: Int?
        var answersLeft: Int?
    }

    private let state: Mutex<State>

    init(waitingAt: Int? = nil, failingAfter answers: Int? = nil) {
        state = Mutex(State(waitingAt: waitingAt, answersLeft: answers))
    }

    var seen: Set<Int> { state.withLock { Set($0.order.values.flatMap { $0 }) } }

    func order(of partition: Int32) -> [Int] { state.withLock { $0.order[partition] ?? [] } }

    func asks(about number: Int) -> Int { state.withLock { $0.asks[number] ?? 0 } }

    func letPass() { state.withLock { $0.waitingAt = nil } }

    func answer(_ records: [ForeignRecord]) throws -> [Answered] {
        try state.withLock { state in
            var waiting: Set<Int32> = []
            return try records.map { record in
                let number = Int(String(decoding: record.value ?? Data(), as: UTF8.self)) ?? 0
                state.asks[number, default: 0] += 1
                if number == state.waitingAt {
                    waiting.insert(record.partition)
                    return .later(.milliseconds(20))
                }
                // An answer to what lies behind a record that waits must not go out before that one's.
                guard !waiting.contains(record.partition) else { return .now(key: "too early", value: Data()) }
                if let left = state.answersLeft {
                    state.answersLeft = left > 1 ? left - 1 : nil
                    if left == 1 { throw Crash() }
                }
                state.order[record.partition, default: []].append(number)
                return .now(key: "\(number % 10)", value: record.value ?? Data())
            }
        }
    }
}

/// The broker that a test goes on with.
private final class KeptBroker: Sendable {
    private let kept = Mutex<BrokerUnderTest?>(nil)

    var broker: BrokerUnderTest? { kept.withLock { $0 } }

    func set(_ broker: BrokerUnderTest) { kept.withLock { $0 = broker } }
}
