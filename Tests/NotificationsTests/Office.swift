import Contracts
import EventProcessing
import Foundation
import GRDB
import Notifications
import NotificationsDomain
import TestSupport

/// A store of notifications that is told things one by one, at moments of the test's choice.
struct Office {
    /// A row of what is planned for the edge.
    struct Sending: Equatable {
        let id: DeliveryID
        let lane: String
        let state: String
        let attempt: Int
        let notBefore: Timestamp
        let notAfter: Timestamp?
        /// Nil for the erasure of a key, and for what was forgotten.
        let message: OutsideMessage?

        var isOpen: Bool { state == "planned" || state == "started" }
        var events: [MessageID] { message.map { $0.mergedEventIds + [$0.aboutEventId] } ?? [] }
    }

    private let folder: TemporaryFolder
    private let store: PartitionStore
    private(set) var clock = Timestamp.morning
    private var offset: Int64 = 0

    /// At a quarter past eight in the morning.
    ///
    /// - Parameter logic: By which it decides.
    init(pack: Pack, logic: Int = NotificationsProcessor().logic) async throws {
        folder = try TemporaryFolder()
        store = try PartitionStore(
            NotificationsProcessor(), partition: 0, at: folder.url.appending(path: "0.sqlite"),
            keepsAppliedRecords: false)
        _ = try await store.enter(log: "log-1")
        for value in try Log.pack(pack, logic: logic) { try await apply(value) }
    }

    func close() async throws { try await store.close() }

    // MARK: - Telling it things

    mutating func wait(minutes: Int64) { clock = clock.adding(milliseconds: minutes * 60_000) }

    /// Goes on to the next time that the clock in Nanchang shows this, such as 22:00.
    mutating func wait(until hour: Int64, _ minute: Int64 = 0) {
        let day: Int64 = 86_400_000
        let local = (clock.milliseconds + 8 * 3_600_000) % day
        let wanted = (hour * 60 + minute) * 60_000
        clock = clock.adding(milliseconds: wanted > local ? wanted - local : wanted + day - local)
    }

    mutating func say(_ payload: some Payload) async throws {
        try await apply(
            Envelope(payload, id: .named("command-\(offset)"), source: "/portal/1", time: clock).value())
    }

    /// Fires what is due, as an owner does; timers that come of it, too.
    mutating func wake() async throws {
        while let timer = try await dueTimer() { try await say(timer) }
    }

    private mutating func apply(_ value: Data) async throws {
        _ = try await store.apply([InputRecord(log: "log-1", offset: offset, stamp: clock, value: value)])
        offset += 1
    }

    private func dueTimer() async throws -> TimerDue? {
        let now = clock.milliseconds
        return try await store.queue.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM timer WHERE dueAt <= ? ORDER BY dueAt, id LIMIT 1", arguments: [now]
            ).map {
                TimerDue(
                    timerId: $0["id"], kind: $0["kind"], about: $0["about"],
                    dueAt: Timestamp(milliseconds: $0["dueAt"]))
            }
        }
    }

    /// When the next timer rings; nil for never.
    func nextTimer(_ kind: String) async throws -> Timestamp? {
        try await store.queue.read { db in
            try Int64.fetchOne(db, sql: "SELECT MIN(dueAt) FROM timer WHERE kind = ?", arguments: [kind])
        }.map(Timestamp.init(milliseconds:))
    }

    // MARK: - What an edge does

    /// Starts and ends a delivery as an owner and an edge would.
    mutating func report(
        _ sending: Sending, _ outcome: DeliveryReported.Outcome, canRetry: Bool = false, reason: String? = nil
    ) async throws {
        let attempt = sending.attempt + 1
        try await say(DeliveryStarted(deliveryId: sending.id, attempt: attempt, ownerId: "owner"))
        try await say(
            DeliveryReported(
                deliveryId: sending.id, attempt: attempt, outcome: outcome, canRetry: canRetry, reason: reason))
    }

    // MARK: - Looking at it

    func sendings() async throws -> [Sending] {
        try await store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM delivery ORDER BY plannedAt, id").map { row in
                let payload: Data = row["payload"]
                var message: OutsideMessage?
                if !payload.isEmpty,
                    case .send(let found) = try ContractCoding.decode(OutsideTask.self, from: payload)
                {
                    message = found
                }
                return Sending(
                    id: DeliveryID(row["id"] as String), lane: row["lane"], state: row["state"],
                    attempt: row["attempt"], notBefore: Timestamp(milliseconds: row["notBefore"]),
                    notAfter: (row["notAfter"] as Int64?).map(Timestamp.init(milliseconds:)), message: message)
            }
        }
    }

    /// Those that were planned and have not begun.
    func planned() async throws -> [Sending] { try await sendings().filter { $0.state == "planned" } }

    func count(_ table: String, of person: PersonID) async throws -> Int {
        let column =
            ["inboxMessage": "recipientId", "told": "recipientId", "sending": "recipientId"][table] ?? "personId"
        return try await store.queue.read { db in
            try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM \(table) WHERE \(column) = ?", arguments: [person.rawValue]) ?? 0
        }
    }

    func told() async throws -> [Told] {
        try await store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM told ORDER BY eventId, recipientId, channel").compactMap { row in
                guard let event = MessageID(data: row["eventId"] as Data),
                    let channel = Channel(rawValue: row["channel"])
                else { return nil }
                return Told(eventId: event, recipientId: PersonID(row["recipientId"] as String), channel: channel)
            }
        }
    }

    func all<P: Payload>(_ type: P.Type, of name: String, on topic: Topic) async throws -> [P] {
        try await store.allOutputs().filter { $0.topic == topic.name }.compactMap { output in
            guard try MessageAttributes(value: output.value).type == name else { return nil }
            return try Envelope<P>(value: output.value).data
        }
    }

    func ended() async throws -> [DeliveryEnded] {
        try await all(DeliveryEnded.self, of: DeliveryEnded.type, on: TopicCatalogue.notificationEvents)
    }

    func inbox(_ person: PersonID) async throws -> [InboxMessageState] {
        try await all(InboxMessageState.self, of: InboxMessageState.type, on: TopicCatalogue.inboxes)
            .filter { $0.recipientId == person }
    }

    func settings(_ person: PersonID) async throws -> PersonSettingsState? {
        try await all(
            PersonSettingsState.self, of: PersonSettingsState.type, on: TopicCatalogue.notificationSettings
        ).last { $0.personId == person }
    }

    func endpoint(_ id: EndpointID) async throws -> EndpointState? {
        try await all(EndpointState.self, of: EndpointState.type, on: TopicCatalogue.webhookEndpoints)
            .last { $0.endpointId == id }
    }

    func refusals() async throws -> [String] {
        try await all(CommandRefused.self, of: CommandRefused.type, on: TopicCatalogue.notificationEvents).map(\.code)
    }

    /// What lies among the dead letters.
    func deadLetters() async throws -> Int {
        try await store.allOutputs().count { $0.topic == TopicCatalogue.deadLetters(of: "notifications").name }
    }
}

