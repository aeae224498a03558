import Contracts
import NotificationsDomain
import Testing

@Test func `a burst about one case is one message outside, and each stands in the inbox`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 2)
    try await office.say(Notify.step(.closed, event: "2"))
    try await office.say(Notify.points(10, of: "case-1", event: "3"))
    try await office.say(Notify.step(.filed, of: "case-2", event: "4"))
    #expect(try await office.sendings().isEmpty)

    office.wait(minutes: 3)
    try await office.wake()
    let first = try await office.sendings()
    #expect(first.map(\.events.count) == [3])
    #expect(first.first?.message?.title.contains("共 3 条") == true)
    office.wait(minutes: 2)
    try await office.wake()

    #expect(try await office.sendings().flatMap(\.events).count == 4)
    #expect(try await office.inbox("rider-1").count == 4)
    #expect(try await office.count("held", of: "rider-1") == 0)
    #expect(try await office.nextTimer("held") == nil)
    try await office.close()
}

@Test func `what comes at night goes in the morning, and what is critical at once`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    office.wait(until: 22, 30)
    try await office.say(Notify.step(.filed, event: "1"))
    try await office.say(Notify.step(.madeSafe, event: "2"))
    try await office.wake()

    let atNight = try await office.sendings()
    #expect(atNight.map(\.events) == [[.named("2")]] && atNight.first?.message?.critical == true)
    office.wait(until: 6, 59)
    try await office.wake()
    #expect(try await office.sendings().count == 1)
    office.wait(until: 7)
    try await office.wake()
    let morning = try #require(try await office.sendings().first { $0.events == [.named("1")] })
    #expect(morning.notBefore == office.clock)
    // Eleven is a meal peak.
    #expect(morning.notAfter == office.clock.adding(milliseconds: 4 * 3_600_000 - 1))
    try await office.close()
}

@Test func `a timer that rings late, in quiet hours, wakes nobody`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    office.wait(until: 21, 50)
    try await office.say(Notify.step(.filed))
    office.wait(until: 23)
    try await office.wake()

    #expect(try await office.sendings().isEmpty)
    #expect(try await office.count("held", of: "rider-1") == 1)
    office.wait(until: 7)
    try await office.wake()
    #expect(try await office.sendings().count == 1)
    try await office.close()
}

@Test func `who changes their quiet hours is written to when those say`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    office.wait(until: 22, 30)
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 10)
    let none = NotificationPreferences(mealPeaks: false)
    try await office.say(SetPreferences(personId: "rider-1", preferences: none, actor: .person("rider-1")))
    try await office.wake()
    let sending = try #require(try await office.planned().first)
    #expect(sending.notBefore == office.clock)

    // Planned, and not sent yet, when it becomes quiet after all.
    let quiet = NotificationPreferences(quietHours: QuietHours(from: 1_300, to: 480))
    try await office.say(SetPreferences(personId: "rider-1", preferences: quiet, actor: .person("rider-1")))
    let moved = try #require(try await office.planned().first)
    office.wait(until: 8)
    #expect(moved.id == sending.id && moved.notBefore == office.clock)
    try await office.close()
}

@Test func `who wants no more, or takes the contact away, is written to no more, and the log says so`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(SetContact.of(.sms))
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 5)
    try await office.wake()
    try await office.say(Notify.step(.closed, event: "2"))
    #expect(try await office.planned().count == 2)

    try await office.say(
        Unsubscribe(personId: "rider-1", channel: .email, kind: .progress, actor: .person("rider-1")))
    #expect(try await office.planned().map(\.lane) == ["sms"])
    try await office.say(
        RemoveContact(personId: "rider-1", contactId: "sms-sealed", actor: .person("rider-1")))

    #expect(try await office.planned().isEmpty)
    #expect(try await office.count("held", of: "rider-1") == 0)
    let ended = try await office.ended()
    #expect(ended.count == 4 && ended.allSatisfy { $0.outcome == .failed && $0.attempts == 0 })
    #expect(try await office.settings("rider-1")?.preferences?.quietHours == QuietHours(from: 1_320, to: 420))
    try await office.say(Notify.step(.closed, event: "3"))
    #expect(try await office.count("held", of: "rider-1") == 0)
    try await office.close()
}

@Test func `what waits goes to the contact that the person has when it goes`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email, box: "old"))
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 5)
    try await office.wake()
    try await office.say(Notify.step(.filed, of: "case-2", event: "2"))
    try await office.say(SetContact.of(.email, box: "new"))
    office.wait(minutes: 5)
    try await office.wake()

    let sealed = SealedContact(keyId: "1", box: "new")
    let addresses = try await office.planned().compactMap(\.message?.address)
    #expect(
        addresses == [
            .sealed(contact: sealed, contactId: "email-new"), .sealed(contact: sealed, contactId: "email-new"),
        ])
    try await office.close()
}

@Test func `what failed until it became quiet goes on in the morning, with the same id`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    office.wait(until: 21, 50)
    try await office.say(Notify.step(.dispatched, to: "rider-1", as: .handler))
    office.wait(minutes: 6)
    try await office.wake()
    let sending = try #require(try await office.planned().first)
    // Its second attempt would be after ten.
    for attempt in 0..<2 {
        let now = try #require(try await office.planned().first)
        office.wait(minutes: attempt == 0 ? 0 : 1)
        try await office.report(now, .failed, canRetry: true, reason: "later")
    }
    let again = try #require(try await office.planned().first)
    office.wait(until: 7)
    #expect(again.id == sending.id && again.notBefore == office.clock)
    #expect(try await office.ended().isEmpty)
    try await office.report(again, .delivered)
    #expect(try await office.ended().map(\.outcome) == [.delivered])
    try await office.close()
}

@Test func `an address that is gone is the person's no more`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 5)
    try await office.wake()
    try await office.say(Notify.step(.closed, event: "2"))
    try await office.report(try #require(try await office.planned().first), .gone, reason: "no such mailbox")

    #expect(try await office.settings("rider-1")?.contacts.isEmpty == true)
    #expect(try await office.count("held", of: "rider-1") == 0)
    #expect(try await office.ended().map(\.outcome) == [.gone, .failed])
    try await office.close()
}
