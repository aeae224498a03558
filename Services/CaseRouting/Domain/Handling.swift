import Contracts

extension Case {
    /// 退回: the unit says that it is not theirs.
    ///
    /// It stays theirs until another takes it on 首接负责, and the clock of who gave it back first goes on until then; the
    /// dispatcher decides anew, with the unit still proposed. What came back too often goes up a level by itself.
    func giveBack(
        _ act: ActOnCase, _ assignment: Assignment, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        var returned = course.current
        returned.keptBy = returned.keptBy ?? assignment.owner.unitId
        try returned.layAside(assignment, at: course.now)
        returned.stage = .filed(proposed: assignment.owner)
        returned.returns += 1
        course.take(.returned, by: act.actor.personId, reason: reason) { [returned] in $0 = returned }
        if let table = circumstances.table, course.current.returns >= table.returnsBeforeLevelUp {
            try course.climb(from: assignment.owner.unitId, by: table, circumstances)
        }
        return .decided(course.decision)
    }

    /// 处置反馈: what was done, in words, and with pictures of the work, which a pack may ask for.
    func handle(
        _ act: ActOnCase, _ assignment: Assignment, _ course: Course, _ table: RoutingTable?
    ) throws -> CaseAnswer {
        if let party = assignment.party, let refusal = party.refusal(of: act, at: course.now) {
            return .refused(refusal)
        }
        guard let feedback = act.givenReason else { return .refused(.feedbackNeeded) }
        if table?.needsAfterPhotos == true, act.details?.photosOnly == nil { return .refused(.afterPhotosNeeded) }
        var course = course
        let actorId = act.actor.personId
        let handling = Handling(assignment: assignment, handledBy: actorId, handledAt: course.now)
        let details = act.details?.photosOnly
        course.take(.handled, by: actorId, reason: feedback, details: details) { changed in
            changed.stage = .handled(handling)
            changed.keptBy = nil
            // Work to be done again has a new time.
            changed.clocks = nil
            changed.involve(actorId)
            changed.show(details?.photos)
        }
        return .decided(course.decision)
    }

    /// Remembers that somebody had a hand in the work: they do not verify it.
    mutating func involve(_ person: PersonID) {
        guard involved?.contains(person) != true else { return }
        involved = (involved ?? []) + [person]
    }

    /// Everybody who had a hand in the work, or was to have.
    var workers: [PersonID] { (involved ?? []) + [stage.assignment?.owner.handlerId].compactMap(\.self) }

    /// Takes in pictures of the work; those beyond `mostPhotos` are only in their events.
    mutating func show(_ photos: [ReportPhoto]?) {
        var shown = workPhotos ?? []
        for photo in photos ?? [] where shown.count < Self.mostPhotos && !shown.contains(photo.id) {
            shown.append(photo.id)
        }
        workPhotos = shown.isEmpty ? nil : shown
    }
}

extension Course {
    /// A unit gave back a case that had come back before: the unit above has it now, or a dispatcher must look.
    fileprivate mutating func climb(
        from unit: UnitID, by table: RoutingTable, _ circumstances: Circumstances
    ) throws {
        let returns = current.returns
        let level = (current.climbed ?? 0) + 1
        let reason = returns == 2 ? "两次退回 / returned twice" : "退回 \(returns) 次 / returned \(returns) times"
        let next = try current.sentUp(from: unit, by: table, circumstances)
        take(.escalated, by: nil, reason: reason, details: StepDetails { $0.level = level }) { changed in
            changed.climbed = level
            if case .nowhere(let concern) = next { changed.flag("\(reason): \(concern)") }
        }
        if case .to(let assignment) = next { enter(assignment, by: nil, reason: reason, table: table) }
    }
}

private enum SentUp {
    case to(Assignment)
    /// Nobody is here to be refused: a dispatcher must look.
    case nowhere(because: String)
}

extension Case {
    fileprivate func sentUp(
        from unit: UnitID, by table: RoutingTable, _ circumstances: Circumstances
    ) throws -> SentUp {
        guard let superior = table.superior(of: unit) else {
            return .nowhere(because: "\(unit) 没有上级单位 / no unit is above \(unit)")
        }
        let owner = try circumstances.owner(superior, in: communityId)
        switch try assignment(of: owner, in: circumstances) {
        case .made(let assignment): return .to(assignment)
        case .refused(let refusal): return .nowhere(because: refusal.reason)
        }
    }
}

extension Case {
    /// Says that a dispatcher must look, whatever else they must look at.
    mutating func flag(_ concern: String) {
        flagged = flagged.map { "\($0); \(concern)" } ?? concern
    }
}

extension CaseRefusal {
    fileprivate static var feedbackNeeded: CaseRefusal {
        CaseRefusal(
            .reasonNeeded, chinese: "请在 reason 中写明处置情况，再反馈。",
            english: "Say in the reason what was done, then the case is handled.", allowed: [.handle])
    }

    fileprivate static var afterPhotosNeeded: CaseRefusal {
        .detailsNeeded(
            for: .handle, chinese: "请附处置后的照片。", english: "Add photos of the spot after the work, in details.photos.")
    }
}

extension StepDetails {
    /// The pictures alone; nil where there are none.
    var photosOnly: StepDetails? {
        guard let photos, !photos.isEmpty else { return nil }
        return StepDetails { $0.photos = photos }
    }
}
