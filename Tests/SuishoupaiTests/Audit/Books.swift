import Contracts
import EventProcessing
import Foundation
import GRDB
import Notifications
import Points
import TestSupport
import Testing

@testable import CaseRouting
@testable import ReportIntake
@testable import Suishoupai

/// The stores of a small deployment, made by the programs that own them, in order until a test spoils them.
///
/// Three reports, two cases, one of them brought to its end, and everybody told and paid.
final class Books: Sendable {
    let folder: TemporaryFolder
    static let reports = (1...3).map { MessageID(namespace: .suishoupai, name: "report \($0)") }

    var data: DataFolder { DataFolder(folder.url.path) }

    init() async throws {
        folder = try TemporaryFolder()
        let routing = try await Owner(CaseRoutingProcessor(), in: folder.url)
        let points = try await Owner(PointsProcessor(), in: folder.url)
        let notifications = try await Owner(NotificationsProcessor(), in: folder.url)
        for owner in [routing, points, notifications] { try await owner.putInForce(Self.pack) }
        try writeIntake()
        try writePortal()

        try await routing.apply(Self.registrations())
        let caseId = try #require(try await routing.said(CaseOpened.self).first).caseId
        try await routing.apply(try Self.steps(of: caseId))
        let ledger = try await Self.translated(routing.events(), by: .cases, as: points.processor)
        try await points.apply(ledger)
        for events in [try await routing.events(), try await points.events()] {
            try await notifications.apply(try Self.translated(events, by: .notifications, as: notifications.processor))
        }
        for owner in [routing, points, notifications] { try await owner.close() }
    }

    /// What the laws say of the stores as they stand.
    func audit() throws -> [AuditFinding] {
        let shelf = try StoreShelf(data)
        return try AuditLaws(shelf: shelf, letters: LetterContents.listed(shelf)).check()
    }

