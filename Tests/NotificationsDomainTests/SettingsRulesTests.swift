import Contracts
import NotificationsDomain
import Testing

private let clock = Timestamp.morning
private let rider = Actor(personId: "rider-2", roles: ["rider"])
private let stranger = Actor(personId: "rider-1", roles: ["rider"])
private let admin = Actor(personId: "operator", roles: ["admin"])

private func rules(
    _ settings: PersonSettingsState = PersonSettingsState(personId: "rider-2", version: 0)
) -> SettingsRules {
    SettingsRules(settings, at: clock)
}

private func contact(
    _ channel: Channel, _ id: ContactID = "c", box: String = "sealed", by actor: Actor = rider,
    notAfter: Timestamp? = nil
) -> SetContact {
    SetContact(
        personId: "rider-2", contactId: id, channel: channel, sealed: SealedContact(keyId: "1", box: box), actor: actor,
        notAfter: notAfter)
}

extension SettingsDecision {
    fileprivate var settings: PersonSettingsState? {
        guard case .changed(let settings) = self else { return nil }
        return settings
    }
}

@Test func `a person has one contact on a channel, the last one set, in the order of the channels`() {
    let first = rules().set(contact(.sms, "phone")).settings
    let second = first.flatMap { rules($0).set(contact(.email, "mail")).settings }
    let third = second.flatMap { rules($0).set(contact(.sms, "new phone")).settings }

    #expect(third?.contacts.map(\.contactId) == ["mail", "new phone"])
    #expect(third.map { rules($0).set(contact(.sms, "new phone")) } == .unchanged)
    let removed = third.map {
        rules($0).remove(RemoveContact(personId: "rider-2", contactId: "mail", actor: rider))
    }
    #expect(removed?.settings?.contacts.map(\.contactId) == ["new phone"])
}

@Test func `what is not a person's channel, empty, endless, late or somebody else's is refused`() {
    #expect(rules().set(contact(.webhook)) == .refused(.badChannel))
    #expect(rules().set(contact(.inbox)) == .refused(.badChannel))
    #expect(rules().set(contact(.email, box: "")) == .refused(.badContact))
    #expect(rules().set(contact(.email, box: String(repeating: "a", count: 4_097))) == .refused(.badContact))
    #expect(rules().set(contact(.email, by: stranger)) == .refused(.notAllowed))
    // An operator does not say where somebody is reached.
    #expect(rules().set(contact(.email, by: admin)) == .refused(.notAllowed))
    #expect(
        rules().set(contact(.email, notAfter: clock.adding(milliseconds: -1))) == .refused(.tooLate))
}

@Test(arguments: [
    NotificationPreferences(quietHours: QuietHours(from: 420, to: 420)),
    NotificationPreferences(quietHours: QuietHours(from: 0, to: 1_440)),
    NotificationPreferences(quietHours: QuietHours(from: -1, to: 60)), NotificationPreferences(utcOffsetMinutes: 900),
    NotificationPreferences(muted: [MutedKind(kind: .work, channel: .inbox)]),
    NotificationPreferences(muted: [MutedKind(kind: .work, channel: .webhook)]),
])
func `preferences that mean nothing are refused`(preferences: NotificationPreferences) {
    #expect(
        rules().set(SetPreferences(personId: "rider-2", preferences: preferences, actor: rider))
            == .refused(.badPreferences))
}

@Test func `what is muted is kept once and in order`() {
    let muted = [
        MutedKind(kind: .points, channel: .sms), MutedKind(kind: .work, channel: .email),
        MutedKind(kind: .progress, channel: .email), MutedKind(kind: .points, channel: .sms),
    ]
    let preferences = NotificationPreferences(muted: muted)

    let set = rules().set(SetPreferences(personId: "rider-2", preferences: preferences, actor: rider)).settings

    #expect(set?.preferences?.muted == [muted[2], muted[1], muted[0]])
}

@Test func `who wants no more is written to no more, of one kind or of all, and keeps their other wishes`() {
    let own = NotificationPreferences(language: .english, quietHours: QuietHours(from: 1_320, to: 420))
    func unsubscribe(_ kind: NotificationKind?) -> NotificationPreferences? {
        rules().unsubscribe(
            Unsubscribe(personId: "rider-2", channel: .email, kind: kind, actor: rider), from: own
        ).settings?.preferences
    }

    #expect(unsubscribe(.points)?.muted == [MutedKind(kind: .points, channel: .email)])
    #expect(unsubscribe(nil)?.muted.map(\.kind) == NotificationKind.allCases)
    #expect(unsubscribe(nil)?.language == .english && unsubscribe(nil)?.quietHours == own.quietHours)
    #expect(
        rules().unsubscribe(Unsubscribe(personId: "rider-2", channel: .inbox, kind: nil, actor: rider), from: own)
            == .refused(.badChannel))
}

@Test func `a consent counts once, and not without end`() {
    let wish = GiveConsent(personId: "rider-2", template: "b", consentId: "1", actor: rider)
    var settings = PersonSettingsState(personId: "rider-2", version: 1)
    settings.consents = [.init(template: "a", left: 1), .init(template: "b", left: 99)]

    #expect(
        rules(settings).consent(wish, wasGiven: false).settings?.consents
            == [.init(template: "a", left: 1), .init(template: "b", left: 100)])
    #expect(rules(settings).consent(wish, wasGiven: true) == .unchanged)
    settings.consents = [.init(template: "b", left: 100)]
    #expect(rules(settings).consent(wish, wasGiven: false) == .refused(.tooManyConsents))
}

@Test func `the person or an operator forgets a person, once, and who sets something again is back`() {
    let known = PersonSettingsState.sample(reached: [.email], NotificationPreferences())
    let wish = { (actor: Actor) in ErasePerson(personId: "rider-2", actor: actor) }

    #expect(rules(known).erase(wish(stranger)) == .refused(.notAllowed))
    let erased = rules(known).erase(wish(rider)).settings
    #expect(erased == PersonSettingsState(personId: "rider-2", version: 1, erasedAt: clock))
    #expect(rules(known).erase(wish(admin)).settings == erased)
    #expect(erased.map { rules($0).erase(wish(rider)) } == .unchanged)
    let back = erased.flatMap { rules($0).set(contact(.email)).settings }
    #expect(back?.erasedAt == nil && back?.contacts.count == 1)
}
