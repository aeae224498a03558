import Contracts
import Foundation
import NotificationWords
import NotificationsDomain
import TestSupport
import Testing

private let clock = Timestamp.morning.adding(milliseconds: 5_000)

private func told(
    _ notify: Notify, pack: Pack? = .sample(), settings: PersonSettingsState? = nil, told: Set<Told> = []
) -> [Way] {
    ways(of: notify, pack: pack, settings: settings, at: clock, wasTold: told.contains)
}

private func message(
    _ notify: Notify, pack: Pack = .sample(), settings: PersonSettingsState? = nil
)
    -> InboxMessageState?
{
    guard case .write(let message) = told(notify, pack: pack, settings: settings).first else { return nil }
    return message
}

private func held(_ ways: [Way]) -> [HeldMessage] {
    ways.compactMap { way in
        guard case .hold(let message) = way else { return nil }
        return message
    }
}

private let filed = NotifiableEvent.step(.filed).notify("rider-2", .reporter)

@Test func `a person finds the words of the pack in their inbox`() {
    let key = Told(eventId: filed.event.id, recipientId: "rider-2", channel: .inbox)

    #expect(
        message(filed)
            == InboxMessageState(
                messageId: InboxMessageID(key.messageID.description), version: 1, recipientId: "rider-2",
                title: "已立案 GX-20261123-0007", body: "您上报的暴露垃圾已立案。", aboutEventId: filed.event.id,
                aboutType: "case.filed", caseId: "case-1", points: nil, writtenAt: clock, readAt: nil))
}

@Test func `moved points are told with their number and why`() throws {
    let found = try #require(message(NotifiableEvent.points(.released).notify("rider-1", .reporter)))

    #expect(found.title == "积分到账 10")
    #expect(found.body == "GX-20261123-0007：核查通过并结案。")
    #expect(found.points == 10)
    #expect(found.caseId == "case-1")
}

@Test func `a notice tells what it is about, why, and until when one may object`() throws {
    let template = { (event: String) in
        PackTemplate(event: event, role: .reporter, title: "{points} 分", body: "{reason}，{deadline} 前可申诉")
    }
    let pack = Pack.sample(templates: [template("notice.given"), template("notice.upheld")])
    func told(_ event: NotifiableEvent) -> InboxMessageState? {
        message(event.notify("rider-1", .reporter), pack: pack)
    }

    let given = try #require(told(.notice(.given)))
    #expect(given.title == "10 分" && given.body == "照片重复，12-09 00:00 前可申诉")
    #expect(given.points == 10 && given.caseId == nil)
    #expect(told(.notice(.upheld, taken: 4))?.title == "4 分")
}

@Test func `what a reporter writes later is told to the handler in the reporter's words`() {
    let template = PackTemplate(event: "case.report-amended", role: .handler, title: "{caseNumber}", body: "{reason}")
    func body(_ event: NotifiableEvent) -> String? {
        message(event.notify("worker-1", .handler), pack: .sample(templates: [template]))?.body
    }

    #expect(body(.amended(.added, stage: .dispatched)) == "又多了一堆")
    #expect(body(.amended(.added, stage: .dispatched, text: nil)) == "—")
}

@Test func `a deadline is told by the clock on the wall there, and what is not known is a dash`() throws {
    let deadline = try #require(Timestamp("2026-11-23T09:30:59.999Z"))
    let dispatched = NotifiableEvent.step(.dispatched, deadline: deadline).notify("worker-1", .handler)
    let overdue = NotifiableEvent.step(.overdue, deadline: nil).notify("worker-1", .handler)

    #expect(message(dispatched)?.body == "暴露垃圾，请于 11-23 17:30 前处置。")
    #expect(message(overdue)?.body == "GX-20261123-0007 已过 —。原因：—")
}

@Test(arguments: [
    ("{reason}", "看 {caseNumber} 和 {"), ("{ {unknown} }", "{ {unknown} }"), ("{caseNumber", "{caseNumber"),
    ("}{{category}{", "}{暴露垃圾{"), ("", ""),
])
func `what a value holds is never read as a variable, and other braces stay`(body: String, expected: String) {
    let template = PackTemplate(event: "case.overdue", role: .handler, title: "", body: body)
    let notify = NotifiableEvent.step(.overdue, reason: "看 {caseNumber} 和 {").notify("worker-1", .handler)

    #expect(message(notify, pack: .sample(templates: [template]))?.body == expected)
}