    /// Changes a store behind its owner's back, past every constraint.
    func spoil(_ store: String, _ sql: String, _ arguments: StatementArguments = []) throws {
        try open(store).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try db.execute(sql: sql, arguments: arguments)
        }
    }

    /// Rewrites the text of one published message.
    func spoil(_ store: String, type: String, _ change: (String) -> String) throws {
        try open(store).write { db in
            let row = try #require(
                try Row.fetchOne(
                    db, sql: "SELECT number, value FROM outbox WHERE INSTR(value, ?) > 0 ORDER BY number",
                    arguments: [Data("\"type\":\"\(type)\"".utf8)]))
            let value: Data = row["value"]
            let text = change(String(decoding: value, as: UTF8.self))
            try db.execute(
                sql: "UPDATE outbox SET value = ? WHERE number = ?",
                arguments: [Data(text.utf8), row["number"] as Int])
        }
    }

    /// Applies further records to a store.
    func apply(_ values: [Data], to processor: any Processor, partition: Int32 = 0) async throws {
        let owner = try await Owner(processor, partition: partition, in: folder.url)
        try await owner.apply(values)
        try await owner.close()
    }

    private func open(_ store: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        return try DatabaseQueue(path: folder.url.appending(path: "\(store).sqlite").path, configuration: configuration)
    }

    // MARK: - What happened

    private static let pack: Pack = {
        let city = CitySample.pack()
        return Pack(
            name: city.name, title: city.title, version: city.version, calendar: city.calendar,
            communities: city.communities, units: city.units, people: city.people, categories: city.categories,
            routingRules: city.routingRules,
            pointRules: [PackPointRule(id: "P1", name: "随手拍", categories: [], kind: nil, points: 10)],
            templates: ["case.opened", "case.filed", "case.closed", "points.released"].map {
                PackTemplate(event: $0, role: .reporter, title: "{caseNumber}", body: "")
            }, webhooks: [], mergeDistance: city.mergeDistance,
            points: PackPoints {
                $0.caps = PackPointCaps { $0.personDay = 50 }
                $0.releaseDays = 0
                $0.supporterShare = 0
                $0.funders = [
                    PackFunder(
                        id: "street", name: "街道", ledgerId: "gaoxin", line: 1_000_000,
                        budgets: [PackFunder.Budget(from: "2026-01-01", points: 1_000_000)])
                ]
            })
    }()

    private static func submissions() -> [ReportSubmitted] {
        zip(reports, [0, 100, 90_000]).map { id, north in
            CitySample.report(
                ReportID(id.description), from: PersonID("rider-\(north)"), at: CitySample.townHall.north(north))
        }
    }

    static func registrations() throws -> [Data] {
        try zip(reports, submissions()).map { id, submission in
            let report = Envelope(submission, id: id, source: "/report-intake/1", time: submission.submittedAt)
            return try Envelope(
                RegisterReport(report: report), id: MessageID(namespace: id, name: "case-routing|"),
                source: "/case-routing/translator", time: submission.submittedAt, cause: report.attributes
            ).value()
        }
    }

    /// The reporter of the third report takes it back, by the logic that knows of that.
    static func withdrawal() throws -> [Data] {
        let amendment = ReportAmended(
            reportId: ReportID(reports[2].description), communityId: CitySample.mingdu, amendment: .withdrawn,
            text: nil, address: nil, photos: nil, externalStatus: nil, actorId: submissions()[2].reporterId,
            submittedAt: CitySample.monday)
        let amended = Envelope(
            amendment, id: MessageID(namespace: .suishoupai, name: "withdrawal"), source: "/report-intake/1",
            time: CitySample.monday)
        let mark = LogicActivated(processor: "case-routing", logic: CaseRoutingProcessor().logic)
        return [
            try Envelope(mark, id: .random(), source: "/case-routing/0", time: CitySample.monday).value(),
            try Envelope(
                AmendReport(amendment: amended), id: .random(), source: "/case-routing/translator",
                time: CitySample.monday, cause: amended.attributes
            ).value(),
        ]
    }

    /// Its cases with their reports, the one that is still open last.
    func cases() async throws -> [(id: CaseID, reports: [ReportID])] {
        let states = try await open("case-routing/0").read { db in
            try Data.fetchAll(db, sql: "SELECT value FROM outbox WHERE topic = 'cases.v1' ORDER BY number")
        }.map { try Envelope<CaseState>(value: $0).data }
        let latest = Dictionary(states.map { ($0.caseId, $0) }) { $1 }.values
        return latest.sorted { $0.caseNumber < $1.caseNumber }.map { ($0.caseId, $0.reportIds) }
    }

    /// A dispatcher puts two cases together, or takes them apart.
    static func act(
        _ action: CaseAction, on id: CaseID, other: CaseID? = nil, reports: [ReportID]? = nil
    ) throws -> Data {
        let details = StepDetails {
            $0.otherCaseId = other
            $0.reportIds = reports
        }
        return try Envelope(
            ActOnCase(
                caseId: id, communityId: CitySample.mingdu, action: action, actor: CitySample.desk, reason: "同一处",
                details: details),
            id: .random(), source: "/portal/1", time: CitySample.monday
        ).value()
    }

    private static func steps(of caseId: CaseID) throws -> [Data] {
        let steps: [(CaseAction, Actor)] = [
            (.file, CitySample.desk), (.dispatch, CitySample.desk), (.handle, CitySample.actor("worker-a", "worker")),
            (.verify, CitySample.checker),
        ]
        return try steps.map { action, actor in
            try Envelope(
                ActOnCase(
                    caseId: caseId, communityId: CitySample.mingdu, action: action, actor: actor,
                    reason: "现场", agrees: action == .verify ? true : nil),
                id: .random(), source: "/portal/1", time: CitySample.monday
            ).value()
        }
    }

    private static func translated(
        _ events: [Data], by translator: Translator, as processor: any Processor
    ) throws -> [Data] {
        try events.flatMap { value in
            let attributes = try MessageAttributes(value: value)
            do {
                return try translator.translate(SourceRecord(attributes: attributes, value: value, topic: "")).map {
                    try $0.envelopeValue(translator: processor.name, cause: attributes)
                }
            } catch ContractError.unknownType {
                return []
            }
        }
    }

    private func writeIntake() throws {
        let intake = try IntakeStore(dataFolder: folder.url, replica: "1")
        try intake.pool.write { db in
            for (id, submission) in zip(Self.reports, Self.submissions()) {
                try db.execute(
                    sql: """
                        INSERT INTO report (id, communityId, kind, description, latitudeE7, longitudeE7, submittedAt,
                            reporterId, senderId) VALUES (?, ?, 'snapshot', 'x', 0, 0, 0, 'r', 'r')
                        """, arguments: [id.data, submission.communityId.rawValue])
                try Self.write(id, to: TopicCatalogue.reports, in: db)
            }
        }
        try intake.pool.close()
    }

    private func writePortal() throws {
        let url = folder.url.appending(path: "portal/1.sqlite")
        let portal = try StoreFile.open(url) { EdgeOutbox.migrate(&$0) }
        try portal.write { db in try Self.write(.random(), to: TopicCatalogue.caseCommands, in: db) }
        try portal.close()
    }

    private static func write(_ id: MessageID, to topic: Topic, in db: Database) throws {
        try EdgeOutbox().append(
            id: id, topic: topic, key: "mingdu", value: Data(), at: CitySample.monday, in: db)
        try EdgeOutbox().markAnswered(id, at: CitySample.monday, in: db)
    }
}

/// A partition's store with a log of its own.
private struct Owner {
    let processor: any Processor
    let store: PartitionStore

    init(_ processor: any Processor, partition: Int32 = 0, in folder: URL) async throws {
        self.processor = processor
        store = try PartitionStore(
            processor, partition: partition,
            at: PartitionStore.url(dataFolder: folder, processor: processor.name, partition: partition),
            keepsAppliedRecords: true)
        _ = try await store.enter(log: "log")
    }

    func putInForce(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        for part in parts {
            try await apply([Envelope(part, id: .random(), source: "/suishoupai", time: .now).value()])
        }
        try await apply([Envelope(activation, id: .random(), source: "/suishoupai", time: .now).value()])
    }

    func apply(_ values: [Data]) async throws {
        let offset = await store.position.offset
        _ = try await store.apply(
            values.enumerated().map { index, value in
                InputRecord(log: "log", offset: offset + Int64(index), stamp: CitySample.monday, value: value)
            })
    }

    /// What it said on its event topic.
    func events() async throws -> [Data] {
        try await store.allOutputs().filter { $0.topic == processor.eventTopic.name }.map(\.value)
    }

    func said<P: Message>(_ type: P.Type) async throws -> [P] {
        try await events().filter { try MessageAttributes(value: $0).type == P.type }.map {
            try Envelope<P>(value: $0).data
        }
    }

    /// Closes the store with everything published.
    func close() async throws {
        try await store.close()
        try await DatabaseQueue(path: store.queue.path).write { db in
            try db.execute(sql: "UPDATE localInput SET published = (SELECT COALESCE(MAX(number), 0) FROM outbox)")
        }
    }
}
