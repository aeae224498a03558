import Contracts

extension Case {
    /// 派遣 to the proposed owner, or to the one that the dispatcher names.
    func dispatch(
        _ act: ActOnCase, from proposed: Owner?, _ course: Course, _ circumstances: Circumstances
    ) throws
        -> CaseAnswer
    {
        switch try chooseOwner(act, current: proposed, circumstances) {
        case .refused(let refusal): .refused(refusal)
        case .chosen(let owner): try assign(owner, by: act, course, circumstances)
        }
    }

    /// Dispatches once more, to somebody else.
    ///
    /// A colleague of the unit goes on with its clock. Another unit has one of its own, and the first one's is kept: should
    /// the case come back, what was left of it runs on.
    func reassign(
        _ act: ActOnCase, from assignment: Assignment, _ course: Course, _ circumstances: Circumstances
    )
        throws -> CaseAnswer
    {
        switch try chooseOwner(act, current: assignment.owner, circumstances) {
        case .refused(let refusal): return .refused(refusal)
        case .chosen(assignment.owner): return .refused(.nothingChanges(allowed: stage.possibleActions))
        case .chosen(let owner) where owner.unitId == assignment.owner.unitId:
            return .decided(handOn(to: owner, assignment, by: act, course))
        case .chosen(let owner):
            var course = course
            var left = course.current
            try left.layAside(assignment, at: course.now)
            course.alter { [left] in $0 = left }
            return try assign(owner, by: act, course, circumstances)
        }
    }

    /// Another person of the unit has it; an outside party's link ends with who gave it the work.
    private func handOn(
        to owner: Owner, _ assignment: Assignment, by act: ActOnCase, _ course: Course
    ) -> CaseDecision {
        var course = course
        var handed = assignment
        handed.owner = owner
        handed.party = nil
        course.take(.dispatched, by: act.actor.personId, reason: act.givenReason) { [handed] changed in
            changed.stage = .dispatched(handed)
            changed.flagged = nil
        }
        return course.decision
    }

    private func assign(
        _ owner: Owner, by act: ActOnCase, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        switch try course.current.assignment(of: owner, in: circumstances) {
        case .refused(let refusal):
            return .refused(refusal)
        case .made(let assignment):
            var course = course
            course.enter(assignment, by: act.actor.personId, reason: act.givenReason, table: circumstances.table)
            return .decided(course.decision)
        }
    }

    /// The handling clock of a new dispatch: counted from now, but for a unit that had the case before.
    func assignment(of owner: Owner, in circumstances: Circumstances) throws -> NewAssignment {
        let now = circumstances.now
        guard let table = circumstances.table else {
            return .made(Assignment(owner: owner, dispatchedAt: now, time: nil))
        }
        if let before = clocks?.first(where: { $0.unitId == owner.unitId }) {
            return try assignment(of: owner, goingOnWith: before, at: now, by: table)
        }
        switch table.handlingTime(for: category, from: now) {
        case .value(let time): return .made(Assignment(owner: owner, dispatchedAt: now, time: time))
        case .fault(let fault): return .refused(.packFault(category, fault))
        }
    }

    private func assignment(
        of owner: Owner, goingOnWith before: UnitTime, at now: Timestamp, by table: RoutingTable
    ) throws -> NewAssignment {
        switch table.reading {
        case .fault(let fault): return .refused(.packFault(category, fault))
        case .value(let reading):
            var time = before.time
            if time.isPaused { try time.resume(at: now, by: reading) }
            return .made(Assignment(owner: owner, dispatchedAt: now, time: time, isOverdue: before.isOverdue))
        }
    }
}

/// A dispatch, or why none can be made.
enum NewAssignment {
    case made(Assignment)
    case refused(CaseRefusal)
}

extension Course {
    /// The case goes into the hands of an owner; a part 协办 that its unit had not done yet is its own work now.
    ///
    /// To a unit that had missed its deadline before, it comes back overdue.
    mutating func enter(
        _ assignment: Assignment, by actorId: PersonID?, reason: String? = nil, table: RoutingTable?
    ) {
        take(.dispatched, by: actorId, reason: reason) { changed in
            changed.stage = .dispatched(assignment)
            changed.flagged = nil
            changed.takeClock(of: assignment.owner.unitId)
            changed.dropPart(of: assignment.owner.unitId)
        }
        guard assignment.isOverdue else { return }
        miss(assignment)
        climb(by: table)
    }
}

private enum OwnerChosen {
    case chosen(Owner)
    case refused(CaseRefusal)
}

extension Case {
    private func chooseOwner(_ act: ActOnCase, current: Owner?, _ circumstances: Circumstances) throws -> OwnerChosen {
        guard let table = circumstances.table else { return .refused(.noPack) }
        guard let unitId = act.unitId ?? current?.unitId else { return .refused(.unitNeeded) }
        guard table.knows(unitId) else { return .refused(.unknownUnit(unitId)) }
        if let handlerId = act.handlerId {
            guard table.isWorker(handlerId, of: unitId) else { return .refused(.unknownHandler(handlerId, unitId)) }
            return .chosen(Owner(unitId: unitId, handlerId: handlerId))
        }
        if let current, current.unitId == unitId, let handlerId = current.handlerId,
            table.isWorker(handlerId, of: unitId)
        {
            return .chosen(current)
        }
        return .chosen(try circumstances.owner(unitId, in: communityId))
    }
}

extension CaseRefusal {
    fileprivate static var noPack: CaseRefusal {
        CaseRefusal(
            .noPack, chinese: "尚无数据包，不能派遣。", english: "No pack is in force, so no unit is known to dispatch to.")
    }

    fileprivate static var unitNeeded: CaseRefusal {
        CaseRefusal(
            .unitNeeded, chinese: "没有责任单位，请指定。", english: "No rule found an owner: name the unit.", allowed: [.dispatch]
        )
    }

    fileprivate static func nothingChanges(allowed: [CaseAction]) -> CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "案件已派遣给该单位和人员，请另行指定。",
            english: "The case is with them already: name another unit or handler.", allowed: allowed)
    }

    static func packFault(_ category: CategoryCode, _ fault: String) -> CaseRefusal {
        CaseRefusal(
            .packFault, chinese: "数据包有误，无法计算 \(category) 的时限：\(fault)。",
            english: "The pack is faulty, the time limit of \(category) cannot be counted: \(fault).")
    }

    fileprivate static func unknownUnit(_ unitId: UnitID) -> CaseRefusal {
        CaseRefusal(
            .unknownUnit, chinese: "数据包没有单位 \(unitId)。", english: "The pack has no unit \(unitId).",
            allowed: [.dispatch])
    }

    fileprivate static func unknownHandler(_ handlerId: PersonID, _ unitId: UnitID) -> CaseRefusal {
        CaseRefusal(
            .unknownHandler, chinese: "\(handlerId) 不是单位 \(unitId) 的处置人员。",
            english: "\(handlerId) is no worker of \(unitId).", allowed: [.dispatch])
    }
}
