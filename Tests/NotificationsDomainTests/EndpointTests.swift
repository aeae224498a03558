import Contracts
import Foundation
import NotificationsDomain
import Testing

private let clock = Timestamp.morning
private let admin = Actor(personId: "operator", roles: ["admin"])

private func add(
    _ id: EndpointID = "hotline", url: String = "https://example.org/hook", by actor: Actor = admin,
    channel: Channel = .webhook
) -> AddEndpoint {
    AddEndpoint(
        endpointId: id, address: EndpointAddress(url: url), channel: channel, events: [], communities: [], actor: actor)
}

private func endpoint(
    events: [String] = [], communities: [CommunityID] = [], disabledAt: Timestamp? = nil, ended: Bool = false
) -> EndpointState {
    EndpointState(
        endpointId: "hotline", version: 1, address: EndpointAddress(url: "https://example.org/hook"),
        channel: .webhook, events: events, communities: communities, disabledReason: disabledAt.map { _ in "410" },
        disabledAt: disabledAt, ended: ended)
}

extension EndpointDecision {
    fileprivate var endpoint: EndpointState? {
        guard case .changed(let endpoint) = self else { return nil }
        return endpoint
    }
}

@Test func `an operator adds an endpoint once, and nobody else does`() {
    let added = EndpointRules.add(add(), current: nil, count: 0, at: clock)
    #expect(added == .changed(endpoint()))
    #expect(EndpointRules.add(add(), current: endpoint(), count: 1, at: clock) == .unchanged)
    #expect(
        EndpointRules.add(add(url: "https://b.example"), current: endpoint(), count: 1, at: clock)
            == .refused(.endpointExists))
    let person = Actor(personId: "rider-1", roles: ["rider"])
    #expect(EndpointRules.add(add(by: person), current: nil, count: 0, at: clock) == .refused(.notAllowed))
    #expect(EndpointRules.add(add(channel: .email), current: nil, count: 0, at: clock) == .refused(.badChannel))
    for bad in [add(url: "ftp://a.example"), add(url: ""), add("unit:a"), add("a|b"), add("")] {
        #expect(EndpointRules.add(bad, current: nil, count: 0, at: clock) == .refused(.badEndpoint))
    }
    #expect(EndpointRules.add(add(), current: nil, count: 100, at: clock) == .refused(.tooManyEndpoints))
}

@Test func `a removed endpoint that comes again has a secret of its own`() {
    let removed = endpoint(ended: true)

    let again = EndpointRules.add(add(url: "https://new.example"), current: removed, count: 0, at: clock).endpoint

    #expect(again?.generation == 2 && again?.version == 2 && again?.ended == false)
}

@Test func `a secret is rotated, an endpoint removed and enabled`() {
    func change(_ change: ChangeEndpoint.Change, _ current: EndpointState?, until: Timestamp? = nil) -> EndpointDecision
    {
        EndpointRules.change(
            ChangeEndpoint(change, endpointId: "hotline", formerUntil: until, actor: admin), current: current, at: clock
        )
    }
    let later = clock.adding(milliseconds: 86_400_000)

    let rotated = change(.rotate, endpoint(), until: later).endpoint
    #expect(rotated?.generation == 2 && rotated?.formerUntil == later && rotated?.version == 2)
    #expect(change(.rotate, endpoint(), until: clock).endpoint?.formerUntil == nil)
    #expect(change(.remove, endpoint()).endpoint?.ended == true)
    #expect(
        change(.remove, endpoint(ended: true)) == .refused(.notFound) && change(.remove, nil) == .refused(.notFound))
    #expect(change(.enable, endpoint()) == .unchanged)
    let enabled = change(.enable, endpoint(disabledAt: clock)).endpoint
    #expect(enabled?.disabledAt == nil && enabled?.disabledReason == nil)
    #expect(
        EndpointRules.change(
            ChangeEndpoint(.rotate, endpointId: .unit("unit-1"), actor: admin), current: endpoint(), at: clock)
            == .refused(.ofPack))
}

@Test func `a replay says of what, is not too long, and goes to what is called`() {
    func refusal(
        _ ids: [DeliveryID]? = nil, since: Timestamp? = nil, to endpoint: EndpointState?
    ) -> NotificationRefusal? {
        EndpointRules.refusal(
            ReplayDeliveries(endpointId: "hotline", deliveryIds: ids, since: since, actor: admin), endpoint: endpoint,
            at: clock)
    }

    #expect(refusal(since: clock, to: endpoint()) == nil && refusal(["a"], to: endpoint()) == nil)
    #expect(refusal(to: endpoint()) == .badReplay && refusal([], to: endpoint()) == .badReplay)
    #expect(refusal(since: clock, to: nil) == .notFound)
    #expect(refusal(since: clock, to: endpoint(disabledAt: clock)) == .disabled)
}

// MARK: - Calling

private func calls(
    _ endpoint: EndpointState, of event: NotifiableEvent, told: Set<Told> = [], at moment: Timestamp = clock
) throws -> EndpointCall? {
    try call(
        endpoint, of: event.notify(Notify.endpoints, .endpoint), pack: .sample(), at: moment, wasTold: told.contains)
}

