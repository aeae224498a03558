import Contracts
import Foundation
import GRDB
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
