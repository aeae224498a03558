import Contracts
import PointsDomain
import Testing

private let points = PackPoints {
    $0.tasks = [
        PackTask(id: "night-patrol", name: "夜间巡查", pointsPerHour: 5, mostMinutes: 240),
        PackTask(id: "visit", name: "探访", pointsPerHour: 0, mostMinutes: 240),
    ]
    $0.teams = [
        PackTeam(id: "riders-1", name: "一队", ledgerId: "nanchang", leaderId: "rider-9", memberIds: ["rider-1"]),
        PackTeam(id: "riders-2", name: "二队", ledgerId: "elsewhere", leaderId: "rider-9", memberIds: ["rider-1"]),
    ]
}

private let evening = Timestamp.morning.adding(milliseconds: 10 * 3_600_000)

private func record(
    _ id: HoursRecordID = "hours-1", of person: PersonID = "rider-1", team: TeamID? = nil,
    task: String = "night-patrol",
    minutes: Int = 120, after: Int64 = 0, reverses: HoursRecordID? = nil, reason: String? = nil,
    by actor: Actor = Actor(personId: "desk", roles: ["dispatcher"])
) -> RecordHours {
    RecordHours(
        recordId: id, ledgerId: "nanchang", personId: person, teamId: team, taskId: task, minutes: minutes,
        servedAt: Timestamp.morning.adding(milliseconds: after * 60_000), reverses: reverses, reason: reason,
        actor: actor)
}

private func fault(_ record: RecordHours, besides: [RecordHours] = []) -> HoursFault? {
    PointsDomain.fault(
        of: record, entry: record.entry(by: points), by: points, besides: besides.map { $0.entry(by: points) },
        at: evening)
}

@Test func `hours are entered by staff, never by oneself, and for somebody`() {
    #expect(fault(record()) == nil)
    for role in ["admin", "station"] {
        #expect(fault(record(by: Actor(personId: "desk", roles: [role]))) == nil)
    }
    #expect(fault(record(by: Actor(personId: "desk", roles: ["worker", "rider"]))) == .notAllowed)
    #expect(fault(record(of: "desk")) == .notAllowed)
    #expect(fault(record(of: .anonymous("7f3a"))) == .nobody)
}

@Test func `an entry has the minutes of a day at most, is over, and is of a task and team that the pack knows`() {
    #expect(fault(record(minutes: 0)) == .badMinutes)
    #expect(fault(record(minutes: 1_441)) == .badMinutes)
    #expect(fault(record(minutes: 120, after: 480)) == nil)
    #expect(fault(record(minutes: 121, after: 480)) == .notYetServed)
    #expect(fault(record(task: "sleep")) == .unknownTask("sleep"))
    #expect(fault(record(team: "riders-1")) == nil)
    #expect(fault(record(team: "riders-2")) == .unknownTeam("riders-2"))
    #expect(record().entry(by: points).teamId == "riders-1")
    #expect(record(of: "rider-2").entry(by: points).teamId == nil)
}

@Test func `no minute of a person is entered twice`() {
    let first = record()

    #expect(fault(record("hours-2", minutes: 60, after: 119), besides: [first]) == .overlaps(first.entry(by: points)))
    #expect(fault(record("hours-2", minutes: 60, after: 120), besides: [first]) == nil)
    #expect(fault(record("hours-2", minutes: 60, after: -60), besides: [first]) == nil)
    #expect(fault(record("hours-2", minutes: 61, after: -60), besides: [first]) != nil)
}

@Test func `an entry is taken back once, whole, and with a reason`() {
    let entry = record().entry(by: points)
    func fault(_ record: RecordHours, of entry: HoursEntry?) -> HoursFault? {
        PointsDomain.fault(of: record, takingBack: entry, named: "hours-1")
    }
    let back = record("hours-2", reverses: "hours-1", reason: "登记重复")

    #expect(fault(back, of: entry) == nil)
    #expect(back.entry(by: points).minutes == -120)
    #expect(fault(record("hours-2", reverses: "hours-1"), of: entry) == .reasonMissing)
    #expect(fault(back, of: nil) == .noEntry("hours-1"))
    #expect(fault(back, of: back.entry(by: points)) == .noEntry("hours-1"))
    #expect(fault(record("hours-2", minutes: 60, reverses: "hours-1", reason: "x"), of: entry) == .differs(entry))
    let taken = HoursEntry(
        recordId: "hours-1", ledgerId: "nanchang", personId: "rider-1", teamId: nil, taskId: "night-patrol",
        minutes: 120, servedAt: .morning, reversedBy: "hours-9")
    #expect(fault(back, of: taken) == .takenBack("hours-1", by: "hours-9"))
}

@Test(arguments: [(59, 0), (60, 5), (119, 5), (120, 10), (240, 20), (600, 20)])
func `only full hours earn, and no more than a task lets count`(minutes: Int, earned: Int) {
    let task = PackTask(id: "night-patrol", name: "夜间巡查", pointsPerHour: 5, mostMinutes: 240)

    #expect(task.points(for: minutes) == earned)
}

@Test func `an award says its rule, and is cut where the budget is short`() throws {
    let entry = record().entry(by: points)
    let task = try #require(points.tasks?.first)
    func award(budget: Int) -> Transfer? {
        entry.award(by: task, budget: budget, expiresAt: nil, actor: "desk", cause: .named("cause"))
    }

    let whole = try #require(award(budget: 10))
    #expect(whole.event.step == .awarded && whole.event.points == 10)
    #expect(whole.event.explanation.contains("夜间巡查") && !whole.event.explanation.contains("预算"))
    let short = try #require(award(budget: 7))
    #expect(short.event.points == 7 && short.event.explanation.contains("预算只余 7 分"))
    #expect(short.movements.map(\.amount) == [-7, 7])
    let none = try #require(award(budget: 0))
    #expect(none.event.step == .capped && none.movements.isEmpty)
    #expect(Set([whole, short, none].map(\.event.transferId)).count == 1)
    let visit = try #require(points.tasks?.last)
    #expect(entry.award(by: visit, budget: 10, expiresAt: nil, actor: "desk", cause: .named("cause")) == nil)
}
