import Contracts
import NotificationsDomain
import Testing

private func worker(_ id: PersonID, unit: UnitID = "unit-1", in communities: [CommunityID] = []) -> PackPerson {
    PackPerson(id: id, roles: ["worker"], unitId: unit, communityIds: communities)
}

/// Weekdays from six to two for the first, from two to ten for the second, and from ten to six for the third.
private let shifts = [
    ("early", [360, 840]), ("late", [840, 1_320]), ("night", [1_320, 1_800]),
].flatMap { person, minutes in
    ["monday", "tuesday", "wednesday", "thursday", "friday"].map {
        PackDuty(personId: PersonID(person), day: $0, minutes: minutes)
    }
}

private func told(
    at minute: Int64, duties: [PackDuty]? = shifts,
    people: [PackPerson] = ["early", "late", "night"].map { worker($0) },
    by logic: NotificationLogic = .newest
) -> [PersonID] {
    let pack = Pack.sample(
        templates: [PackTemplate(event: "case.escalated", role: .member, title: "请督办", body: "{reason}")],
        people: people, duties: duties)
    // 2026-11-23, a Monday, at midnight in Nanchang.
    let moment = Timestamp(milliseconds: 1_795_392_900_000 - 495 * 60_000 + minute * 60_000)
    return members(
        toldOf: NotifiableEvent.step(.escalated).notify("unit-1", .unit), pack: pack, at: moment, by: logic
    ).map(\.recipientId)
}

@Test(
    arguments: [
        (495, "early"), (839, "early"), (840, "late"), (1_320, "night"), (1_440 + 359, "night"),
    ] as [(Int64, PersonID)])
func `of a unit those are told who are on duty when they are told`(minute: Int64, person: PersonID) {
    #expect(told(at: minute) == [person])
}

@Test func `where nobody is on duty, or nobody keeps a roster, all of the unit are told`() {
    let all: [PersonID] = ["early", "late", "night"]
    // Before the first night shift of the week, and on Sunday.
    #expect(told(at: 100) == all)
    #expect(told(at: 6 * 1_440 + 600) == all)
    #expect(told(at: 495, duties: nil) == all)
    #expect(told(at: 495, duties: [PackDuty(personId: "else", day: "monday", minutes: [0, 1_440])]) == all)
    #expect(told(at: 495, by: NotificationLogic(1)) == all)
}

@Test func `who serves where the case is comes before who is on duty elsewhere`() {
    let people = [worker("early", in: ["longjiang"]), worker("late", in: ["mingdu"]), worker("night", in: ["mingdu"])]
    #expect(told(at: 495, people: people) == ["late", "night"])
    #expect(told(at: 900, people: people) == ["late"])
}
