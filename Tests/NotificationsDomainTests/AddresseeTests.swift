import Contracts
import NotificationsDomain
import Testing

private let reporters = [
    Addressee(recipientId: "rider-1", role: .reporter), Addressee(recipientId: "rider-2", role: .reporter),
]
private let handler = Addressee(recipientId: "worker-1", role: .handler)
private let unit = Addressee(recipientId: "unit-1", role: .unit)
private let dispatchers = Addressee(recipientId: "dispatcher:mingdu", role: .dispatcher)
private let verifiers = Addressee(recipientId: "verifier:mingdu", role: .verifier)
private let station = Addressee(recipientId: "station:mingdu-station", role: .station)

/// All but the programs, which hear of everything.
private func people(of event: NotifiableEvent) -> [Addressee] {
    let found = addressees(of: event)
    #expect(found.last == .endpoints)
    return found.dropLast()
}

@Test(arguments: [
    (NotifiableEvent.opened, [reporters[0], dispatchers]), (.joined, [reporters[1]]),
    (.step(.filed), reporters + [dispatchers]), (.step(.refused), reporters),
    (.step(.dispatched), reporters + [handler, unit]), (.step(.returned), [dispatchers]),
    (.step(.handled), [verifiers]), (.step(.filingOverdue), [dispatchers]), (.step(.dispatchOverdue), [dispatchers]),
    (.step(.verificationOverdue), [verifiers, dispatchers]), (.step(.extensionAsked), [dispatchers]),
    (.step(.mergeProposed), [dispatchers]), (.step(.accepted), []),
    (.order(.placed), [reporters[0], station]), (.order(.handedOver, by: "station-1"), [reporters[0]]),
    (.order(.cancelled), [station]), (.order(.cancelled, by: "station-1"), [reporters[0], station]),
    (.order(.expired, by: nil), [reporters[0], station]), (.order(.outOfStock, by: "station-1"), [reporters[0]]),
    (.order(.takenBack, by: "station-1"), [reporters[0]]), (.step(.verified, agrees: true), []),
    (.step(.verified, agrees: false), [handler]),
    (.step(.closed), reporters + [unit]), (.step(.reopened), reporters + [handler]),
    (.step(.overdue), [handler, unit]), (.transferred, reporters), (.points(.pended), [reporters[0]]),
    (.step(.cancelled), reporters), (.reclassified, []), (.amended(.added, stage: .dispatched), [handler]),
    (.amended(.edited, stage: .dispatched), [handler]), (.amended(.added, stage: .filed), []),
    (.amended(.withdrawn, stage: .opened), []),
    (.points(.released), [reporters[0]]), (.points(.voided), [reporters[0]]), (.points(.capped), [reporters[0]]),
    (.notice(.given), [reporters[0]]), (.notice(.upheld), [reporters[0]]), (.notice(.lapsed), [reporters[0]]),
    (.notice(.dismissed), [reporters[0]]), (.notice(.objected), []),
])
func `each step concerns those who wait for it`(event: NotifiableEvent, expected: [Addressee]) {
    #expect(people(of: event) == expected)
}

@Test(arguments: [CaseChanged.Step.escalated, .whistled, .coOwnerAdded, .coOwnerOverdue, .keptOverdue])
func `a step about units concerns those units, and the owner's where none is named`(step: CaseChanged.Step) {
    let named = StepDetails { $0.unitIds = ["street", "fire"] }

    #expect(
        people(of: .step(step, details: named)) == [
            Addressee(recipientId: "street", role: .unit), Addressee(recipientId: "fire", role: .unit),
        ])
    #expect(people(of: .step(step)) == [unit])
}

@Test func `the people of a unit hear what it is told, those who serve there, if the pack has words for it`() {
    func person(
        _ id: PersonID, _ unit: UnitID?, _ roles: [String] = ["worker"], in places: CommunityID...
    ) -> PackPerson {
        PackPerson(id: id, roles: roles, unitId: unit, communityIds: places)
    }
    let words = PackTemplate(event: "case.escalated", role: .member, title: "请督办", body: "{reason}")
    let people = [
        person("clerk-1", "street"), person("clerk-2", "street", in: "mingdu"),
        person("clerk-3", "street", in: "longjiang"), person("checker", "street", ["verifier"]),
        person("sweeper", "sanitation"), person("far", "district", in: "longjiang"),
        person("desk", nil, ["dispatcher"]),
    ]
    let pack = Pack.sample(templates: [words], people: people)
    func told(_ unit: PersonID, of step: CaseChanged.Step = .escalated, by pack: Pack? = pack) -> [Notify] {
        members(toldOf: NotifiableEvent.step(step).notify(unit, .unit), pack: pack, at: .morning)
    }

    #expect(told("street").map(\.recipientId) == ["clerk-1", "clerk-2"])
    #expect(told("street").allSatisfy { $0.role == .member && $0.event.id == .named("event") })
    // Better somebody from elsewhere than nobody.
    #expect(told("district").map(\.recipientId) == ["far"])
    #expect(told("street", of: .whistled).isEmpty && told("street", by: nil).isEmpty && told("nobody").isEmpty)
    #expect(
        members(toldOf: NotifiableEvent.step(.escalated).notify("clerk-1", .member), pack: pack, at: .morning).isEmpty)
}

