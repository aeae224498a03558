import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport

extension Pack {
    /// Tasks that earn, an objection window of one day, low thresholds, and a budget that a test can use up.
    static func fair(budget: Int = 100_000, expiryMonths: Int? = nil) -> Pack {
        Pack(
            name: "fair", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [], people: [], categories: [], routingRules: [],
            pointRules: [PackPointRule(id: "filed", name: "立案", categories: [], kind: nil, points: 10)],
            templates: [], webhooks: [], mergeDistance: 3_000,
            points: PackPoints {
                $0.funders = [
                    PackFunder(
                        id: "street", name: "街道", ledgerId: "nanchang", line: 1_000_000,
                        budgets: [PackFunder.Budget(from: "2026-01-01", points: budget)])
                ]
                $0.tasks = [PackTask(id: "night-patrol", name: "夜间巡查", pointsPerHour: 5, mostMinutes: 240)]
                $0.releaseDays = 0
                $0.expiryMonths = expiryMonths
                $0.objectionDays = 1
                $0.signals = PackSignals {
                    $0.burst = 3
                    $0.samePlace = 3
                    $0.ring = 1
                }
            })
    }
}

/// A ledger on a store of its own, with a clock that a test moves.
final class FairnessBench {
    static let minute: Int64 = 60_000
    static let day: Int64 = 86_400_000
    static let desk = Actor(personId: "desk", roles: ["dispatcher"])
    static let admin = Actor(personId: "admin-1", roles: ["admin"])

    let store: StoreUnderTest
    private(set) var now = Timestamp.morning
    private var commands = 0

    init(_ pack: Pack = .fair()) async throws {
        store = try await StoreUnderTest(PointsProcessor())
        // Under ids that are the same in every run.
        let (parts, activation) = try PackTransport.messages(for: pack)
        for part in parts { try await give(part) }
        try await give(activation)
    }

    func wait(_ milliseconds: Int64) { now = now.adding(milliseconds: milliseconds) }

    /// What came of a command, in the words of its outcome: `applied`, a refusal's code, or `failed`.
    @discardableResult
    func give(_ payload: some Payload) async throws -> (outcome: String, said: [StoreUnderTest.Message]) {
        commands += 1
        let said = try await store.apply(payload, id: .named("command-\(commands)"), at: now.milliseconds)
        let refused = try said.first { $0.attributes.type == CommandRefused.type }?.read(CommandRefused.self)
        let failed = said.contains { $0.attributes.type == CommandFailed.type || $0.topic.contains("dead-letters") }
        return (failed ? "failed" : refused?.code ?? "applied", said)
    }

    func observe(_ event: Envelope<CaseEvent>) async throws -> [StoreUnderTest.Message] {
        try await give(ObserveCase(event: event)).said
    }

    /// Files a case of a rider, and closes it where asked.
    func earn(_ caseId: CaseID, by rider: PersonID, closing: Bool = true) async throws {
        _ = try await observe(.step(.filed, of: caseId, reporter: rider, at: now, id: 1))
        if closing { _ = try await observe(.step(.closed, of: caseId, reporter: rider, at: now, id: 2)) }
    }

    /// Fires every timer that is due.
    @discardableResult
    func wake() async throws -> [StoreUnderTest.Message] {
        let due = try await store.store.queue.read { [now] db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM timer WHERE dueAt <= ? ORDER BY dueAt, id", arguments: [now.milliseconds]
            ).map {
                TimerDue(
                    timerId: $0["id"], kind: $0["kind"], about: $0["about"],
                    dueAt: Timestamp(milliseconds: $0["dueAt"]))
            }
        }
        var said: [StoreUnderTest.Message] = []
        for timer in due { said += try await give(timer).said }
        return said
    }

    func balance(_ account: AccountID) async throws -> Int {
        try await store.store.queue.read { db in
            try Int.fetchOne(db, sql: "SELECT balance FROM account WHERE id = ?", arguments: [account.rawValue]) ?? 0
        }
    }

    func available(_ person: PersonID) async throws -> Int {
        try await balance(AccountID("available:nanchang:\(person)"))
    }

    func all<P: Payload>(_ type: P.Type, where isWanted: (String) -> Bool) async throws -> [P] {
        try await store.messages().filter {
            $0.topic == TopicCatalogue.pointsEvents.name && isWanted($0.attributes.type)
        }.map { try $0.read(type) }
    }

    func moved() async throws -> [PointsMoved] {
        try await all(PointsMoved.self) { PointsMoved.Step(rawValue: $0) != nil }
    }

    func notices() async throws -> [NoticeChanged] {
        try await all(NoticeChanged.self) { NoticeChanged.Step(rawValue: $0) != nil }
    }

    func signals() async throws -> [SignalRaised] { try await all(SignalRaised.self) { $0 == SignalRaised.type } }

    func hours() async throws -> [HoursRecorded] { try await all(HoursRecorded.self) { $0 == HoursRecorded.type } }
}

extension FairnessBench {
    func hours(
        _ id: HoursRecordID, of person: PersonID = "rider-1", minutes: Int = 120, at servedAt: Timestamp? = nil,
        reverses: HoursRecordID? = nil, by actor: Actor = desk
    ) -> RecordHours {
        RecordHours(
            recordId: id, ledgerId: "nanchang", personId: person, taskId: "night-patrol", minutes: minutes,
            servedAt: servedAt ?? Timestamp.morning.adding(milliseconds: -Self.day), reverses: reverses,
            reason: reverses == nil ? nil : "登记重复", actor: actor)
    }

    func notice(
        _ id: NoticeID = "notice-1", about transfers: TransferID..., to person: PersonID = "rider-1",
        signal: SignalID? = nil, by actor: Actor = desk
    ) -> GiveNotice {
        GiveNotice(
            noticeId: id, ledgerId: "nanchang", personId: person, transferIds: transfers, reason: "照片重复",
            signalId: signal, actor: actor)
    }

    func answer(
        _ answer: AnswerNotice.Answer, _ id: NoticeID = "notice-1", by actor: Actor = admin, reason: String = "看过了"
    ) -> AnswerNotice {
        AnswerNotice(noticeId: id, ledgerId: "nanchang", answer: answer, reason: reason, actor: actor)
    }

    /// Gives points at once, and names the transfer.
    func award(_ points: Int, to person: PersonID = "rider-1", as id: TransferID) async throws -> TransferID {
        let outcome = try await give(
            MovePoints(
                transferId: id, ledgerId: "nanchang", from: "issued:nanchang",
                to: AccountID("available:nanchang:\(person)"),
                points: points, reason: "表扬", actor: Self.admin)
        ).outcome
        guard outcome == "applied" else { throw BenchError.refused(outcome) }
        return id
    }

    /// Spends points, as far as the ledger is concerned: they go to another.
    func spend(_ points: Int, of person: PersonID = "rider-1", as id: TransferID) async throws -> String {
        try await give(
            MovePoints(
                transferId: id, ledgerId: "nanchang", from: AccountID("available:nanchang:\(person)"),
                to: "available:nanchang:shop", points: points, reason: "兑换", actor: Self.admin)
        ).outcome
    }
}

enum BenchError: Error {
    case refused(String)
}