@Test func `without a pack or words nobody is told, nor who was forgotten, nor who is several`() {
    let words = ["case.filed", "case.dispatch-overdue"].flatMap { event in
        AudienceRole.allCases.map { PackTemplate(event: event, role: $0, title: "t", body: "b") }
    }
    #expect(told(filed, pack: nil).isEmpty)
    #expect(told(NotifiableEvent.step(.filed).notify("rider-1", .handler)).isEmpty)
    #expect(told(NotifiableEvent.step(.refused).notify("rider-1", .reporter)).isEmpty)
    #expect(
        told(filed, settings: PersonSettingsState(personId: "rider-2", version: 1, erasedAt: .morning)).isEmpty)
    let pack = Pack.sample(templates: words)
    let late = NotifiableEvent.step(.dispatchOverdue)
    #expect(told(late.notify("dispatcher:mingdu", .dispatcher), pack: pack).isEmpty)
    #expect(told(late.notify("unit-1", .unit), pack: pack).isEmpty)
    #expect(told(late.notify(Notify.endpoints, .endpoint), pack: pack).isEmpty)
    #expect(told(late.notify("desk", .dispatcher), pack: pack).count == 1)
}

// MARK: - Ways outside

@Test func `a message goes by the ways that the pack names, the person allows and a contact is for`() {
    let pack = Pack.sample(templates: [.filed.by([.email, .webPush, .sms])])
    func channels(_ settings: PersonSettingsState?) -> [Channel] {
        told(filed, pack: pack, settings: settings).map(\.told.channel)
    }

    #expect(channels(nil) == [.inbox])
    #expect(channels(.sample(reached: [.weChat])) == [.inbox])
    #expect(channels(.sample(reached: [.email, .sms])) == [.inbox, .email, .sms])
    let muted = NotificationPreferences(muted: [MutedKind(kind: .progress, channel: .email)])
    #expect(channels(.sample(reached: [.email, .sms], muted)) == [.inbox, .sms])
    let other = NotificationPreferences(muted: [MutedKind(kind: .points, channel: .email)])
    #expect(channels(.sample(reached: [.email, .sms], other)) == [.inbox, .email, .sms])
}

