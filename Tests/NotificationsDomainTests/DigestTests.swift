import Contracts
import NotificationWords
import NotificationsDomain
import Testing

private func message(_ type: String, points: Int? = nil) -> InboxMessageState {
    InboxMessageState(
        messageId: InboxMessageID(type), version: 1, recipientId: "rider-2", title: "", body: "",
        aboutEventId: .named(type), aboutType: type, caseId: nil, points: points, writtenAt: .morning, readAt: nil)
}

private let digest = PackDigest(
    weekday: 7, minute: 600, text: PackText(title: "{reports} 件，{points} 分", body: "{closed} 件办结"), english: nil,
    channels: [.email, .sms])
private let pack = Pack.sample(notifications: PackNotifications { $0.digest = digest })

private func ways(_ counts: DigestCounts, _ preferences: NotificationPreferences, reached: [Channel]) -> [Way] {
    Digest.ways(
        of: counts, .named("digest"), to: .sample(reached: reached, preferences), pack: pack, at: .morning)
}

@Test func `a week's reports, closings and points are counted from the inbox`() {
    let counts = Digest.counts(of: [
        message("case.opened"), message("case.report-joined"), message("case.closed"),
        message("points.pended", points: 10), message("points.released", points: 10),
        message("points.awarded", points: 25), message("points.clawed-back", points: 5),
        message("digest.weekly", points: 99),
    ])

    #expect(counts == DigestCounts(reports: 2, closed: 1, points: 30, messages: 7))
}

@Test func `a digest stands in the inbox and goes by the ways that are open for it`() throws {
    let weekly = NotificationPreferences(digest: .weekly)
    let found = ways(DigestCounts(reports: 5, closed: 3, points: 30, messages: 9), weekly, reached: [.email, .webPush])

    #expect(found.map(\.told.channel) == [.inbox, .email])
    guard case .write(let message) = found.first, case .hold(let held) = found.last else {
        return #expect(Bool(false), "a digest is written and held")
    }
    #expect(message.title == "5 件，+30 分" && message.body == "3 件办结" && message.aboutType == Digest.type)
    let contact = try #require(PersonSettingsState.sample(reached: [.email]).contacts.first)
    let sending = try #require(compose([held], to: contact, closed: ClosedHours.none, at: .morning))
    // Who wants no digest wants nothing on that way.
    #expect(sending.message.unsubscribe == UnsubscribeScope(personId: "rider-2", channel: .email, kind: nil))
}

@Test func `an empty week has no digest, and one whose parts are all unwanted does not go out`() {
    #expect(ways(DigestCounts(), NotificationPreferences(digest: .weekly), reached: [.email]).isEmpty)
    let muted = NotificationPreferences(
        muted: [MutedKind(kind: .progress, channel: .email), MutedKind(kind: .points, channel: .email)],
        digest: .weekly)
    #expect(ways(DigestCounts(messages: 1), muted, reached: [.email]).map(\.told.channel) == [.inbox])
}