@Test func `a person who reported twice is named once, and one who is handler, too, in both roles`() {
    let reference = CaseReference.sample(reporters: ["worker-1", "rider-1", "worker-1"])

    let found = people(of: .step(.reopened, of: reference))

    #expect(
        found == [
            Addressee(recipientId: "worker-1", role: .reporter), Addressee(recipientId: "rider-1", role: .reporter),
            Addressee(recipientId: "worker-1", role: .handler),
        ])
    #expect(Set(found.map(\.name)).count == 3)
}

@Test func `nobody writes to who reported anonymously`() {
    let reference = CaseReference.sample(reporters: [.anonymous("7f3a"), "rider-2"])

    #expect(people(of: .step(.closed, of: reference)) == [reporters[1], unit])
    #expect(people(of: .step(.dispatched, of: reference)) == [reporters[1], handler, unit])
}

@Test func `a case without an owner or handler concerns its reporters only`() {
    #expect(people(of: .step(.dispatched, of: .sample(owner: nil, handler: nil))) == reporters)
    #expect(people(of: .step(.overdue, of: .sample(owner: nil, handler: nil))).isEmpty)
}

@Test
func `dispatchers and verifiers hear of their communities, station staff of their station, nobody of their own deed`() {
    func person(_ id: PersonID, _ roles: [String], in places: CommunityID...) -> PackPerson {
        PackPerson(id: id, roles: roles, unitId: nil, communityIds: places)
    }
    let words = ["case.dispatch-overdue", "case.verification-overdue", "order.placed"].flatMap { event in
        [AudienceRole.dispatcher, .verifier, .station].map {
            PackTemplate(event: event, role: $0, title: "t", body: "b")
        }
    }
    let people = [
        person("desk", ["dispatcher"]), person("desk-mingdu", ["dispatcher", "admin"], in: "mingdu"),
        person("desk-longjiang", ["dispatcher"], in: "longjiang"), person("checker", ["verifier"], in: "mingdu"),
        person("dispatcher-1", ["dispatcher"]),
    ]
    let points = PackPoints {
        $0.stations = [
            PackStation(
                id: "mingdu-station", name: "名都驿站", communityId: "mingdu", address: "", hours: "",
                staffIds: ["station-1", "station-2"])
        ]
    }
    let pack = Pack.sample(templates: words, people: people, points: points)
    func told(_ event: NotifiableEvent, _ recipient: PersonID, _ role: AudienceRole) -> [PersonID] {
        members(toldOf: event.notify(recipient, role), pack: pack, at: .morning).map(\.recipientId)
    }

    // dispatcher-1 did it.
    #expect(told(.step(.dispatchOverdue), "dispatcher:mingdu", .dispatcher) == ["desk", "desk-mingdu"])
    #expect(told(.step(.verificationOverdue), "verifier:mingdu", .verifier) == ["checker"])
    #expect(told(.order(.placed), "station:mingdu-station", .station) == ["station-1", "station-2"])
    #expect(told(.order(.placed, by: "station-1"), "station:mingdu-station", .station) == ["station-2"])
    #expect(told(.order(.placed), "station:nowhere", .station).isEmpty)
    // One of them is one person, and stands for nobody else.
    #expect(told(.step(.dispatchOverdue), "desk", .dispatcher).isEmpty)
}

@Test func `whose part of a case's points changed hears of it, each with their own part`() {
    let event = NotifiableEvent.shared(
        ["rider-1": -4, "rider-2": 4, "rider-3": 0, "team/riders-1": 2], gainer: "rider-2")

    #expect(addressees(of: event).map(\.name) == ["reporter:rider-1", "reporter:rider-2", "endpoint:endpoints"])
    let template = PackTemplate(event: "points.shared", role: .reporter, title: "待发积分 {points} 分", body: "{reason}")
    func message(_ person: PersonID, by logic: NotificationLogic = .newest) -> InboxMessageState? {
        let ways = ways(
            of: event.notify(person, .reporter), pack: .sample(templates: [template]), settings: nil, at: .morning,
            by: logic, wasTold: { _ in false })
        guard case .write(let message) = ways.first else { return nil }
        return message
    }
    #expect(message("rider-1")?.title == "待发积分 -4 分" && message("rider-1")?.points == -4)
    #expect(message("rider-2")?.title == "待发积分 +4 分" && message("rider-2")?.points == 4)
}
