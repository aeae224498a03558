import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import Testing

@testable import ReportIntake

extension IntakeUnderTest {
    var door: PlatformDoor { core.platformDoor(knowsKeys: { true }) }

    fileprivate func ask(_ records: [(Data?, [String: String])]) async throws -> [Answered] {
        try await door.answers(
            to: records.enumerated().map { offset, record in
                ForeignRecord(
                    log: "a log", partition: 2, offset: Int64(offset), value: record.0, headers: record.1)
            })
    }

    /// The receipts of records that are all signed as they ought to be.
    fileprivate func receipts(of values: Data...) async throws -> [PlatformReceipt] {
        try await ask(values.map { ($0, Platform.signed($0)) }).map { try $0.receipt().data }
    }
}

extension Answered {
    fileprivate func receipt() throws -> Envelope<PlatformReceipt> {
        guard case .now(_, let value) = self else { throw ContractError.malformed("it has to wait") }
        return try Envelope<PlatformReceipt>(value: value)
    }
}

@Test func `a platform's record becomes a report, under the platform's own id`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let value = Platform.event("order-1", ["traceparent": .string(trace), "more": 1], ["reporterId": "rider-7"])
        let answers = try await intake.ask([(value, Platform.signed(value))])

        let receipt = try #require(try answers.first?.receipt())
        let report = try #require(try intake.outbox().first)
        #expect(report.data.channel == "meituan" && report.data.reporterId == "rider-7")
        #expect(report.attributes.traceParent == trace)
        #expect(
            receipt.data
                == PlatformReceipt(
                    platform: "meituan", externalId: "order-1", partition: 2, offset: 0, status: .accepted,
                    reportId: report.data.reportId, communityId: "mingdu",
                    sealedFollow: receipt.data.sealedFollow))
        #expect(receipt.data.sealedFollow != nil)
        #expect(receipt.attributes.correlationID == report.id)
        guard case .now(let key, _) = answers[0] else { throw ContractError.malformed("it has to wait") }
        #expect(key == "meituan")
        // Through another door it is the same report.
        let again = try await client.report(
            .report(["externalId": "order-1", "reporterId": "rider-7"]), token: Platform.key)
        #expect(again.json["reportId"]?.string == report.data.reportId.rawValue)
        #expect(intake.metrics.text().contains(#"platform_reports_total{outcome="accepted",platform="meituan"} 1"#))
    }
}

@Test func `what is sent again is a duplicate of the first, another report under its id is not taken`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let other = Platform.event("order-1", [:], ["description": "别的事"])

        let receipts = try await intake.receipts(
            of: Platform.event("order-1"), Platform.event("order-1"), Platform.event("order-2"), other)
        let later = try await intake.receipts(of: Platform.event("order-1"))

        #expect(receipts.map(\.status) == [.accepted, .duplicate, .accepted, .rejected])
        #expect(receipts[1].reportId == receipts[0].reportId && receipts[1].reportId != receipts[2].reportId)
        #expect(receipts[3].errors?.map(\.field) == ["externalId"])
        #expect(receipts[3].retry == nil && receipts[3].reportId == nil)
        #expect(later.first?.status == .duplicate && later.first?.reportId == receipts[0].reportId)
        #expect(try intake.count("report") == 2)
    }
}

@Test func `every wrong field of a record is named, and the others are taken`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let wrong = Platform.event(
            "order 2", ["specversion": "0.3", "type": "report.submitted"],
            ["location": ["latitude": 99, "longitude": 0], "colour": "red"])
        let receipts = try await intake.receipts(
            of: Platform.event("order-1"), wrong, Platform.event("order-3", ["source": "/platforms/eleme"]),
            Data("[1]".utf8),
            Data("{}".utf8), Data("no json".utf8), Platform.event("order-4", ["data": "text"]),
            Platform.event("order-5", [:], ["externalId": "own-5", "identity": "nobody"]), Platform.event("order-6"))

        #expect(receipts.map(\.status) == [.accepted] + Array(repeating: .rejected, count: 7) + [.accepted])
        func fields(_ number: Int) -> Set<String> { Set(receipts[number].errors?.map(\.field) ?? []) }
        #expect(fields(1) == ["id", "specversion", "type", "location.latitude", "colour"])
        #expect(fields(2) == ["source"])
        #expect(receipts[2].errors?.first?.message == "must be '/platforms/meituan'")
        #expect(fields(3) == [""])
        #expect(fields(4) == ["id", "specversion", "type", "source", "data"])
        #expect(fields(5) == [""])
        #expect(fields(6) == ["data"])
        #expect(fields(7) == ["identity"])
        #expect(
            receipts.map(\.externalId) == ["order-1", nil, "order-3", nil, nil, nil, "order-4", "own-5", "order-6"])
        #expect(receipts.allSatisfy { $0.platform == "meituan" && $0.retry == nil })
        #expect(try intake.count("report") == 2)
        #expect(intake.metrics.text().contains(#"reports_rejected_total{door="kafka"} 7"#))
    }
}

