import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import EventProcessing

/// Stores of an earlier moment come back, and the log that they were made by is still there.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RestoredStoreTests {
    @Test func `stores put back read on from where they stood, and repeat word for word`() async throws {
        let hosts = try await HostsUnderTest()
        let backup = try TemporaryFolder()
        try await hosts.send(1...40)
        try await running([hosts.processor("a", takesSnapshots: false)]) {
            try await hosts.sendOne(41, "timer", community: "c1")
            try await eventually("the first reports are tallied, and a timer woke") {
                guard try hosts.tallied("a") == 41 else { return false }
                return try hosts.notes("a").count == 1
            }
            try await Self.copyStores(of: hosts, to: backup.url)
            try await hosts.sendOne(42, "timer", community: "c1")
            try await hosts.send(43...90)
            try await eventually("all reports are tallied, and both timers woke") {
                guard try hosts.tallied("a") == 90 else { return false }
                return try hosts.notes("a").count == 2
            }
            try await eventually("everything is said") { try await hosts.eventIDs().count == 90 }
        }
        let known = try await Self.contents(of: hosts)
        let said = try await hosts.broker.records(of: TopicCatalogue.caseEvents).count
        for store in try hosts.storeFiles("a") {
            try StoreCopy.replace(store, with: backup.url.appending(path: store.lastPathComponent))
        }
        #expect(try hosts.tallied("a") == 41, "they stand where they stood")

        try await running([hosts.processor("a", takesSnapshots: false)]) {
            try await eventually("they have caught up", within: .seconds(60)) {
                guard try hosts.tallied("a") == 90 else { return false }
                return try hosts.notes("a").count == 2
            }
            try await eventually("what came after the copies is said again", within: .seconds(30)) {
                try await hosts.broker.records(of: TopicCatalogue.caseEvents).count >= said + 49
            }
        }

        #expect(try await Self.contents(of: hosts) == known)
        try await hosts.expectOneVoice(events: 90)
        await hosts.close()
    }

    @Test func `an edge put back with its processors hears each answer once, and sends again what it owes`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        let backup = try TemporaryFolder()
        let edge = try EdgeUnderTest(broker)
        try await running(Self.services(edge, on: broker)) {
            try await edge.submit(1...30)
            try await eventually("the first reports are answered") { try await edge.unanswered() == 0 }
        }
        try edge.store.close()
        let after = try EdgeUnderTest(broker)
        try await after.submit(31...60)
        let files = try Self.stores(in: broker.data)
        let (cut, _) = try await StoreCut.take(of: files, until: .now + .seconds(4)) {}
        for (number, store) in cut.stores.enumerated() {
            try await store.copy(to: backup.url.appending(path: "\(number)"))
        }
        try cut.close()
        try await running(Self.services(after, on: broker)) {
            try await eventually("all reports are answered") { try await after.unanswered() == 0 }
        }
        try after.store.close()
        for (number, file) in files.enumerated() {
            try StoreCopy.replace(file, with: backup.url.appending(path: "\(number)"))
        }

        let restored = try EdgeUnderTest(broker)
        #expect(try await restored.unanswered() == 30, "it stands where it stood")
        try await running(Self.services(restored, on: broker)) {
            try await eventually("what it owes is answered", within: .seconds(60)) {
                try await restored.unanswered() == 0
            }
            try await restored.submit(61...70)
            try await eventually("so are new reports") { try await restored.unanswered() == 0 }
        }

        #expect(try await restored.answers() == 70)
        var known: [MessageID: Data] = [:]
        for value in try await broker.records(of: TopicCatalogue.caseEvents).compactMap(\.value) {
            let id = try MessageAttributes(value: value).id
            #expect(known[id, default: value] == value, "\(id) was said in two ways")
            known[id] = value
        }
        #expect(known.count == 70)
        await broker.close()
    }

    private static func services(_ edge: EdgeUnderTest, on broker: BrokerUnderTest) -> [any Service] {
        let processor = ProcessorService(
            TallyProcessor(), configuration: broker.configuration("case-routing"), logger: Logger(label: "processor"))
        return [edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor]
    }

    private static func stores(in data: URL) throws -> [URL] {
        try ["", "case-routing"].flatMap { name in
            let folder = data.appending(path: name)
            return try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
                .filter { $0.hasSuffix(".sqlite") }.sorted().map { folder.appending(path: $0) }
        }
    }

    private static func copyStores(of hosts: HostsUnderTest, to folder: URL) async throws {
        let (cut, _) = try await StoreCut.take(of: try hosts.storeFiles("a"), until: .now + .seconds(4)) {}
        for store in cut.stores { try await store.copy(to: folder.appending(path: store.url.lastPathComponent)) }
        try cut.close()
    }

    /// What a store knows, and all that it ever wanted to say.
    private struct Contents: Equatable {
        let digest: String
        let outputs: [Data]
    }

    private static func contents(of hosts: HostsUnderTest) async throws -> [Contents] {
        var contents: [Contents] = []
        for (partition, file) in try hosts.storeFiles("a").enumerated() {
            let store = try PartitionStore(
                TallyProcessor(), partition: Int32(partition), at: file, keepsAppliedRecords: true)
            contents.append(
                Contents(digest: try await store.digest(), outputs: try await store.allOutputs().map(\.value)))
            try await store.close()
        }
        return contents
    }
}
