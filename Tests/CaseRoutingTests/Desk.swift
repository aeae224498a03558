import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

/// A store of case-routing with the sample city's pack, and what people do to it.
final class Desk: Sendable {
    let store: StoreUnderTest
    static let start = CitySample.monday.milliseconds

    init(partition: Int32 = 0, pack: Pack? = CitySample.pack()) async throws {
        store = try await StoreUnderTest(CaseRoutingProcessor(), partition: partition)
        if let pack { try await store.putInForce(pack, at: Self.start - 1_000) }
    }

    static func envelope(_ report: ReportSubmitted) -> Envelope<ReportSubmitted> {
        Envelope(
            report, id: MessageID(namespace: .suishoupai, name: "submitted|\(report.reportId)"),
            source: "/report-intake/1", time: report.submittedAt)
    }

    @discardableResult
    func register(_ report: ReportSubmitted, after milliseconds: Int64 = 0) async throws -> [StoreUnderTest.Message] {
        try await store.apply(
            RegisterReport(report: Self.envelope(report)), source: "/case-routing/translator",
            at: Self.start + milliseconds)
    }

    static func envelope(_ amendment: ReportAmended, _ name: String = "") -> Envelope<ReportAmended> {
        Envelope(
            amendment,
            id: MessageID(namespace: .suishoupai, name: "\(amendment.amendment) \(amendment.reportId) \(name)"),
            source: "/report-intake/1", time: amendment.submittedAt)
    }

    /// As the translator writes it, in the chain that the amendment began.
    @discardableResult
    func amend(
        _ amendment: ReportAmended, named name: String = "", after milliseconds: Int64 = 60_000
    ) async throws -> [StoreUnderTest.Message] {
        let amended = Self.envelope(amendment, name)
        let command = Envelope(
            AmendReport(amendment: amended), id: MessageID(namespace: amended.id, name: "case-routing|"),
            source: "/case-routing/translator", time: amended.time, cause: amended.attributes)
        return try await store.apply(value: try command.value(), at: Self.start + milliseconds)
    }

    @discardableResult
    func act(
        _ action: CaseAction, on caseId: CaseID, by actor: Actor = CitySample.boss, reason: String? = "现场情况",
        unitId: UnitID? = nil, handlerId: PersonID? = nil, agrees: Bool? = true, to target: CommunityID? = nil,
        category: CategoryCode? = nil,
        details: StepDetails? = nil, after milliseconds: Int64 = 0
    ) async throws -> [StoreUnderTest.Message] {
        try await store.apply(
            ActOnCase(
                caseId: caseId, communityId: CitySample.mingdu, action: action, actor: actor, reason: reason,
                unitId: unitId, handlerId: handlerId, agrees: agrees, toCommunityId: target, category: category,
                details: details),
            at: Self.start + milliseconds)
    }

    /// A timer of the case, as its owner would append it.
    @discardableResult
    func wake(
        _ caseId: CaseID, kind: String = "deadline", due: Timestamp, at moment: Timestamp
    ) async throws -> [StoreUnderTest.Message] {
        try await store.apply(
            TimerDue(timerId: "\(kind)|\(caseId)", kind: kind, about: caseId.rawValue, dueAt: due),
            source: "/case-routing/0", at: moment.milliseconds)
    }

    /// When the case's timer of a kind is due; nil where it has none.
    func timer(of caseId: CaseID, kind: String = "deadline") async throws -> Timestamp? {
        try await store.store.queue.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT dueAt FROM timer WHERE id = ?", arguments: ["\(kind)|\(caseId)"])
        }.map { Timestamp(milliseconds: $0) }
    }

    /// An alarm of the case, as its timer's owner would append it.
    @discardableResult
    func ring(_ alarm: Alarm, of caseId: CaseID, at moment: Timestamp) async throws -> [StoreUnderTest.Message] {
        try await store.apply(
            TimerDue(timerId: "\(alarm.name)|\(caseId)", kind: alarm.name, about: caseId.rawValue, dueAt: moment),
            source: "/case-routing/0", at: moment.milliseconds)
    }

    /// Every timer of the case, by its kind.
    func timers(of caseId: CaseID) async throws -> [String: Timestamp] {
        try await store.store.queue.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, kind, dueAt FROM timer WHERE about = ?", arguments: [caseId.rawValue])
            return rows.reduce(into: [:]) { timers, row in
                timers[row["kind"] as String] = Timestamp(milliseconds: row["dueAt"])
                #expect(row["id"] as String == "\(row["kind"] as String)|\(caseId)")
            }
        }
    }

    func rows(of table: String) async throws -> Int {
        try await store.store.queue.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }
    }
}

extension [StoreUnderTest.Message] {
    /// Of all but what follows from a state for everybody, which has tests of its own.
    var types: [String] { filter { $0.topic != TopicCatalogue.openCases.name }.map(\.attributes.type) }

    func state() throws -> CaseState {
        let message = try #require(last { $0.topic == TopicCatalogue.cases.name })
        return try message.read(CaseState.self)
    }

    func refusal() throws -> CommandRefused {
        try #require(last { $0.attributes.type == CommandRefused.type }).read(CommandRefused.self)
    }
}
