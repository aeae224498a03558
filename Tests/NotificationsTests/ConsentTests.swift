import Contracts
import NotificationsDomain
import Testing

private func consent(_ id: ConsentID, to template: String = "template-progress") -> GiveConsent {
    GiveConsent(personId: "rider-1", template: template, consentId: id, actor: .person("rider-1"))
}

/// An office where rider-1 is reached by WeChat and gave so many consents.
private func office(consents: Int) async throws -> Office {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.weChat))
    for number in 0..<consents { try await office.say(consent(ConsentID("consent-\(number)"))) }
    return office
}

/// Tells of another case, and lets the burst go.
private func tell(_ office: inout Office, _ number: Int) async throws {
    try await office.say(Notify.step(.filed, of: CaseID("case-\(number)"), event: "event-\(number)"))
    office.wait(minutes: 5)
    try await office.wake()
}

private func left(_ office: Office) async throws -> Int {
    try await office.settings("rider-1")?.consents.first { $0.template == "template-progress" }?.left ?? 0
}

@Test func `one consent is one send, however often it is said`() async throws {
    var office = try await office(consents: 2)
    try await office.say(consent("consent-0"))
    #expect(try await left(office) == 2)
    for number in 1...3 { try await tell(&office, number) }

    #expect(try await office.planned().map(\.message?.template?.id) == ["template-progress", "template-progress"])
    #expect(
        try await office.planned().allSatisfy {
            $0.message?.template?.variables == ["no1": "GX-\($0.message?.caseId ?? "")"]
        })
    #expect(try await left(office) == 0)
    // The third had no consent from the beginning: it is in the inbox alone.
    #expect(try await office.told().count { $0.channel == .weChat } == 2)
    #expect(try await office.inbox("rider-1").count == 3)
    try await office.close()
}

@Test func `a consent for two bursts goes with the first, and the log says of the second why not`() async throws {
    var office = try await office(consents: 1)
    try await office.say(Notify.step(.filed, of: "case-1", event: "1"))
    try await office.say(Notify.step(.filed, of: "case-2", event: "2"))
    office.wait(minutes: 5)
    try await office.wake()

    #expect(try await office.planned().count == 1)
    #expect(try await office.ended().map(\.reason) == ["no consent is left"])
    try await office.close()
}

@Test func `what was not sent gives its consent back, what may have been does not`() async throws {
    var office = try await office(consents: 3)
    for number in 1...3 { try await tell(&office, number) }
    #expect(try await left(office) == 0)
    let sendings = try await office.planned()

    try await office.report(sendings[0], .failed, reason: "answered 47003")
    #expect(try await left(office) == 1)
    try await office.report(sendings[1], .unknown)
    try await office.report(sendings[2], .delivered)
    #expect(try await left(office) == 1)
    try await office.close()
}

@Test func `where the provider knows of no consent, none is left`() async throws {
    var office = try await office(consents: 3)
    try await tell(&office, 1)
    let sending = try #require(try await office.planned().first)

    try await office.report(sending, .failed, reason: "\(DeliveryReason.consentRefused): 43101")

    #expect(try await left(office) == 0)
    // Said once more they are still the same consents.
    try await office.say(consent("consent-2"))
    #expect(try await left(office) == 0)
    try await office.say(consent("consent-new"))
    #expect(try await left(office) == 1)
    try await office.close()
}
