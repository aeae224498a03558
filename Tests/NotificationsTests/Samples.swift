import Contracts
import EventProcessing
import Foundation
import Notifications

extension Pack {
    /// Words for every step and role, and a webhook of unit-1.
    static let sample = Pack(
        name: "sample", title: "样例", version: 1,
        calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
        communities: [], units: [],
        people: [PackPerson(id: "worker-9", roles: ["worker"], unitId: "unit-1", communityIds: [])], categories: [],
        routingRules: [], pointRules: [],
        templates: CaseChanged.Step.allCases.flatMap { step in
            [AudienceRole.reporter, .handler].map {
                PackTemplate(event: step.rawValue, role: $0, title: "{caseNumber}", body: "{reason}")
            }
        } + [PackTemplate(event: "case.escalated", role: .member, title: "请督办 {caseNumber}", body: "{reason}")],
        webhooks: [PackWebhook(unitId: "unit-1", url: "https://units.example/hook", events: ["case.overdue"])],
        mergeDistance: 3_000)
}

extension Timestamp {
    /// 2026-11-23 08:15 in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_000)
}

extension MessageID {
    static func named(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }
}

/// Makes the records of the command topic.
enum Log {
    /// The records that put the sample pack in force.
    ///
    /// - Parameter logic: By which the store decides.
    static func pack(_ pack: Pack = .sample, logic: Int = NotificationsProcessor().logic) throws -> [Data] {
        let (parts, activation) = try PackTransport.messages(for: pack)
        return try [command(LogicActivated(processor: NotificationsProcessor().name, logic: logic), id: "logic")]
            + parts.enumerated().map { number, part in
                try Envelope(part, id: .named("part-\(number)"), source: "/suishoupai", time: .morning).value()
            } + [Envelope(activation, id: .named("activation"), source: "/suishoupai", time: .morning).value()]
    }

    static func event(
        _ step: CaseChanged.Step, id: String = "event", handler: PersonID = "worker-1"
    ) -> Envelope<CaseEvent> {
        let reference = CaseReference(
            caseId: "case-1", caseNumber: "GX-20261123-0007", communityId: "mingdu", ledgerId: "nanchang",
            category: "E0102", kind: .snapshot, reporterIds: ["rider-1", "rider-2"], ownerUnitId: "unit-1",
            handlerId: handler)
        return Envelope(
            .changed(CaseChanged(step: step, case: reference, at: .morning, actorId: nil, reason: "原因")),
            id: .named(id), source: "/case-routing/0", time: .morning)
    }

    /// The commands that the translator makes of an event.
    static func commands(of event: Envelope<CaseEvent>) throws -> [Data] {
        let record = SourceRecord(
            attributes: event.attributes, value: try event.value(), topic: TopicCatalogue.caseEvents.name)
        return try Translator.notifications.translate(record).map {
            try $0.envelopeValue(translator: "notifications", cause: event.attributes)
        }
    }

    static func command(_ payload: some Payload, id: String) throws -> Data {
        try Envelope(payload, id: .named(id), source: "/portal/1", time: .morning).value()
    }
}
