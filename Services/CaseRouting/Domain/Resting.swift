import Contracts

extension Case {
    /// The roads on which a case is put aside for a while, and those back.
    func takeAside(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        let stage = course.current.stage
        switch (act.action, stage) {
        case (.park, .dispatched(let assignment)): return try park(act, because: reason, assignment, course)
        case (.resume, .parked(let parking)):
            return try goBack(act, because: reason, to: .dispatched(parking.assignment), course, circumstances)
        case (.resume, .referred(let origin)):
            return try goBack(act, because: reason, to: origin, course, circumstances)
        case (.reply, .waiting(let waiting)):
            return try goBack(act, because: reason, to: waiting.origin, course, circumstances)
        case (.askReporter, _):
            guard let origin = stage.origin else { return .refused(wrongStage(for: act.action)) }
            return try askReporter(act, asking: reason, origin, course, circumstances)
        case (.refer, _):
            guard let origin = try stage.origin?.paused(at: course.now) else {
                return .refused(wrongStage(for: act.action))
            }
            var course = course
            try course.pauseFiling()
            try course.pauseKeeper()
            course.take(.referred, by: act.actor.personId, reason: reason) { $0.stage = .referred(origin) }
            return .decided(course.decision)
        default: return .refused(wrongStage(for: act.action))
        }
    }

    /// 挂账, with a plan and a date; the clock stands still.
    private func park(
        _ act: ActOnCase, because plan: String, _ assignment: Assignment, _ course: Course
    ) throws -> CaseAnswer {
        guard let until = act.details?.until, until > course.now else {
            return .refused(.momentIsOver(for: act.action))
        }
        var course = course
        var assignment = assignment
        try course.pauseKeeper()
        try assignment.time?.pause(at: course.now)
        let parking = Parking(assignment: assignment, until: until)
        course.take(.parked, by: act.actor.personId, reason: plan, details: StepDetails { $0.until = until }) {
            $0.stage = .parked(parking)
        }
        return .decided(course.decision)
    }

    /// 待补充: the clock stands still until the answer comes, or the time for it is over.
    private func askReporter(
        _ act: ActOnCase, asking question: String, _ origin: Origin, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let until: Timestamp
        switch circumstances.replyEnd(named: act.details?.until, for: category) {
        case .until(let end): until = end
        case .refused(let refusal): return .refused(refusal)
        }
        var course = course
        try course.pauseFiling()
        try course.pauseKeeper()
        let waiting = Waiting(
            origin: try origin.paused(at: course.now), until: until, question: Masking.masked(question))
        let details = StepDetails { $0.until = until }
        course.take(.informationAsked, by: act.actor.personId, reason: question, details: details) { changed in
            changed.stage = .waiting(waiting)
        }
        return .decided(course.decision)
    }

    private func goBack(
        _ act: ActOnCase, because reason: String, to origin: Origin, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        var course = course
        let step: CaseChanged.Step = act.action == .reply ? .informationGiven : .resumed
        try course.goBack(step, by: act.actor.personId, reason: reason, to: origin, table: circumstances.table)
        return .decided(course.decision)
    }

    /// The date of a parked case has come, or a reporter did not answer in time.
    func endRest(in circumstances: Circumstances) throws -> CaseDecision? {
        var course = Course(self, at: circumstances.now)
        switch stage {
        case .parked(let parking):
            try course.goBack(
                .resumed, by: nil, reason: "挂账到期 / the date of the plan has come", to: .dispatched(parking.assignment),
                table: circumstances.table)
        case .waiting(let waiting):
            try course.goBack(
                .resumed, by: nil, reason: "上报人未在期限内补充 / the reporter did not answer in time", to: waiting.origin,
                table: circumstances.table)
        default: return nil
        }
        return course.decision
    }
}

extension Course {
    /// The case goes back to where it stood, and its clock runs on.
    mutating func goBack(
        _ step: CaseChanged.Step, by actorId: PersonID?, reason: String?, to origin: Origin, table: RoutingTable?
    ) throws {
        let now = self.now
        let (reading, fault) = table.clockReading
        let hasClock: Bool
        let stage: Case.Stage
        switch origin {
        case .opened(let proposed):
            try resumeFiling(by: reading)
            hasClock = current.filing != nil
            stage = .opened(proposed: proposed)
        case .filed(let proposed):
            hasClock = current.keeperTime != nil
            stage = .filed(proposed: proposed)
        case .dispatched(var assignment):
            try assignment.time?.resume(at: now, by: reading)
            hasClock = assignment.time != nil
            stage = .dispatched(assignment)
        }
        try resumeKeeper(by: reading)
        take(step, by: actorId, reason: reason) { changed in
            changed.stage = stage
            if hasClock, let fault { changed.flag("时限无法计算 / the deadline cannot be counted: \(fault)") }
        }
        // What was overdue before it rested may have a later deadline now, which is the ladder's.
        climb(by: table)
    }
}

extension RoutingTable? {
    /// What clocks are read by, or why they cannot be.
    fileprivate var clockReading: (reading: ClockReading?, fault: String?) {
        switch self?.reading ?? .fault("no pack is in force") {
        case .value(let reading): (reading, nil)
        case .fault(let fault): (nil, fault)
        }
    }
}

extension Origin {
    /// With the clock standing still, where there is one.
    fileprivate func paused(at now: Timestamp) throws -> Origin {
        guard case .dispatched(var assignment) = self else { return self }
        try assignment.time?.pause(at: now)
        return .dispatched(assignment)
    }
}

private enum ReplyEnd {
    case until(Timestamp)
    case refused(CaseRefusal)
}

extension Circumstances {
    /// By when the reporter is to answer: as was said, else as the pack has it.
    fileprivate func replyEnd(named until: Timestamp?, for category: CategoryCode) -> ReplyEnd {
        if let until { return until > now ? .until(until) : .refused(.momentIsOver(for: .askReporter)) }
        guard let table else { return .refused(.noPackForClocks) }
        switch table.replyEnd(from: now) {
        case .value(let end): return .until(end)
        case .fault(let fault): return .refused(.packFault(category, fault))
        }
    }
}
