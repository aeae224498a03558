import Contracts
import NotificationsDomain
import Testing

private let url = "https://example.org/hook"

private func add(_ id: EndpointID = "hotline", events: [String] = []) -> AddEndpoint {
    AddEndpoint(
        endpointId: id, address: EndpointAddress(url: url), channel: .webhook, events: events, communities: [],
        actor: .admin)
}

private func overdue(_ event: String, to recipient: PersonID = Notify.endpoints) -> Notify {
    Notify.step(.overdue, to: recipient, as: recipient == Notify.endpoints ? .endpoint : .unit, event: event)
}

private func change(
    _ change: ChangeEndpoint.Change, _ id: EndpointID = "hotline", until: Timestamp? = nil
) -> ChangeEndpoint {
    ChangeEndpoint(change, endpointId: id, formerUntil: until, actor: .admin)
}

@Test func `every endpoint that wants an event is called once, each in its lane`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(add())
    try await office.say(add("closer", events: ["case.closed"]))
    try await office.say(add("second"))
    try await office.say(overdue("1"))
    try await office.say(overdue("1"))

    let planned = try await office.planned()
    #expect(Set(planned.map(\.lane)) == ["endpoint|hotline", "endpoint|second"] && planned.count == 2)
    #expect(planned.allSatisfy { $0.message?.data?.contains("case.overdue") == true && $0.notAfter == nil })
    try await office.report(planned[0], .delivered)
    let ended = try #require(try await office.ended().first)
    #expect(ended.recipientId == Notify.endpoints && ended.endpointId == planned[0].message?.endpointId)
    #expect(ended.outcome == .delivered && ended.reason == nil)
    try await office.close()
}

@Test func `a dead endpoint is disabled, misses nothing for a week, and gets it all by a replay`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(add())
    let beginning = office.clock
    for number in 1...3 { try await office.say(overdue("\(number)")) }
    try await office.report(try await office.planned()[0], .gone, reason: "answered 410")

    #expect(try await office.planned().isEmpty)
    let disabled = try await office.all(
        EndpointDisabled.self, of: EndpointDisabled.type, on: TopicCatalogue.notificationEvents)
    #expect(disabled.map(\.reason) == ["answered 410"])
    #expect(try await office.endpoint("hotline")?.disabledReason == "answered 410")
    office.wait(minutes: 60)
    try await office.say(overdue("4"))
    #expect(try await office.planned().isEmpty)
    #expect(try await office.ended().map(\.outcome) == [.gone, .failed, .failed, .failed])

    let replay = ReplayDeliveries(endpointId: "hotline", since: beginning, actor: .admin)
    try await office.say(replay)
    #expect(try await office.refusals() == ["endpoint-disabled"])
    try await office.say(change(.enable))
    try await office.say(replay)
    #expect(try await office.planned().count == 4)
    for sending in try await office.planned() { try await office.report(sending, .delivered) }
    #expect(try await office.ended().suffix(4).allSatisfy { $0.outcome == .delivered })
    #expect(try await office.deadLetters() == 0)
    try await office.close()
}

@Test func `an endpoint that never answered for three days is disabled, one that refused a call is not`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(add())
    try await office.say(overdue("1"))
    try await office.report(try await office.planned()[0], .failed, canRetry: false, reason: "redirects")
    #expect(try await office.endpoint("hotline")?.disabledAt == nil)

    try await office.say(overdue("2"))
    for _ in 0..<10 {
        let sending = try #require(try await office.planned().first)
        office.wait(minutes: 2_000)
        try await office.report(sending, .failed, canRetry: true, reason: "no answer in time")
    }
    #expect(try await office.planned().isEmpty)
    #expect(try await office.endpoint("hotline")?.disabledReason == "no answer in time")
    try await office.close()
}

@Test func `what waits is signed with the new secret after a rotation, and given up after a removal`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(add())
    try await office.say(overdue("1"))
    let until = office.clock.adding(milliseconds: 86_400_000)
    try await office.say(change(.rotate, until: until))
    #expect(
        try await office.planned().map(\.message?.address) == [
            .endpoint(
                address: EndpointAddress(url: url), endpointId: "hotline", generation: 2, formerUntil: until)
        ])

    try await office.say(change(.remove))
    try await office.say(overdue("2"))
    #expect(try await office.planned().isEmpty)
    #expect(try await office.ended().map(\.reason) == ["the endpoint was removed"])
    try await office.say(add())
    #expect(try await office.endpoint("hotline")?.generation == 3)
    try await office.close()
}

@Test func `a replay takes what was planned for the endpoint, some or of a time`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(add())
    try await office.say(add("second"))
    for number in 1...2 {
        try await office.say(overdue("\(number)"))
        office.wait(minutes: 10)
    }
    let sendings = try await office.planned()
    for sending in sendings { try await office.report(sending, .delivered) }
    let mine = sendings.filter { $0.lane == "endpoint|hotline" }
    let other = try #require(sendings.first { $0.lane == "endpoint|second" })

    try await office.say(
        ReplayDeliveries(endpointId: "hotline", deliveryIds: [mine[0].id, other.id, "nothing"], actor: .admin))
    #expect(try await office.planned().map(\.id) == [mine[0].id])
    try await office.say(
        ReplayDeliveries(
            endpointId: "hotline", since: .morning, until: office.clock.adding(milliseconds: -600_000), actor: .admin))
    #expect(try await office.planned().map(\.id) == [mine[0].id])
    try await office.say(ReplayDeliveries(endpointId: "hotline", deliveryIds: [other.id], actor: .admin))
    try await office.say(
        ReplayDeliveries(endpointId: "hotline", since: .morning, actor: .person("rider-1")))
    #expect(try await office.refusals() == ["not-found", "not-allowed"])
    try await office.close()
}

@Test func `a unit's webhook that is gone waits for an operator, or for another in the pack`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(overdue("1", to: "unit-1"))
    try await office.report(try await office.planned()[0], .gone, reason: "answered 410")
    #expect(try await office.endpoint(.unit("unit-1"))?.disabledReason == "answered 410")
    try await office.say(overdue("2", to: "unit-1"))
    #expect(try await office.planned().isEmpty)

    try await office.say(change(.enable, .unit("unit-1")))
    try await office.say(ReplayDeliveries(endpointId: .unit("unit-1"), since: .morning, actor: .admin))
    #expect(try await office.planned().count == 2)
    try await office.say(change(.remove, .unit("unit-1")))
    #expect(try await office.refusals() == ["endpoint-of-pack"])
    try await office.close()
}
