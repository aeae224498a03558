import Contracts
import NotificationsDomain
import Testing

private let reporters = [
    Addressee(recipientId: "rider-1", role: .reporter), Addressee(recipientId: "rider-2", role: .reporter),
]
private let handler = Addressee(recipientId: "worker-1", role: .handler)
private let unit = Addressee(recipientId: "unit-1", role: .unit)

@Test(arguments: [
    (NotifiableEvent.opened, [reporters[0]]), (.joined, [reporters[1]]), (.step(.filed), reporters),
    (.step(.refused), reporters), (.step(.dispatched), reporters + [handler, unit]), (.step(.returned), []),
    (.step(.handled), []), (.step(.verified, agrees: true), []), (.step(.verified, agrees: false), [handler]),
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
    #expect(addressees(of: event) == expected)
}

@Test(arguments: [CaseChanged.Step.escalated, .whistled, .coOwnerAdded, .coOwnerOverdue, .keptOverdue])
func `a step about units concerns those units, and the owner's where none is named`(step: CaseChanged.Step) {
    let named = StepDetails { $0.unitIds = ["street", "fire"] }

    #expect(
        addressees(of: .step(step, details: named)) == [
            Addressee(recipientId: "street", role: .unit), Addressee(recipientId: "fire", role: .unit),
        ])
    #expect(addressees(of: .step(step)) == [unit])
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
        members(toldOf: NotifiableEvent.step(step).notify(unit, .unit), pack: pack)
    }

    #expect(told("street").map(\.recipientId) == ["clerk-1", "clerk-2"])
    #expect(told("street").allSatisfy { $0.role == .member && $0.event.id == .named("event") })
    // Better somebody from elsewhere than nobody.
    #expect(told("district").map(\.recipientId) == ["far"])
    #expect(told("street", of: .whistled).isEmpty && told("street", by: nil).isEmpty && told("nobody").isEmpty)
    #expect(members(toldOf: NotifiableEvent.step(.escalated).notify("clerk-1", .member), pack: pack).isEmpty)
}

@Test func `a person who reported twice is named once, and one who is handler, too, in both roles`() {
    let reference = CaseReference.sample(reporters: ["worker-1", "rider-1", "worker-1"])

    let found = addressees(of: .step(.reopened, of: reference))

    #expect(
        found == [
            Addressee(recipientId: "worker-1", role: .reporter), Addressee(recipientId: "rider-1", role: .reporter),
            Addressee(recipientId: "worker-1", role: .handler),
        ])
    #expect(Set(found.map(\.name)).count == 3)
}

@Test func `nobody writes to who reported anonymously`() {
    let reference = CaseReference.sample(reporters: [.anonymous("7f3a"), "rider-2"])

    #expect(addressees(of: .step(.filed, of: reference)) == [reporters[1]])
    #expect(addressees(of: .step(.dispatched, of: reference)) == [reporters[1], handler, unit])
}

@Test func `a case without an owner or handler concerns its reporters only`() {
    #expect(addressees(of: .step(.dispatched, of: .sample(owner: nil, handler: nil))) == reporters)
    #expect(addressees(of: .step(.overdue, of: .sample(owner: nil, handler: nil))).isEmpty)
}