@Test func `a record that nobody signed, or somebody else, says nothing of any platform and is not stored`()
    async throws
{
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let value = Platform.event("order-1")
        let good = Platform.signed(value)
        let answers = try await intake.ask([
            (value, [:]), (value, [HeaderName.platformSignature: "k-1"]),
            (value, Platform.signed(Platform.event("order-2"))),
            (value, Platform.signed(value, secret: PlatformKey.hash(of: "another"))),
            (value, Platform.signed(value, secret: Platform.key)),
            (value, Platform.signed(value, keyId: "k-9")), (value + Data(" ".utf8), good), (nil, good),
            (Data(repeating: 32, count: 65_537), good),
        ])

        let receipts = try answers.map { try $0.receipt().data }
        #expect(receipts.allSatisfy { $0.status == .rejected && $0.platform == nil && $0.externalId == nil })
        #expect(receipts.map(\.retry) == [nil, nil, nil, nil, nil, true, nil, nil, nil])
        #expect(
            receipts.map { $0.errors?.first?.field } == Array(repeating: "platform-signature", count: 7) + ["", ""])
        #expect(receipts.map(\.offset) == Array(0..<9))
        guard case .now(let receiver, _) = answers[0] else { throw ContractError.malformed("it has to wait") }
        #expect(receiver == "")
        #expect(try intake.count("report") == 0)
    }
}

@Test func `a key that was taken back signs nothing any more, one that ends later still does`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let noon = IntakeUnderTest.noon
        try await intake.read(
            [Platform.granted(), PlatformKeyRevoked(keyId: "k-1", from: noon.adding(milliseconds: 1))],
            into: PlatformKeys())
        #expect(try await intake.receipts(of: Platform.event("order-1")).map(\.status) == [.accepted])

        try await intake.read([PlatformKeyRevoked(keyId: "k-1", from: noon)], into: PlatformKeys())
        let receipt = try #require(try await intake.receipts(of: Platform.event("order-2")).first)
        #expect(receipt.status == .rejected && receipt.platform == nil && receipt.retry == nil)
        #expect(receipt.errors?.first?.message.contains("was taken back") == true)
    }
}

@Test func `the receipts of one record have one id, those of others have others`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let value = Platform.event("order-1")
        func ids(log: String, _ places: (Int32, Int64)...) async throws -> [MessageID] {
            try await intake.door.answers(
                to: places.map { partition, offset in
                    ForeignRecord(
                        log: log, partition: partition, offset: offset, value: value, headers: Platform.signed(value))
                }
            ).map { try $0.receipt().id }
        }

        let first = try await ids(log: "a", (0, 1), (1, 0), (0, 0), (1, 1))
        #expect(try await ids(log: "a", (0, 1), (1, 0), (0, 0), (1, 1)) == first)
        #expect(Set(first).count == 4)
        #expect(Set(try await ids(log: "b", (0, 1), (1, 0))).isDisjoint(with: first))
    }
}

// MARK: - While reports cannot be taken

@Test func `records wait until intake is open, and until it knows the keys`() async throws {
    let isOpen = KeptValue(false)
    try await IntakeUnderTest.run(isReady: { _ in isOpen.value }) { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let value = Platform.event("order-1")
        let record = ForeignRecord(log: "a log", partition: 0, offset: 0, value: value, headers: Platform.signed(value))
        #expect(try await intake.door.answers(to: [record]) == [.later(PlatformDoor.patience)])

        isOpen.set(true)
        let ignorant = intake.core.platformDoor(knowsKeys: { false })
        #expect(try await ignorant.answers(to: [record]) == [.later(PlatformDoor.patience)])
        #expect(try await intake.receipts(of: value).map(\.status) == [.accepted])
    }
}

@Test func `records wait while too many reports are unanswered`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 1)
    try await IntakeUnderTest.run(settings: settings) { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        #expect(try await intake.receipts(of: Platform.event("order-1")).map(\.status) == [.accepted])

        let value = Platform.event("order-2")
        #expect(try await intake.ask([(value, Platform.signed(value))]) == [.later(PlatformDoor.patience)])
        #expect(try intake.count("report") == 1)
    }
}

@Test func `while the store fails good records wait, and none is lost`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let records = ["order-1", "order-2"].map { Platform.event($0) }.map { (Optional($0), Platform.signed($0)) }
        try await intake.core.store.pool.write { db in
            try db.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        #expect(
            try await intake.ask(records) == [.later(PlatformDoor.patience), .later(PlatformDoor.patience)])

        try await intake.core.store.pool.write { db in try db.execute(sql: "DROP TRIGGER full") }
        #expect(try await intake.ask(records).map { try $0.receipt().data.status } == [.accepted, .accepted])
    }
}

@Test func `a platform that sends too fast is read more slowly, another in another partition is not`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([Platform.granted(perMinute: 6)], into: PlatformKeys())
        let values = (1...3).map { Platform.event("order-\($0)") }
        let records = values.enumerated().map { offset, value in
            ForeignRecord(log: "a", partition: 0, offset: Int64(offset), value: value, headers: Platform.signed(value))
        }
        func stranger(_ partition: Int32) -> ForeignRecord {
            ForeignRecord(log: "a", partition: partition, offset: 3, value: values[0])
        }
        let answers = try await intake.door.answers(to: records + [stranger(0), stranger(1)])

        #expect(try answers[0].receipt().data.status == .accepted)
        for answer in answers[1...3] {
            guard case .later(let pause) = answer else {
                Issue.record("it must wait")
                continue
            }
            #expect(pause > .seconds(5) && pause <= .seconds(10))
        }
        #expect(try answers[4].receipt().data.status == .rejected)
    }
}
