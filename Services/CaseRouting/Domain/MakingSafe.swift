import Contracts
import WorkingTime

extension Case {
    /// 围护: the danger is fenced off before the limit of that; from the same dispatch there is time for the lasting repair.
    ///
    /// Who came too late for the first stage stays late: more time moves the deadline and leaves the breach.
    func makeSafe(
        _ act: ActOnCase, _ assignment: Assignment, _ course: Course, _ circumstances: Circumstances
    ) -> CaseAnswer {
        guard let limit = assignment.repairLimit else { return .refused(wrongStage(for: act.action)) }
        guard let reading = circumstances.table?.reading else { return .refused(.noPackForClocks) }
        let read: ClockReading
        switch reading {
        case .value(let value): read = value
        case .fault(let fault): return .refused(.packFault(category, fault))
        }
        let actorId = act.actor.personId
        let details = StepDetails {
            $0.photos = act.details?.photosOnly?.photos
            $0.limit = limit.text
        }
        var course = course
        var safe = assignment
        safe.madeSafeAt = course.now
        safe.allow(limit, at: course.now, by: read)
        course.take(.madeSafe, by: actorId, reason: act.givenReason, details: details) { changed in
            changed.stage = .dispatched(safe)
            changed.involve(actorId)
            changed.show(details.photos)
        }
        // What had missed its deadline has another to miss, and the ladder begins at the bottom again.
        course.climb(by: circumstances.table)
        return .decided(course.decision)
    }
}

extension Assignment {
    /// Whether it can be made safe 围护 before it is repaired.
    var canBeMadeSafe: Bool { repairLimit != nil && madeSafeAt == nil }

    /// Another limit from the original start.
    fileprivate mutating func allow(_ limit: TimeLimit, at now: Timestamp, by reading: ClockReading) {
        guard var time else { return }
        // Whether the first stage was late was told before this.
        _ = time.change(to: limit, at: now, by: reading)
        self.time = time
    }
}

extension RoutingTable {
    /// How long handling may take as far as it has come: making it safe first, where the category has two stages.
    func handlingLimit(for category: CategoryCode, isSafe: Bool) -> Readable<TimeLimit>? {
        if isSafe, let repair = steps.repairLimit(for: category) { return .value(repair) }
        return categories[category]
    }
}
