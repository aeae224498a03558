import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import TestSupport
import Testing

@testable import EventProcessing

@Suite(.serialized, .timeLimit(.minutes(3))) struct RepublishingTests {
    @Test func `the window of a stream is found by the times of its rows`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        for number in 1...20 {
            try await subject.apply(RegisterReport.sample(number), id: .sample(number), at: Int64(number / 2) * 1_000)
        }
        let topic = TopicCatalogue.caseEvents.name
        func rows(_ from: Int64?, _ to: Int64?) async throws -> [Int64] {
            try await subject.store.window(
                topic: topic, from: from.map(Timestamp.init(milliseconds:)),
                to: to.map(Timestamp.init(milliseconds:)), onlyLast: false)
        }

        #expect(try await rows(nil, nil) == [], "nothing was published yet")
        await subject.store.markPublished(upTo: 15)
        #expect(try await rows(nil, nil) == Array(1...15))
        #expect(try await rows(3_000, 5_000) == [6, 7, 8, 9])
        #expect(try await rows(2_999, 3_001) == [6, 7])
        #expect(try await rows(nil, 1_000) == [1])
        #expect(try await rows(7_001, nil) == [])
        #expect(try await rows(9_000, 8_000) == [])
        let pieces = try await subject.store.rows(topic: topic, numbered: [3, 9, 14], bytes: 1)
        #expect(pieces.map(\.row) == [3], "one at least, and no more than fits")
    }

    @Test func `what an operator asks for is published once more, word for word, and nothing else`() async throws {
        let hosts = try await HostsUnderTest()
        try await running([hosts.processor("a")]) {
            try await hosts.send(1...30)
            try await eventually("the reports are told") { try await hosts.eventIDs().count == 30 }
            let all = try await hosts.ask(ReplayAsked(topic: TopicCatalogue.caseEvents.name))
            let none = try await hosts.ask(
                ReplayAsked(topic: TopicCatalogue.caseEvents.name, from: Timestamp.now.adding(milliseconds: 60_000)))

            try await eventually("every partition has answered both") {
                try await [hosts.ended(all), hosts.ended(none)].map(\.count) == [4, 4]
            }
            #expect(try await hosts.ended(all).reduce(0) { $0 + $1.records } == 30)
            #expect(try await hosts.ended(none).reduce(0) { $0 + $1.records } == 0)
        }

        #expect(try await hosts.broker.records(of: TopicCatalogue.caseEvents).count == 60)
        try await hosts.expectOneVoice(events: 30)
        await hosts.close()
    }

    @Test func `of states only the last of each key is published once more`() async throws {
        let hosts = try await HostsUnderTest()
        try await running([hosts.processor("a")]) {
            try await hosts.sendStates(1...12)
            try await eventually("the states are told") { try await hosts.states().count == 12 }
            let ask = try await hosts.ask(ReplayAsked(topic: TopicCatalogue.cases.name, onlyLast: true))
            try await eventually("every partition has answered") { try await hosts.ended(ask).count == 4 }
        }

        let states = try await hosts.states()
        #expect(states.count == 15, "three keys")
        #expect(Set(states.suffix(3).map(\.value)).isSubset(of: states.prefix(12).map(\.value)))
        await hosts.close()
    }

    @Test func `where the broker compacts, the states of two days are published once more each day`() async throws {
        let hosts = try await HostsUnderTest()
        func day(_ days: Double) -> @Sendable () -> Timestamp {
            { Timestamp.now.adding(milliseconds: Int64(days * 86_400_000)) }
        }
        try await running([hosts.processor("a", onCluster: true)]) {
            try await hosts.sendStates(1...6)
            try await eventually("the states are told") { try await hosts.states().count == 6 }
            try await eventually("the day is noted") { try hosts.daysNoted("a") == 3 }
        }
        try await running([hosts.processor("a", onCluster: true, now: day(1.1))]) {
            try await eventually("each key's last state is told once more") { try await hosts.states().count == 9 }
        }
        try await running([hosts.processor("a", onCluster: true, now: day(1.9))]) {
            try await hosts.send(7...9)
            try await eventually("the owner goes on") { try hosts.tallied("a") == 9 }
        }
        #expect(try await hosts.states().count == 9, "not again on the same day")
        try await running([hosts.processor("a", onCluster: true, now: day(4))]) {
            try await hosts.send(10...12)
            try await eventually("the owner goes on") { try hosts.tallied("a") == 12 }
        }
        #expect(try await hosts.states().count == 9, "states of long ago stay as they are")
        await hosts.close()
    }

    @Test func `a state with a low row is read where only compaction can have taken the rows before`() throws {
        let folder = try TemporaryFolder()
        let settings = KafkaSettings(bootstrapServers: "nowhere:1", clientID: "test")
        let configuration = RuntimeConfiguration(
            service: "portal", dataFolder: folder.url, broker: .settings(settings), replica: "1",
            keepsAppliedRecords: false)
        let value = try Envelope(
            CommandApplied(commandId: .sample(1), commandType: "x"), id: .sample(2), source: "/test", time: .now
        ).value()
        func read(_ rows: [Int64], of topic: Topic, isEmbedded: Bool) throws -> Int {
            let session = BrokerSession(settings: settings, log: "log", isEmbedded: isEmbedded, isFirst: true)
            var pass = ProjectionPass(session: session, configuration: configuration, tracker: StreamTracker())
            let records = rows.enumerated().map { index, row in
                KafkaRecord(
                    topic: topic.name, partition: 0, offset: Int64(index), key: nil, value: value,
                    headers: [
                        RecordHeader(name: HeaderName.source, text: "case-routing/0"),
                        RecordHeader(name: HeaderName.row, text: String(row)),
                    ], timestamp: 1)
            }
            return try pass.admit(records).records.count
        }

        #expect(try read([5, 3], of: TopicCatalogue.cases, isEmbedded: false) == 2)
        #expect(try read([1, 2, 2], of: TopicCatalogue.cases, isEmbedded: true) == 2)
        #expect(try read([1, 2, 2, 5], of: TopicCatalogue.caseEvents, isEmbedded: false) == 2)
    }
}

extension HostsUnderTest {
    /// Reports of three communities, each of which gives a state under its community's key.
    fileprivate func sendStates(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers { try await sendOne(number, "state", community: CommunityID("c\(number % 3)")) }
    }

    fileprivate func states() async throws -> [KafkaRecord] {
        try await broker.records(of: TopicCatalogue.cases).sorted { $0.timestamp < $1.timestamp }
    }

    fileprivate func ask(_ ask: ReplayAsked) async throws -> MessageID {
        let id = MessageID.random()
        try await broker.send(ask, to: TopicCatalogue.control, key: ask.subject, id: id)
        return id
    }

    fileprivate func ended(_ ask: MessageID) async throws -> [ReplayEnded] {
        try await broker.records(of: TopicCatalogue.control).compactMap(\.value).compactMap { value in
            guard try MessageAttributes(value: value).type == ReplayEnded.type else { return nil }
            let answer = try Envelope<ReplayEnded>(value: value).data
            return answer.askId == ask ? answer : nil
        }
    }
}
