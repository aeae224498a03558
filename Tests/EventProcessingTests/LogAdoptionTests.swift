import Contracts
import Foundation
import Kafka
import ObjectStore
import TestSupport
import Testing

@testable import EventProcessing

/// What becomes of the machines of a log that was lost.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LogAdoptionTests {
    private static let partitions = Int32(TopicCatalogue.caseCommands.partitions)

    private func copy(_ applied: Int64, log: String) -> PartitionCopy {
        PartitionCopy(
            processor: "points", partition: 1, log: log, applied: applied,
            place: .file(URL(filePath: "/nowhere/\(log)-\(applied)")))
    }

    @Test func `the copy with most applied is chosen, whatever log it is of, and none beside one that went on`() {
        let choose = { AdoptionChoice.choose(among: $0, for: "new") }
        #expect(choose([]) == .missing)
        #expect(
            choose([copy(3, log: "old"), copy(9, log: "older"), copy(5, log: "old")]) == .adopt(copy(9, log: "older")))
        #expect(choose([copy(3, log: "old"), copy(3, log: "new")]) == .goesOn(copy(3, log: "new")))
        #expect(choose([copy(3, log: "old"), copy(7, log: "new")]) == .goesOn(copy(7, log: "new")))
        #expect(
            choose([copy(4, log: "old"), copy(3, log: "new")])
                == .tooLate(goesOn: copy(3, log: "new"), knowsMore: copy(4, log: "old")))
    }

    @Test func `hosts of a lost cluster wait, and go on from the best copies once somebody has chosen`() async throws {
        let lost = try await HostsUnderTest()
        try await lost.send(1...40)
        try await cuttingOff([lost.processor("a", everyRecords: 5, onCluster: true)]) {
            try await eventually("a has told everything") { try await lost.eventIDs().count == 40 }
        }
        let said = try await lost.events()
        let hosts = try await lost.afterLoss()
        let seen = Conditions()
        try await running([hosts.processor("b", onCluster: true, seen: seen)]) {
            try await eventually("b says what to do", within: .seconds(60)) {
                seen.texts.contains { $0.contains("suishoupai log adopt") }
            }
        }
        #expect(try hosts.storeFiles("b").isEmpty)

        let chosen = try await adopt(hosts, from: ["a", "b"])
        #expect(chosen.reduce(0) { $0 + $1.applied } == 40, "the files know more than the snapshots")

        // Who promised a command sends it again, since nobody answered on this log.
        try await hosts.send(1...60)
        try await running([hosts.processor("b", onCluster: true)]) {
            try await eventually("b has applied everything", within: .seconds(60)) { try hosts.tallied("b") == 60 }
            try await eventually("and told what is new") { try await hosts.eventIDs().count == 20 }
        }
        var known: [MessageID: Data] = [:]
        for value in try await said + hosts.events() {
            let id = try MessageAttributes(value: value).id
            #expect(known[id, default: value] == value, "\(id) was said in two ways")
            known[id] = value
        }
        #expect(known.count == 60)
        try await expectAnnounced(hosts)
        await hosts.close()
    }

    @Test func `a host whose copy was left out is not overwritten`() async throws {
        let lost = try await HostsUnderTest()
        try await lost.send(1...40)
        try await running([lost.processor("a", onCluster: true)]) {
            try await eventually("a has told everything") { try await lost.eventIDs().count == 40 }
        }
        try await lost.send(41...80)
        try await cuttingOff([lost.processor("a", onCluster: true)]) {
            try await eventually("a has applied more than its snapshots hold") { try lost.tallied("a") == 80 }
        }
        let hosts = try await lost.afterLoss()
        _ = try await adopt(hosts, from: [])
        let seen = Conditions()

        try await running([hosts.processor("a", onCluster: true, seen: seen)]) {
            try await eventually("the better copy is named", within: .seconds(60)) {
                seen.texts.contains { $0.contains("was left out when 'suishoupai log adopt' chose") }
            }
        }
        #expect(try hosts.tallied("a") == 80)
        await hosts.close()
    }

    @Test func `what a host offers is found by whoever chooses elsewhere`() async throws {
        let lost = try await HostsUnderTest()
        try await lost.send(1...20)
        try await cuttingOff([lost.processor("a", onCluster: true)]) {
            try await eventually("a has told everything") { try await lost.eventIDs().count == 20 }
        }
        let hosts = try await lost.afterLoss()
        let adoption = try self.adoption(hosts)
        for partition in 0..<Self.partitions {
            for copy in try await adoption.copies(of: "case-routing", partition, in: [hosts.data("a")]) {
                try await adoption.offer(copy)
            }
        }

        let chosen = try await adopt(hosts, from: [])

        #expect(chosen.reduce(0) { $0 + $1.applied } == 20)
        await hosts.close()
    }

    // MARK: - Parts

    private func adoption(_ hosts: HostsUnderTest) throws -> LogAdoption {
        let work = hosts.data("work")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        return LogAdoption(place: hosts.snapshotSettings.place, log: try hosts.log(), workFolder: work)
    }

    /// Adopts the best copies, as the command does.
    private func adopt(_ hosts: HostsUnderTest, from names: [String]) async throws -> [PartitionCopy] {
        let adoption = try adoption(hosts)
        var chosen: [PartitionCopy] = []
        for partition in 0..<Self.partitions {
            let copies = try await adoption.copies(of: "case-routing", partition, in: names.map(hosts.data))
            switch AdoptionChoice.choose(among: copies, for: try hosts.log()) {
            case .adopt(let copy):
                try await adoption.adopt(copy)
                chosen.append(copy)
            case .missing: try await adoption.beginEmpty("case-routing", partition)
            case .goesOn, .tooLate: Issue.record("nothing goes on in the new log yet")
            }
        }
        return chosen
    }

    /// Readers learn how far each stream went before.
    private func expectAnnounced(_ hosts: HostsUnderTest) async throws {
        let announced = try await hosts.broker.records(of: TopicCatalogue.control).compactMap(\.value)
            .filter { try MessageAttributes(value: $0).type == RowsAnnounced.type }
            .flatMap { try Envelope<RowsAnnounced>(value: $0).data.streams }
        #expect(announced.reduce(0) { $0 + $1.lastRow } == 40)
    }
}
