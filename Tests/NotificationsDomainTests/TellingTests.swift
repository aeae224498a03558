import Contracts
import Foundation
import NotificationsDomain
import TestSupport
import Testing

private let clock = Timestamp.morning.adding(milliseconds: 5_000)

private func tell(_ notify: Notify, pack: Pack? = .sample(), told: Set<Told> = []) throws -> TellDecision {
    try NotificationsDomain.tell(notify, pack: pack, at: clock, wasTold: told.contains)
}

@Test func `a person finds the words of the pack in their inbox`() throws {
    let notify = NotifiableEvent.step(.filed).notify("rider-2", .reporter)
    let told = Told(eventId: notify.event.id, recipientId: "rider-2", channel: .inbox)

    #expect(
        try tell(notify)
            == .write(
                InboxMessageState(
                    messageId: InboxMessageID(told.messageID.description), version: 1, recipientId: "rider-2",
                    title: "已立案 GX-20261123-0007", body: "您上报的暴露垃圾已立案。", aboutEventId: notify.event.id,
                    aboutType: "case.filed", caseId: "case-1", points: nil, writtenAt: clock, readAt: nil)))
}

@Test func `moved points are told with their number and why`() throws {
    let message = try #require(try tell(NotifiableEvent.points(.released).notify("rider-1", .reporter)).message)

    #expect(message.title == "积分到账 10")
    #expect(message.body == "GX-20261123-0007：核查通过并结案。")
    #expect(message.points == 10)
    #expect(message.caseId == "case-1")
}

@Test func `a notice tells what it is about, why, and until when one may object`() throws {
    let template = { (event: String) in
        PackTemplate(event: event, role: .reporter, title: "{points} 分", body: "{reason}，{deadline} 前可申诉")
    }
    let pack = Pack.sample(templates: [template("notice.given"), template("notice.upheld")])
    func told(_ event: NotifiableEvent) throws -> InboxMessageState? {
        try tell(event.notify("rider-1", .reporter), pack: pack).message
    }

    let given = try #require(try told(.notice(.given)))
    #expect(given.title == "10 分" && given.body == "照片重复，12-09 00:00 前可申诉")
    #expect(given.points == 10 && given.caseId == nil)
    #expect(try told(.notice(.upheld, taken: 4))?.title == "4 分")
}

@Test func `what a reporter writes later is told to the handler in the reporter's words`() throws {
    let template = PackTemplate(event: "case.report-amended", role: .handler, title: "{caseNumber}", body: "{reason}")
    func body(_ event: NotifiableEvent) throws -> String? {
        try tell(event.notify("worker-1", .handler), pack: .sample(templates: [template])).message?.body
    }

    #expect(try body(.amended(.added, stage: .dispatched)) == "又多了一堆")
    #expect(try body(.amended(.added, stage: .dispatched, text: nil)) == "—")
}

@Test func `a deadline is told by the clock on the wall there, and what is not known is a dash`() throws {
    let deadline = try #require(Timestamp("2026-11-23T09:30:59.999Z"))
    let dispatched = NotifiableEvent.step(.dispatched, deadline: deadline).notify("worker-1", .handler)
    let overdue = NotifiableEvent.step(.overdue, deadline: nil).notify("worker-1", .handler)

    #expect(try tell(dispatched).message?.body == "暴露垃圾，请于 11-23 17:30 前处置。")
    #expect(try tell(overdue).message?.body == "GX-20261123-0007 已过 —。原因：—")
}

@Test(arguments: [
    ("{reason}", "看 {caseNumber} 和 {"), ("{ {unknown} }", "{ {unknown} }"), ("{caseNumber", "{caseNumber"),
    ("}{{category}{", "}{暴露垃圾{"), ("", ""),
])
func `what a value holds is never read as a variable, and other braces stay`(body: String, expected: String) throws {
    let template = PackTemplate(event: "case.overdue", role: .handler, title: "", body: body)
    let notify = NotifiableEvent.step(.overdue, reason: "看 {caseNumber} 和 {").notify("worker-1", .handler)

    #expect(try tell(notify, pack: .sample(templates: [template])).message?.body == expected)
}

@Test func `without a pack, words or a webhook nobody is told`() throws {
    #expect(try tell(NotifiableEvent.step(.filed).notify("rider-1", .reporter), pack: nil) == .nothing(.noPack))
    #expect(try tell(NotifiableEvent.step(.filed).notify("rider-1", .handler)) == .nothing(.noTemplate))
    #expect(try tell(NotifiableEvent.step(.refused).notify("rider-1", .reporter)) == .nothing(.noTemplate))
    #expect(try tell(NotifiableEvent.step(.overdue).notify("unit-2", .unit)) == .nothing(.noWebhook))
    #expect(try tell(NotifiableEvent.step(.closed).notify("unit-1", .unit)) == .nothing(.noWebhook))
}

