import Contracts
import NotificationsDomain
import Testing

private func wishes(_ digest: DigestRhythm) -> SetPreferences {
    SetPreferences(
        personId: "rider-1", preferences: NotificationPreferences(digest: digest), actor: .person("rider-1"))
}

@Test func `a week is one message of all that could wait, and the next week counts anew`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(wishes(.weekly))
    for number in 1...3 {
        try await office.say(Notify.points(10, of: CaseID("case-\(number)"), event: "points-\(number)"))
    }
    try await office.say(Notify.step(.dispatched, of: "case-9", as: .handler, event: "work"))
    office.wait(minutes: 5)
    try await office.wake()
    // Work does not wait for Sunday.
    #expect(try await office.planned().map(\.message?.aboutType) == ["case.dispatched"])

    let due = try #require(try await office.nextTimer("digest"))
    #expect(due == Timestamp("2026-11-29T02:00:00Z"))
    office.wait(minutes: (due.milliseconds - office.clock.milliseconds) / 60_000)
    try await office.wake()
    let digest = try #require(try await office.planned().first { $0.message?.aboutType == Digest.type })
    #expect(digest.message?.title == "0 件" && digest.message?.body == "+30 分")
    #expect(try await office.inbox("rider-1").last?.aboutType == Digest.type)

    #expect(try await office.nextTimer("digest") == Timestamp("2026-12-06T02:00:00Z"))
    office.wait(minutes: 7 * 1_440)
    try await office.wake()
    // Nothing happened: nothing is said.
    #expect(try await office.inbox("rider-1").count { $0.aboutType == Digest.type } == 1)
    try await office.close()
}

@Test func `who wants no digest any more is told at once of what waited for it`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(wishes(.weekly))
    try await office.say(Notify.points(10, of: "case-1"))
    try await office.say(wishes(.off))
    try await office.wake()

    #expect(try await office.planned().map(\.message?.aboutType) == [Digest.type])
    #expect(try await office.nextTimer("digest") == nil)
    try await office.say(Notify.points(10, of: "case-2", event: "later"))
    #expect(try await office.count("held", of: "rider-1") == 1)
    try await office.close()
}

@Test func `a digest of the night waits for the morning`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    var preferences = NotificationPreferences(digest: .weekly)
    preferences.quietHours = QuietHours(from: 540, to: 720)
    try await office.say(
        SetPreferences(personId: "rider-1", preferences: preferences, actor: .person("rider-1")))
    try await office.say(Notify.points(10, of: "case-1"))
    let due = try #require(try await office.nextTimer("digest"))
    office.wait(minutes: (due.milliseconds - office.clock.milliseconds) / 60_000)
    try await office.wake()
    #expect(try await office.planned().isEmpty)
    // Noon lies in a meal peak, until one.
    office.wait(until: 13)
    try await office.wake()
    #expect(try await office.planned().map(\.message?.aboutType) == [Digest.type])
    try await office.close()
}