@Test func `a language and a form are the person's own, in the inbox, too`() {
    let pack = Pack.sample(templates: [
        .filed.by([.email]) {
            $0.short = "立案了"
            $0.english = PackText(title: "Filed", body: "{category} was filed", short: "Filed it")
        }
    ])
    let wishes = NotificationPreferences(language: .english, form: .short)
    let ways = told(filed, pack: pack, settings: .sample(reached: [.email], wishes))

    guard case .write(let message) = ways.first else { return #expect(Bool(false), "no inbox message") }
    #expect(message.title == "Filed" && message.body == "Filed it" && message.language == .english)
    #expect(held(ways).map(\.wording.body) == ["Exposed rubbish was filed"])
}

@Test func `WeChat takes what has a template and a consent, filled in`() {
    let template = PackTemplate.filed.by([.weChat]) {
        $0.weChat = PackProviderTemplate(id: "tmpl", variables: ["thing1": "{category}"])
    }
    let pack = Pack.sample(templates: [template])
    var settings = PersonSettingsState.sample(reached: [.weChat])
    #expect(held(told(filed, pack: pack, settings: settings)).isEmpty)
    settings.consents = [.init(template: "another", left: 2)]
    #expect(held(told(filed, pack: pack, settings: settings)).isEmpty)
    settings.consents = [.init(template: "tmpl", left: 1)]
    let asked = held(told(filed, pack: pack, settings: settings))
    #expect(asked.map(\.template) == [.init(id: "tmpl", variables: ["thing1": "暴露垃圾"])])
}

@Test func `critical goes at once at night, alone; other things wait for the morning`() throws {
    let night = try #require(Timestamp("2026-11-23T15:30:00Z"))
    let quiet = NotificationPreferences(quietHours: QuietHours(from: 1_320, to: 420))
    func way(_ template: PackTemplate) -> Way? {
        ways(
            of: filed, pack: .sample(templates: [template]), settings: .sample(reached: [.email], quiet), at: night,
            wasTold: { _ in false }
        ).last
    }

    guard case .send(let message) = way(.filed.by([.email]) { $0.critical = true }) else {
        return #expect(Bool(false), "critical was not sent")
    }
    #expect(message.notBefore == night)
    guard case .hold(let waiting) = way(.filed.by([.email])) else { return #expect(Bool(false), "was not held") }
    #expect(waiting.notBefore == Timestamp("2026-11-23T23:00:00Z"))
}

@Test func `riders are left alone at meal peaks with what can wait, and not with work`() throws {
    let noon = try #require(Timestamp("2026-11-23T03:30:00Z"))
    func moment(_ kind: NotificationKind, mealPeaks: Bool = true) -> Timestamp? {
        let pack = Pack.sample(
            templates: [.filed.by([.email]) { $0.kind = kind }],
            notifications: PackNotifications { $0.mealPeaks = [[660, 780]] })
        let wishes = NotificationPreferences(mealPeaks: mealPeaks)
        return held(
            ways(
                of: filed, pack: pack, settings: .sample(reached: [.email], wishes), at: noon,
                wasTold: { _ in false })
        ).first?.notBefore
    }

    let afternoon = Timestamp("2026-11-23T05:00:00Z")
    #expect(moment(.progress) == afternoon && moment(.points) == afternoon)
    #expect(moment(.work) == noon && moment(.alert) == noon && moment(.progress, mealPeaks: false) == noon)
}

@Test func `who asked for a digest is written to once a week of what can wait`() {
    let digest = PackDigest(
        weekday: 7, minute: 600, text: PackText(title: "{reports}", body: "{points}"), english: nil,
        channels: [.email])
    func ways(_ kind: NotificationKind, _ channel: Channel = .email) -> Way? {
        let pack = Pack.sample(
            templates: [.filed.by([.email, .sms]) { $0.kind = kind }],
            notifications: PackNotifications { $0.digest = digest })
        let wishes = NotificationPreferences(digest: .weekly)
        return told(filed, pack: pack, settings: .sample(reached: [channel], wishes)).last
    }

    let key = Told(eventId: filed.event.id, recipientId: "rider-2", channel: .email)
    #expect(ways(.progress) == .digest(key) && ways(.points) == .digest(key))
    #expect(ways(.work)?.isHeld == true)
    // The digest does not go by that way.
    #expect(ways(.progress, .sms)?.isHeld == true)
}

@Test func `messages about one matter are one message, and name all that they are about`() throws {
    let pack = Pack.sample(
        templates: [.filed.by([.email]), .released.by([.email]) { $0.kind = .points }],
        notifications: PackNotifications { $0.mergeMinutes = 5 })
    let settings = PersonSettingsState.sample(reached: [.email])
    let notifies = [filed, NotifiableEvent.points(.released).notify("rider-2", .reporter, id: "points")]
    let messages = notifies.flatMap { held(told($0, pack: pack, settings: settings)) }
    #expect(messages.map(\.group).count == 2 && Set(messages.map(\.group)).count == 1)
    #expect(messages.map(\.notBefore) == [clock, clock].map { $0.adding(milliseconds: 300_000) })

    let contact = try #require(settings.contacts.first)
    let sending = try #require(compose(messages, to: contact, closed: ClosedHours.none, at: clock))
    #expect(sending.message.aboutEventId == .named("points") && sending.message.mergedEventIds == [.named("event")])
    #expect(sending.message.title == "积分到账 10（共 2 条）" && sending.message.body.contains("已立案"))
    #expect(sending.lane == "email" && sending.notAfter == clock.adding(milliseconds: worthOfMessage))
    #expect(sending.message.address == .sealed(contact: contact.sealed, contactId: contact.contactId))
    #expect(
        sending.message.unsubscribe == UnsubscribeScope(personId: "rider-2", channel: .email, kind: .points))
}

// MARK: - Once

/// A wish to tell somebody about one of a few events, in one of their roles.
private struct Wish: Hashable {
    let event: Int
    let recipient: Int
    let role: AudienceRole

    var notify: Notify {
        let step: NotifiableEvent = event % 2 == 0 ? .step(.dispatched) : .step(.overdue)
        return step.notify(PersonID("person-\(recipient)"), role, id: "event-\(event)")
    }
}

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 27))
func `however often and in whatever order it is asked for, everybody is told once on each channel`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let roles: [AudienceRole] = [.reporter, .handler, .member, .dispatcher]
    let wishes = (0..<60).map { _ in
        Wish(
            event: .random(in: 0..<4, using: &random), recipient: .random(in: 0..<4, using: &random),
            role: roles.randomElement(using: &random) ?? .reporter)
    }
    let ways: [AudienceRole: [Channel]] = [.reporter: [.email], .handler: [.sms], .member: [.email, .sms]]
    let pack = Pack.sample(
        templates: ["case.dispatched", "case.overdue"].flatMap { event in
            roles.map { role in
                PackTemplate(event: event, role: role, title: "t", body: "b") { $0.channels = ways[role] }
            }
        })
    func outcome(of wishes: [Wish]) -> [Told] {
        var seen: [Told] = []
        for wish in wishes {
            var settings = PersonSettingsState.sample(reached: [.email, .sms])
            settings = PersonSettingsState(
                personId: wish.notify.recipientId, version: 1, contacts: settings.contacts)
            seen += told(wish.notify, pack: pack, settings: settings, told: Set(seen)).map(\.told)
        }
        return seen
    }

    let straight = outcome(of: wishes)
    let shuffled = outcome(of: (wishes + wishes).shuffled(using: &random))

    let expected = Set(
        wishes.flatMap { wish in
            ([.inbox] + (ways[wish.role] ?? [])).map {
                Told(eventId: wish.notify.event.id, recipientId: wish.notify.recipientId, channel: $0)
            }
        })
    #expect(Set(straight) == expected && straight.count == expected.count, "seed \(seed)")
    #expect(Set(shuffled) == expected && shuffled.count == expected.count, "seed \(seed)")
}

extension Way {
    fileprivate var isHeld: Bool {
        guard case .hold = self else { return false }
        return true
    }
}
