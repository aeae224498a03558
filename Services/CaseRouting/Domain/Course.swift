package import Contracts

/// One change of a case under way: the steps taken so far, each with the event that tells of it.
///
/// A change is one version, however many steps it has.
struct Course {
    private(set) var current: Case
    private(set) var events: [CaseEvent] = []
    let now: Timestamp
    private let first: CaseStage

    init(_ case: Case, at now: Timestamp) {
        current = `case`
        current.version += 1
        self.now = now
        first = `case`.stage.name
    }

    /// Goes on with a change that was begun elsewhere.
    init(continuing decision: CaseDecision, at now: Timestamp) {
        current = decision.case
        events = decision.events
        self.now = now
        first = decision.case.stage.name
    }

    /// Changes what no event tells of by itself.
    mutating func alter(_ change: (inout Case) -> Void) { change(&current) }

    var decision: CaseDecision {
        var last = self
        // Whoever takes a case from its handler thereby ends what others were called for.
        last.noticeWhistle()
        if last.current.stage.name != first {
            last.current.stageChange = CaseState.StageChange(version: last.current.version, at: now)
        }
        return CaseDecision(case: last.current, events: last.events)
    }

    /// Changes the case and says which step that was.
    mutating func take(
        _ step: CaseChanged.Step, by actorId: PersonID?, reason: String? = nil, agrees: Bool? = nil,
        deadline: Timestamp? = nil, details: StepDetails? = nil, _ change: (inout Case) -> Void
    ) {
        change(&current)
        let tellsDeadline = [.dispatched, .overdue, .nearDue, .resumed, .informationGiven, .extensionDecided]
            .contains(step)
        let tellsReworks = step == .verified || step == .dispatched
        events.append(
            .changed(
                CaseChanged(
                    step: step, case: current.reference, at: now, actorId: actorId, reason: reason, agrees: agrees,
                    deadline: deadline ?? (tellsDeadline ? current.stage.assignment?.deadline : nil),
                    reworks: tellsReworks ? current.reworks : nil, details: details)))
    }

    /// Changes the case and tells of it in another event than a step's.
    mutating func take(_ change: (inout Case) -> Void, telling event: (Case) -> CaseEvent) {
        change(&current)
        events.append(event(current))
    }

    /// Changes the case where that is nothing to tell anybody.
    mutating func note(_ change: (inout Case) -> Void) {
        change(&current)
    }

    /// The case leaves for another community.
    mutating func depart(to target: CommunityID, by actorId: PersonID, reason: String) {
        current.stage = .transferred(Departure(owner: current.stage.owner, toCommunityId: target))
        events.append(
            .transferred(
                CaseTransferred(
                    case: current.reference, toCommunityId: target, reportIds: current.reports.map(\.reportId), at: now,
                    actorId: actorId, reason: reason)))
    }

    /// Says that the deadline has passed, once per dispatch; false where there is nothing to say.
    @discardableResult mutating func noticeDeadline() -> Bool {
        guard case .dispatched(let assignment) = current.stage, !assignment.isOverdue,
            let deadline = assignment.deadline, now > deadline
        else { return false }
        miss(assignment)
        return true
    }

    /// Says that the deadline was missed.
    mutating func miss(_ assignment: Assignment) {
        var missed = assignment
        missed.isOverdue = true
        take(.overdue, by: nil) { $0.stage = .dispatched(missed) }
    }
}

extension Case {
    /// The deadline's timer went off: nil where nobody needs to hear of it any more.
    ///
    /// The deadline's own millisecond is still on time.
    package func passDeadline(at now: Timestamp, by table: RoutingTable? = nil) -> CaseDecision? {
        var course = Course(self, at: now)
        guard course.noticeDeadline() else { return nil }
        course.climb(by: table)
        return course.decision
    }

    /// 临期: warns once for each deadline; nil where nobody needs to hear of it any more.
    func comeNearDue(in circumstances: Circumstances) -> CaseDecision? {
        guard watchedNearDue != nil, case .dispatched(var assignment) = stage else { return nil }
        var course = Course(self, at: circumstances.now)
        // The pack that set the moment may have gone: what it is called in the pack in force is near enough.
        let used = circumstances.table?.nearDue
        assignment.time?.warn()
        course.take(.nearDue, by: nil, details: StepDetails { $0.used = used }) { $0.stage = .dispatched(assignment) }
        return course.decision
    }
}
