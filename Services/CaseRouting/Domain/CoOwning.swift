import Contracts
import WorkingTime

extension Case {
    /// The most units that have a part in a case beside its owner.
    package static let mostCoOwners = 10

    /// The co-owners whose part is not done, in order of coming.
    var openParts: [CaseCourse.CoOwner] { (coOwners ?? []).filter { $0.handledAt == nil } }

    /// The co-owners whose deadline must be watched, and until when; only while somebody is at work on the case.
    var watchedParts: [(unitId: UnitID, deadline: Timestamp)] {
        guard case .dispatched = stage else { return [] }
        return openParts.compactMap { part in
            guard !part.isOverdue, let deadline = part.deadline else { return nil }
            return (part.unitId, deadline)
        }
    }

    func tellCoOwners(_ course: inout CaseCourse) {
        course.coOwners = coOwners
    }

    /// 协办: another unit has a part in it, with a clock of its own.
    func addCoOwner(
        _ act: ActOnCase, beside assignment: Assignment, _ course: Course, _ table: RoutingTable?
    ) -> CaseAnswer {
        guard let unit = act.details?.unitIds?.first, act.details?.unitIds?.count == 1 else {
            return .refused(.oneUnitNeeded(.addCoOwner))
        }
        guard let table else { return .refused(.noPackToAskUnits) }
        guard table.knows(unit) else { return .refused(.notAUnit(unit, allowed: [.addCoOwner])) }
        guard unit != assignment.owner.unitId else { return .refused(.ownsItAlready(unit)) }
        // A part that was done before this dispatch may be asked for once more: the check found it wanting.
        let others = (course.current.coOwners ?? []).filter { part in
            part.unitId != unit || part.handledAt.map { $0 >= assignment.dispatchedAt } ?? true
        }
        guard !others.contains(where: { $0.unitId == unit }) else { return .refused(.coOwnsItAlready(unit)) }
        guard others.count < Self.mostCoOwners else { return .refused(.tooManyCoOwners) }
        // The time given, or else the category's.
        guard let limit = act.details?.limit.map(RoutingTable.readLimit) ?? table.categories[category] else {
            return .decided(course.adding(unit, to: others, limit: nil, until: nil, act))
        }
        switch limit {
        case .fault(let fault): return .refused(.coOwnerLimit(fault))
        case .value(let limit):
            switch table.deadline(after: limit, from: course.now) {
            case .fault(let fault): return .refused(.coOwnerLimit(fault))
            case .none: return .decided(course.adding(unit, to: others, limit: limit, until: nil, act))
            case .at(let deadline):
                return .decided(course.adding(unit, to: others, limit: limit, until: deadline, act))
            }
        }
    }

    /// A co-owner's part is done.
    func coHandle(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard let unit = act.details?.unitIds?.first, act.details?.unitIds?.count == 1 else {
            return .refused(.oneUnitNeeded(.coHandle))
        }
        guard let part = course.current.openParts.first(where: { $0.unitId == unit }) else {
            return .refused(.noOpenPart(of: unit, course.current.openParts.map(\.unitId)))
        }
        var course = course
        let details = StepDetails {
            $0.unitIds = [unit]
            $0.photos = act.details?.photos
        }
        let done = CaseCourse.CoOwner(
            unitId: unit, deadline: part.deadline, isOverdue: part.isOverdue, handledAt: course.now)
        course.take(.coOwnerHandled, by: act.actor.personId, reason: act.givenReason, details: details) {
            $0.replace(done)
            $0.involve(act.actor.personId)
            $0.show(details.photos)
        }
        return .decided(course.decision)
    }

    /// The unit that has the case does its part as its owner.
    mutating func dropPart(of unit: UnitID) {
        coOwners?.removeAll { $0.unitId == unit && $0.handledAt == nil }
        if coOwners?.isEmpty == true { coOwners = nil }
    }

    fileprivate mutating func replace(_ part: CaseCourse.CoOwner) {
        coOwners = coOwners?.map { $0.unitId == part.unitId ? part : $0 }
    }
}

extension Course {
    /// Says of each co-owner whose deadline has passed that it has, once; false where there is nothing to say.
    @discardableResult mutating func noticeCoOwners() -> Bool {
        let late = current.watchedParts.filter { now > $0.deadline }
        for (unit, deadline) in late {
            let overdue = CaseCourse.CoOwner(unitId: unit, deadline: deadline, isOverdue: true, handledAt: nil)
            tellPart(.coOwnerOverdue, of: overdue, limit: nil, by: nil, reason: nil) { $0.replace(overdue) }
        }
        return !late.isEmpty
    }

    fileprivate func adding(
        _ unit: UnitID, to others: [CaseCourse.CoOwner], limit: TimeLimit?, until deadline: Timestamp?, _ act: ActOnCase
    ) -> CaseDecision {
        var course = self
        let added = CaseCourse.CoOwner(unitId: unit, deadline: deadline, isOverdue: false, handledAt: nil)
        course.tellPart(.coOwnerAdded, of: added, limit: limit, by: act.actor.personId, reason: act.givenReason) {
            $0.coOwners = others + [added]
        }
        return course.decision
    }

    /// Changes the case and tells of it with the co-owner's own deadline.
    private mutating func tellPart(
        _ step: CaseChanged.Step, of part: CaseCourse.CoOwner, limit: TimeLimit?, by actorId: PersonID?,
        reason: String?,
        _ change: (inout Case) -> Void
    ) {
        let now = self.now
        let details = StepDetails {
            $0.unitIds = [part.unitId]
            $0.limit = limit?.text
        }
        take(change) { changed in
            .changed(
                CaseChanged(
                    step: step, case: changed.reference, at: now, actorId: actorId, reason: reason,
                    deadline: part.deadline, details: details))
        }
    }
}