@Test func `a unit's webhook gets the event as a Standard Webhooks payload`() throws {
    let notify = NotifiableEvent.step(.overdue).notify("unit-1", .unit)
    let told = Told(eventId: notify.event.id, recipientId: "unit-1", channel: .webhook)

    let call = try #require(try tell(notify).call)

    #expect(
        call
            == WebhookCall(
                deliveryId: DeliveryID(told.messageID.description), told: told, unitId: "unit-1",
                url: "https://units.example/hook", body: call.body))
    let body = try ContractCoding.decode(Body.self, from: Data(call.body.utf8))
    #expect(body.type == "case.overdue")
    #expect(body.timestamp == .morning)
    #expect(NotifiableEvent.aboutCase(.changed(body.data)) == notify.event.data)
}

@Test func `a webhook that asks for no events in particular gets them all`() throws {
    let pack = Pack.sample(webhooks: [
        PackWebhook(unitId: "unit-1", url: "https://overdue.example", events: ["case.overdue"]),
        PackWebhook(unitId: "unit-1", url: "https://all.example", events: []),
    ])

    #expect(
        try tell(NotifiableEvent.step(.overdue).notify("unit-1", .unit), pack: pack).call?.url
            == "https://overdue.example")
    #expect(
        try tell(NotifiableEvent.step(.closed).notify("unit-1", .unit), pack: pack).call?.url == "https://all.example")
}

@Test func `a body that would be too large names only the first reporter`() throws {
    let crowd = (0..<2_000).map { PersonID("rider-\($0)") }
    let notify = NotifiableEvent.step(.overdue, of: .sample(reporters: crowd)).notify("unit-1", .unit)
    let endless = NotifiableEvent.step(.overdue, reason: String(repeating: "很", count: 10_000))

    let call = try #require(try tell(notify).call)

    #expect(call.body.utf8.count < 20_000)
    let body = try ContractCoding.decode(Body.self, from: Data(call.body.utf8))
    #expect(body.data.case.reporterIds == ["rider-0"])
    #expect(throws: NotificationError.self) { try tell(endless.notify("unit-1", .unit)) }
}

/// A wish to tell somebody about one of a few events, in one of their roles.
private struct Wish: Hashable {
    let event: Int
    let recipient: Int
    let role: AudienceRole

    var notify: Notify {
        let step: NotifiableEvent = event % 2 == 0 ? .step(.dispatched) : .step(.overdue)
        let id: PersonID = role == .unit ? "unit-1" : PersonID("person-\(recipient)")
        return step.notify(id, role, id: "event-\(event)")
    }
}

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 27))
func `however often and in whatever order it is asked for, everybody is told once`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let wishes = (0..<60).map { _ in
        Wish(
            event: .random(in: 0..<4, using: &random), recipient: .random(in: 0..<4, using: &random),
            role: AudienceRole.allCases.randomElement(using: &random) ?? .reporter)
    }
    let pack = Pack.sample(
        templates: ["case.dispatched", "case.overdue"].flatMap { event in
            [AudienceRole.reporter, .handler, .member].map {
                PackTemplate(event: event, role: $0, title: "t", body: "b")
            }
        })
    func outcome(of wishes: [Wish]) throws -> [Told] {
        var told: [Told] = []
        for wish in wishes {
            switch try tell(wish.notify, pack: pack, told: Set(told)) {
            case .write(let message):
                told.append(Told(eventId: message.aboutEventId, recipientId: message.recipientId, channel: .inbox))
            case .call(let call): told.append(call.told)
            case .nothing(let reason): #expect(reason == .toldBefore, "seed \(seed)")
            }
        }
        return told
    }

    let told = try outcome(of: wishes)
    let shuffled = try outcome(of: (wishes + wishes).shuffled(using: &random))

    let expected = Set(
        wishes.map {
            Told(
                eventId: $0.notify.event.id, recipientId: $0.notify.recipientId,
                channel: $0.role == .unit ? .webhook : .inbox)
        })
    #expect(Set(told) == expected && told.count == expected.count, "seed \(seed)")
    #expect(Set(shuffled) == expected && shuffled.count == expected.count, "seed \(seed)")
}

private struct Body: Decodable {
    let type: String
    let timestamp: Timestamp
    let data: CaseChanged
}

extension TellDecision {
    fileprivate var message: InboxMessageState? {
        guard case .write(let message) = self else { return nil }
        return message
    }

    fileprivate var call: WebhookCall? {
        guard case .call(let call) = self else { return nil }
        return call
    }
}
