import Contracts
import NotificationsDomain
import Testing

/// An office that has sent rider-1 a mail.
private func sent() async throws -> (office: Office, id: DeliveryID) {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(Notify.step(.filed))
    office.wait(minutes: 5)
    try await office.wake()
    let sending = try #require(try await office.planned().first)
    try await office.report(sending, .delivered)
    return (office, sending.id)
}

private func bounce(
    _ id: DeliveryID, _ status: String = "5.1.1", of person: PersonID = "rider-1", by actor: Actor = .admin
) -> ReportBounce {
    ReportBounce(deliveryId: id, personId: person, status: status, actor: actor)
}

@Test func `mail that will always come back takes its contact off, and the person reads why`() async throws {
    var (office, id) = try await sent()
    try await office.say(bounce(id))
    try await office.say(bounce(id))

    let settings = try #require(try await office.settings("rider-1"))
    #expect(settings.contacts.isEmpty)
    #expect(settings.lost == [.init(channel: .email, reason: .bounced, at: office.clock)])
    let ended = try await office.ended()
    #expect(ended.map(\.outcome) == [.delivered, .gone] && ended.last?.reason == "the mail came back: 5.1.1")
    try await office.say(Notify.step(.closed, event: "later"))
    #expect(try await office.count("held", of: "rider-1") == 0)
    #expect(try await office.refusals().isEmpty)
    try await office.close()
}

@Test func `mail that came back for now is noted, and the contact stays`() async throws {
    var (office, id) = try await sent()
    try await office.say(bounce(id, "4.2.2"))

    #expect(try await office.settings("rider-1")?.contacts.count == 1)
    #expect(try await office.ended().map(\.outcome) == [.delivered, .failed])
    let applied = try await office.all(
        CommandApplied.self, of: CommandApplied.type, on: TopicCatalogue.notificationEvents)
    #expect(applied.last?.commandType == ReportBounce.type)
    try await office.close()
}

@Test func `an address that was set since stays`() async throws {
    var (office, id) = try await sent()
    try await office.say(SetContact.of(.email, box: "new"))
    try await office.say(bounce(id))

    #expect(try await office.settings("rider-1")?.contacts.map(\.contactId) == ["email-new"])
    #expect(try await office.settings("rider-1")?.lost == nil)
    try await office.close()
}

@Test func `a bounce by nobody, of nothing, of another's or of no mail is refused`() async throws {
    var (office, id) = try await sent()
    try await office.say(bounce(id, by: .person("rider-1")))
    try await office.say(bounce(id, "550"))
    try await office.say(bounce(id, "2.0.0"))
    try await office.say(bounce("nothing"))
    try await office.say(bounce(id, of: "rider-2"))
    try await office.say(SetContact.of("rider-2", .sms))
    try await office.say(Notify.step(.madeSafe, to: "rider-2", event: "sms"))
    let sms = try #require(try await office.planned().first)
    try await office.say(bounce(sms.id, of: "rider-2"))
    try await office.report(sms, .delivered)
    try await office.say(bounce(sms.id, of: "rider-2"))

    #expect(
        try await office.refusals() == [
            "not-allowed", "bad-bounce", "bad-bounce", "not-found", "not-found", "not-found", "not-found",
        ])
    #expect(try await office.settings("rider-1")?.contacts.count == 1)
    try await office.close()
}
