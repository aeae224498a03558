import Contracts
import NotificationsDomain
import Testing

/// Goes on to where a burst goes, and says what is planned.
private func planned(_ office: inout Office) async throws -> [Office.Sending] {
    office.wait(minutes: 5)
    try await office.wake()
    return try await office.planned()
}

private func browsers(_ sendings: [Office.Sending]) -> Set<ContactID> {
    Set(
        sendings.compactMap { sending in
            guard case .sealed(_, let id) = sending.message?.address else { return nil }
            return id
        })
}

@Test func `each browser of a person hears of it once, and one that is gone is the only one taken off`() async throws {
    var office = try await Office(pack: .lively)
    for box in ["home", "work", "phone"] { try await office.say(SetContact.of(.webPush, box: box)) }
    try await office.say(Notify.step(.filed, event: "1"))
    try await office.say(Notify.step(.filed, event: "1"))

    let sendings = try await planned(&office)
    #expect(browsers(sendings) == ["web-push-home", "web-push-work", "web-push-phone"] && sendings.count == 3)
    #expect(Set(sendings.map(\.id)).count == 3)
    #expect(try await office.told().count { $0.channel == .webPush } == 1)
    let gone = try #require(sendings.first { browsers([$0]) == ["web-push-work"] })
    try await office.report(gone, .gone, reason: "answered 410")
    let left = try #require(try await office.settings("rider-1"))
    #expect(left.contacts.map(\.contactId) == ["web-push-home", "web-push-phone"] && left.lost == nil)
    #expect(browsers(try await office.planned()) == ["web-push-home", "web-push-phone"])

    for sending in try await office.planned() { try await office.report(sending, .gone, reason: "answered 410") }
    let none = try #require(try await office.settings("rider-1"))
    #expect(none.contacts.isEmpty)
    #expect(none.lost == [.init(channel: .webPush, reason: .gone, at: office.clock)])
    try await office.say(SetContact.of(.webPush, box: "new"))
    #expect(try await office.settings("rider-1")?.lost == nil)
    try await office.close()
}

@Test func `of more than five browsers the one that was set first makes way, with what waited for it`() async throws {
    var office = try await Office(pack: .lively)
    for number in 1...5 { try await office.say(SetContact.of(.webPush, box: "\(number)")) }
    // Set once more, it is the newest.
    try await office.say(SetContact.of(.webPush, box: "1"))
    try await office.say(Notify.step(.filed))
    #expect(try await planned(&office).count == 5)
    try await office.say(SetContact.of(.webPush, box: "6"))

    let contacts = try await office.settings("rider-1")?.contacts.map(\.contactId)
    #expect(contacts == ["3", "4", "5", "1", "6"].map { ContactID("web-push-\($0)") })
    #expect(browsers(try await office.planned()) == Set(["3", "4", "5", "1"].map { ContactID("web-push-\($0)") }))
    #expect(try await office.ended().map(\.reason) == ["the person wants no more of these"])
    // What became of deliveries answers nobody: whoever asked hears that it was done.
    let applied = try await office.all(
        CommandApplied.self, of: CommandApplied.type, on: TopicCatalogue.notificationEvents)
    #expect(applied.count { $0.commandType == SetContact.type } == 7)
    try await office.close()
}

@Test func `a browser that waits for its retry keeps its message when another goes`() async throws {
    var office = try await Office(pack: .lively)
    for box in ["home", "work"] { try await office.say(SetContact.of(.webPush, box: box)) }
    try await office.say(Notify.step(.filed))
    let sendings = try await planned(&office)
    try await office.report(sendings[0], .failed, canRetry: true, reason: "answered 500")
    let other = try #require(browsers([sendings[1]]).first)
    try await office.say(
        RemoveContact(personId: "rider-1", contactId: other, actor: .person("rider-1")))

    #expect(try await office.planned().map(\.id) == [sendings[0].id])
    try await office.close()
}

@Test func `what an earlier logic decided stays as it was`() async throws {
    var office = try await Office(pack: .lively, logic: 1)
    for box in ["home", "work"] { try await office.say(SetContact.of(.webPush, box: box)) }
    try await office.say(Notify.step(.filed, event: "1"))
    let sendings = try await planned(&office)

    #expect(browsers(sendings) == ["web-push-work"])
    #expect(sendings.map(\.message?.link) == ["/cases/case-1"])
    let told = try #require(try await office.told().first { $0.channel == .webPush })
    #expect(sendings.map(\.id) == [DeliveryID(told.messageID.description)])
    try await office.say(ReportBounce(deliveryId: "d", personId: "rider-1", status: "5.1.1", actor: .admin))
    try await office.say(ErasePerson(personId: "rider-1", actor: .person("rider-2")))
    let refused = try await office.all(
        CommandRefused.self, of: CommandRefused.type, on: TopicCatalogue.notificationEvents)
    #expect(refused.map(\.code) == ["unknown-command", "not-allowed"])
    #expect(refused.last?.reason == "只能由本人操作；别人的消息和设置动不了。")
    try await office.close()
}

@Test func `a link leads those who report to their page, and those who work to theirs`() async throws {
    var office = try await Office(pack: .lively)
    for person: PersonID in ["rider-1", "worker-1"] { try await office.say(SetContact.of(person, .email)) }
    try await office.say(Notify.step(.filed, event: "1"))
    try await office.say(Notify.step(.dispatched, to: "worker-1", as: .handler, event: "2"))
    try await office.say(Notify.points(10, of: "case-2"))
    try await office.say(
        AddEndpoint(
            endpointId: "group", address: EndpointAddress(url: "https://example.org/hook"), channel: .weCom, events: [],
            communities: [], actor: .admin))
    try await office.say(Notify.step(.filed, to: Notify.endpoints, as: .endpoint, event: "1"))

    let links = try await planned(&office).map { "\($0.message?.recipientId ?? "") \($0.message?.link ?? "")" }
    #expect(
        Set(links) == [
            "rider-1 /me/cases/case-1", "worker-1 /console/cases/case-1", "rider-1 /me/cases/case-2",
            "endpoints /console/cases/case-1",
        ])
    try await office.close()
}