// MARK: - A town that is told things

extension Pack {
    /// Texts that go outside by every way, quiet hours, peaks, bursts and a digest.
    static let lively: Pack = {
        func text(
            _ event: String, _ role: AudienceRole, _ kind: NotificationKind, critical: Bool = false
        ) -> PackTemplate {
            PackTemplate(event: event, role: role, title: "{caseNumber} \(event)", body: "{reason}") {
                $0.kind = kind
                $0.critical = critical
                $0.channels = [.email, .sms, .weChat, .webPush]
                $0.weChat = PackProviderTemplate(id: "template-\(kind.rawValue)", variables: ["no1": "{caseNumber}"])
            }
        }
        let digest = PackDigest(
            weekday: 7, minute: 600, text: PackText(title: "{reports} 件", body: "{points} 分"), english: nil,
            channels: [.email])
        return Pack(
            name: "lively", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [],
            people: [
                PackPerson(id: "desk-1", roles: ["dispatcher"], unitId: nil, communityIds: []),
                PackPerson(id: "desk-2", roles: ["dispatcher"], unitId: nil, communityIds: ["longjiang"]),
            ],
            categories: [], routingRules: [], pointRules: [],
            templates: [
                text("case.filed", .reporter, .progress), text("case.closed", .reporter, .progress),
                text("points.released", .reporter, .points), text("case.made-safe", .reporter, .alert, critical: true),
                text("case.dispatched", .handler, .work), text("case.overdue", .handler, .alert),
                text("case.dispatch-overdue", .dispatcher, .alert),
            ],
            webhooks: [PackWebhook(unitId: "unit-1", url: "https://units.example/hook", events: [])],
            mergeDistance: 3_000,
            notifications: PackNotifications {
                $0.quietHours = QuietHours(from: 1_320, to: 420)
                $0.mealPeaks = [[660, 780], [1_020, 1_140]]
                $0.mergeMinutes = 5
                $0.digest = digest
            })
    }()
}

extension Notify {
    /// Tells a person of a step of a case.
    static func step(
        _ step: CaseChanged.Step, of caseId: CaseID = "case-1", to person: PersonID = "rider-1",
        as role: AudienceRole = .reporter, event: String = "event"
    ) -> Notify {
        let reference = CaseReference(
            caseId: caseId, caseNumber: "GX-\(caseId)", communityId: "mingdu", ledgerId: "nanchang",
            category: "E0102", kind: .snapshot, reporterIds: ["rider-1"], ownerUnitId: "unit-1", handlerId: "worker-1")
        let change = CaseChanged(step: step, case: reference, at: .morning, actorId: nil, reason: "原因")
        return Notify(
            event: Envelope(
                .aboutCase(.changed(change)), id: .named(event), source: "/case-routing/0", time: .morning),
            recipientId: person, role: role)
    }

    static func points(
        _ points: Int, of caseId: CaseID, to person: PersonID = "rider-1", event: String = "points"
    ) -> Notify {
        let moved = PointsMoved(
            step: .released, transferId: TransferID(event), ledgerId: "nanchang", points: points,
            causeEventId: .named("cause"), explanation: "办结"
        ) {
            $0.personId = person
            $0.caseId = caseId
            $0.caseNumber = "GX-\(caseId)"
        }
        return Notify(
            event: Envelope(.aboutPoints(moved), id: .named(event), source: "/points/0", time: .morning),
            recipientId: person, role: .reporter)
    }
}

extension SetContact {
    /// Of rider-1.
    static func of(_ channel: Channel, box: String = "sealed") -> SetContact { of("rider-1", channel, box: box) }

    static func of(_ person: PersonID, _ channel: Channel, box: String = "sealed") -> SetContact {
        SetContact(
            personId: person, contactId: ContactID("\(channel.rawValue)-\(box)"), channel: channel,
            sealed: SealedContact(keyId: "1", box: box), actor: .person(person))
    }
}

extension Actor {
    static func person(_ id: PersonID) -> Actor { Actor(personId: id, roles: ["rider"]) }
    static let admin = Actor(personId: "operator", roles: ["admin"])
}
