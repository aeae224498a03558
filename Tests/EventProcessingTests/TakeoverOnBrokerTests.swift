import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ObjectStore
import Synchronization
import TestSupport
import Testing

@testable import EventProcessing

/// Owners on different hosts: data folders of their own, one broker, one place for snapshots.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TakeoverOnBrokerTests {
    @Test func `another host goes on from a snapshot and the log, and repeats only what was said`() async throws {
        let hosts = try await HostsUnderTest()
        try await hosts.send(1...60)
        try await cuttingOff([hosts.processor("a", everyRecords: 5)]) {
            try await eventually("a has applied everything") { try hosts.tallied("a") == 60 }
            try await eventually("a snapshot lies on the shelf") { try await hosts.snapshots().count > 0 }
        }
        try await hosts.send(61...80)

        try await running([hosts.processor("b")]) {
            try await eventually("b has applied everything", within: .seconds(30)) { try hosts.tallied("b") == 80 }
        }

        #expect(try hosts.tallied("a") == 60, "a is cut off")
        try await hosts.expectOneVoice(events: 80)
        await hosts.close()
    }

    @Test func `a damaged snapshot is passed over for the one before`() async throws {
        let hosts = try await HostsUnderTest()
        for number in 1...3 {
            try await running([hosts.processor("a")]) {
                try await hosts.send(number * 10...number * 10 + 9)
                try await eventually("the reports are tallied") { try hosts.tallied("a") == number * 10 }
            }
        }
        for name in try await hosts.newestSnapshots() {
            try await hosts.snapshotSettings.place.put(Data("damaged".utf8), as: name.key)
        }

        try await running([hosts.processor("b")]) {
            try await eventually("b has applied everything", within: .seconds(30)) { try hosts.tallied("b") == 30 }
        }

        try await hosts.expectOneVoice(events: 30)
        await hosts.close()
    }

    @Test func `without a copy, and with a log that has lost its beginning, a partition is refused with the reason`()
        async throws
    {
        let hosts = try await HostsUnderTest()
        try await hosts.send(1...1)
        try await cuttingOff([hosts.processor("a", takesSnapshots: false)]) {
            try await eventually("a has applied the report") { try hosts.tallied("a") == 1 }
        }
        try await hosts.overflow()
        let seen = Conditions()

        try await running([hosts.processor("b", takesSnapshots: false, seen: seen)]) {
            try await eventually("the refusal is said", within: .seconds(30)) {
                seen.texts.contains { $0.contains("the log begins at") && $0.contains("bring a newer copy") }
            }
        }
        #expect(try hosts.tallied("b") == 0)
        await hosts.close()
    }

    @Test func `a store that SQLite finds damaged is set aside, and a snapshot takes its place`() async throws {
        let hosts = try await HostsUnderTest()
        try await running([hosts.processor("a")]) {
            try await hosts.send(1...40)
            try await eventually("the reports are tallied") { try hosts.tallied("a") == 40 }
        }
        let stores = try hosts.storeFiles("a")
        for store in stores {
            var bytes = try Data(contentsOf: store)
            for index in 0..<4_096 { bytes[index] = 0x5A }
            try bytes.write(to: store)
        }

        try await running([hosts.processor("a")]) {
            try await hosts.send(41...50)
            try await eventually("the reports are tallied", within: .seconds(30)) { try hosts.tallied("a") == 50 }
        }
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: stores[0].deletingLastPathComponent().path(percentEncoded: false))
        #expect(kept.filter { $0.contains(".damaged-") }.count >= stores.count, "\(kept)")
        try await hosts.expectOneVoice(events: 50)
        await hosts.close()
    }

    @Test func `a new logic comes in while hosts take over from one another, and nothing is contradicted`() async throws
    {
        let hosts = try await HostsUnderTest()
        try await hosts.send(1...30)
        try await cuttingOff([hosts.processor("old", everyRecords: 3)]) {
            try await eventually("the old program has applied something") { try hosts.tallied("old") >= 30 }
        }
        try await hosts.send(31...60)
        try await cuttingOff([hosts.processor("new", logic: 2, everyRecords: 3)]) {
            try await eventually("the new logic is in force", within: .seconds(30)) {
                try hosts.logics("new").contains(2)
            }
            try await hosts.send(61...70)
        }

        try await running([hosts.processor("newer", logic: 2)]) {
            try await hosts.send(71...90)
            try await eventually("everything is applied", within: .seconds(30)) {
                try await hosts.eventIDs().count >= 90
            }
        }

        try await hosts.expectOneVoice(events: 90)
        await hosts.close()
    }

    @Test func `a record stamped a year ahead holds up its own partition, until an operator skips it`() async throws {
        let hosts = try await HostsUnderTest()
        let seen = Conditions()
        let early = try await hosts.sendFromTheFuture(1, community: "c1")
        let other = HostsUnderTest.community(otherThan: "c1")

        try await running([hosts.processor("a", seen: seen)]) {
            try await eventually("it is said", within: .seconds(30)) {
                seen.texts.contains { $0.contains("ahead of this machine's clock") }
            }
            try await hosts.send(2...2, community: other)
            try await hosts.send(3...3, community: "c1")
            try await eventually("the other partition goes on") { try hosts.tallied("a") == 1 }
            try await hosts.skip(early)
            try await eventually("the partition goes on behind it", within: .seconds(30)) {
                try hosts.tallied("a") == 2
            }
        }
        #expect(try hosts.clocks("a").allSatisfy { $0 < Timestamp.now.milliseconds + 60_000 })
        await hosts.close()
    }
}

/// What processors have said of themselves.
final class Conditions: Sendable {
    private let said: Mutex<[String]> = Mutex([])

    var texts: [String] { said.withLock { $0 } }

    var signals: RuntimeSignals {
        RuntimeSignals(condition: { [self] _, detail in
            if let detail { said.withLock { $0.append(detail) } }
        })
    }
}
