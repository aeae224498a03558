import Contracts
import NotificationsDomain
import Testing

@Test func `who is forgotten leaves nothing but that they were told`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(SetContact.of(.weChat))
    try await office.say(
        GiveConsent(
            personId: "rider-1", template: "template-progress", consentId: "1", actor: .person("rider-1")))
    try await office.say(Notify.step(.filed, event: "1"))
    office.wait(minutes: 5)
    try await office.wake()
    let sending = try await office.planned()
    #expect(sending.count == 2)
    try await office.report(sending[0], .delivered)
    try await office.say(Notify.step(.closed, event: "2"))
    try await office.say(ErasePerson(personId: "rider-1", actor: .person("rider-1")))

    for table in ["inboxMessage", "contact", "consent", "held", "sending"] {
        #expect(try await office.count(table, of: "rider-1") == 0, "\(table)")
    }
    #expect(try await office.nextTimer("held") == nil)
    let left = try await office.sendings()
    #expect(left.filter { $0.message != nil }.isEmpty && left.filter(\.isOpen).map(\.lane) == ["keys"])
    let states = try await office.inbox("rider-1").suffix(2)
    #expect(states.allSatisfy { $0.ended && $0.title.isEmpty && $0.body.isEmpty })
    #expect(try await office.settings("rider-1")?.erasedAt == office.clock)
    let erased = try await office.all(
        PersonErased.self, of: PersonErased.type, on: TopicCatalogue.notificationEvents)
    #expect(erased.map(\.personId) == ["rider-1"])

    // Told of once more, and of something new.
    try await office.say(Notify.step(.closed, event: "2"))
    try await office.say(Notify.step(.closed, event: "3"))
    #expect(try await office.count("inboxMessage", of: "rider-1") == 0)
    try await office.close()
}

@Test func `who comes back is told of what is new, and never again of what they were told`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(Notify.step(.filed, event: "1"))
    try await office.say(ErasePerson(personId: "rider-1", actor: .admin))
    try await office.say(SetContact.of(.email))
    try await office.say(Notify.step(.filed, event: "1"))
    try await office.say(Notify.step(.closed, event: "2"))

    #expect(try await office.count("inboxMessage", of: "rider-1") == 1)
    #expect(try await office.settings("rider-1")?.erasedAt == nil)
    try await office.close()
}

@Test func `what was just being sent is forgotten when it has ended`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(Notify.step(.filed))
    office.wait(minutes: 5)
    try await office.wake()
    let sending = try #require(try await office.planned().first)
    try await office.say(DeliveryStarted(deliveryId: sending.id, attempt: 1, ownerId: "owner"))
    try await office.say(ErasePerson(personId: "rider-1", actor: .person("rider-1")))
    #expect(try await office.sendings().first { $0.id == sending.id }?.message != nil)
    try await office.say(
        DeliveryReported(deliveryId: sending.id, attempt: 1, outcome: .failed, canRetry: true, reason: "later"))

    let left = try #require(try await office.sendings().first { $0.id == sending.id })
    #expect(left.message == nil && left.state == "failed")
    try await office.close()
}

@Test func `a key that could not be destroyed is tried until it is`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(ErasePerson(personId: "rider-1", actor: .person("rider-1")))
    let erasure = try #require(try await office.planned().first)
    try await office.report(erasure, .failed, reason: "no answer")

    let again = try #require(try await office.planned().first)
    #expect(again.id == erasure.id && again.notBefore > office.clock)
    office.wait(minutes: 60)
    try await office.report(again, .delivered)
    #expect(try await office.planned().isEmpty)
    try await office.close()
}

@Test func `nobody forgets somebody else`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(Notify.step(.filed))
    try await office.say(ErasePerson(personId: "rider-1", actor: .person("rider-2")))

    #expect(try await office.refusals() == ["not-allowed"])
    #expect(try await office.count("inboxMessage", of: "rider-1") == 1)
    try await office.close()
}