@Test func `an endpoint hears of the events and communities that it asked for, once`() throws {
    let overdue = NotifiableEvent.step(.overdue)
    guard case .call(let sending, let told) = try calls(endpoint(), of: overdue) else {
        return #expect(Bool(false), "it was not called")
    }
    #expect(told.recipientId == "endpoint|hotline" && sending.lane == "endpoint|hotline" && sending.notAfter == nil)
    #expect(sending.deliveryId == DeliveryID(told.messageID.description))
    #expect(sending.message.endpointId == "hotline" && sending.message.title == "case.overdue")
    let body = try ContractCoding.decode(Body.self, from: Data((sending.message.data ?? "").utf8))
    #expect(body.type == "case.overdue" && NotifiableEvent.aboutCase(.changed(body.data)) == overdue)

    #expect(try calls(endpoint(), of: overdue, told: [told]) == nil)
    #expect(try calls(endpoint(events: ["case.closed"]), of: overdue) == nil)
    #expect(try calls(endpoint(events: ["case.overdue"], communities: ["mingdu"]), of: overdue) != nil)
    #expect(try calls(endpoint(communities: ["longjiang"]), of: overdue) == nil)
    // Points belong to no community.
    #expect(try calls(endpoint(communities: ["mingdu"]), of: .points(.released)) == nil)
    #expect(try calls(endpoint(), of: .points(.released)) != nil)
    #expect(try calls(endpoint(ended: true), of: overdue) == nil)
}

@Test func `what a disabled endpoint misses is kept for a week`() throws {
    let disabled = endpoint(disabledAt: clock)
    let week: Int64 = 7 * 86_400_000
    guard case .missed = try calls(disabled, of: .opened, at: clock.adding(milliseconds: week - 1)) else {
        return #expect(Bool(false), "it was not kept")
    }
    #expect(try calls(disabled, of: .opened, at: clock.adding(milliseconds: week)) == nil)
}

private func unitCall(
    _ event: NotifiableEvent, pack: Pack = .sample(), disabled: EndpointState? = nil, to unit: PersonID = "unit-1"
) throws -> EndpointCall? {
    try call(unitOf: event.notify(unit, .unit), pack: pack, disabled: disabled, at: clock, wasTold: { _ in false })
}

@Test func `a unit's webhook gets the event as a Standard Webhooks payload, if the pack names one`() throws {
    guard case .call(let sending, let told) = try unitCall(.step(.overdue)) else {
        return #expect(Bool(false), "it was not called")
    }
    #expect(told == Told(eventId: .named("event"), recipientId: "unit-1", channel: .webhook))
    #expect(sending.message.address == .open(url: "https://units.example/hook"))
    #expect(sending.message.endpointId == .unit("unit-1") && sending.lane == "endpoint|unit:unit-1")
    let body = try ContractCoding.decode(Body.self, from: Data((sending.message.data ?? "").utf8))
    #expect(body.type == "case.overdue" && body.timestamp == .morning)
    #expect(try unitCall(.step(.overdue), to: "unit-2") == nil)
    #expect(try unitCall(.step(.closed)) == nil)
}

@Test func `a webhook that asks for no events in particular gets them all`() throws {
    let pack = Pack.sample(webhooks: [
        PackWebhook(unitId: "unit-1", url: "https://overdue.example", events: ["case.overdue"]),
        PackWebhook(unitId: "unit-1", url: "https://all.example", events: []),
    ])

    #expect(try unitCall(.step(.overdue), pack: pack)?.address == .open(url: "https://overdue.example"))
    #expect(try unitCall(.step(.closed), pack: pack)?.address == .open(url: "https://all.example"))
}

@Test func `a unit's webhook that is gone is called again once the pack names another`() throws {
    var gone = endpoint(disabledAt: clock)
    gone = EndpointState(
        endpointId: .unit("unit-1"), version: 1, address: EndpointAddress(url: "https://units.example/hook"),
        channel: .webhook, events: [], communities: [], disabledReason: "410", disabledAt: clock)
    guard case .missed = try unitCall(.step(.overdue), disabled: gone) else {
        return #expect(Bool(false), "it was not missed")
    }
    let pack = Pack.sample(webhooks: [PackWebhook(unitId: "unit-1", url: "https://new.example", events: [])])
    guard case .call = try unitCall(.step(.overdue), pack: pack, disabled: gone) else {
        return #expect(Bool(false), "it was not called")
    }
}

@Test func `a body that would be too large names only the first reporter`() throws {
    let crowd = (0..<2_000).map { PersonID("rider-\($0)") }
    let endless = NotifiableEvent.step(.overdue, reason: String(repeating: "很", count: 10_000))

    guard case .call(let sending, _) = try unitCall(.step(.overdue, of: .sample(reporters: crowd))) else {
        return #expect(Bool(false), "it was not called")
    }
    let text = sending.message.data ?? ""
    #expect(text.utf8.count < 20_000)
    #expect(try ContractCoding.decode(Body.self, from: Data(text.utf8)).data.case.reporterIds == ["rider-0"])
    #expect(throws: NotificationError.self) { try unitCall(endless) }
}

extension EndpointCall {
    fileprivate var address: OutsideAddress? {
        switch self {
        case .call(let sending, _), .missed(let sending, _): sending.message.address
        }
    }
}

private struct Body: Decodable {
    let type: String
    let timestamp: Timestamp
    let data: CaseChanged
}
