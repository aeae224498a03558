import Contracts

extension Case {
    /// 改类别: a person puts the case under another category.
    ///
    /// Before the dispatch the rules propose an owner as they would for a new case; after it the owner stays, and the
    /// clock has the new limit from its original start.
    func reclassify(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        guard let category = act.category else { return .refused(.categoryNeeded) }
        guard let table = circumstances.table else { return .refused(.noPackToReclassify) }
        guard table.knows(category) else { return .refused(.unknownCategory(category)) }
        guard category != self.category else { return .refused(.sameCategory(category)) }
        if case .dispatched(let assignment) = course.current.stage {
            return reclassify(act, as: category, because: reason, assignment, course, table, circumstances.suggested)
        }
        let routing = try circumstances.without(self).route(category, in: communityId, at: location, kind: kind)
        let concerns = remainingConcerns(table) + (routing.owner == nil ? [Concern.noOwner] : [])
        var course = course
        let now = course.now
        course.take { changed in
            changed.category = category
            changed.correctFiling(at: now, by: table)
            changed.correctClocks(at: now, by: table)
            changed.stage = changed.stage.proposing(routing.owner)
            changed.flagged = Concern.joined(concerns)
        } telling: { [previous = self.category] changed in
            .reclassified(
                CaseReclassified(
                    case: changed.reference, previousCategory: previous, suggested: circumstances.suggested, at: now,
                    actorId: act.actor.personId, reason: reason, routing: routing.trace))
        }
        return .decided(course.decision)
    }

    private func reclassify(
        _ act: ActOnCase, as category: CategoryCode, because reason: String, _ assignment: Assignment,
        _ course: Course, _ table: RoutingTable, _ suggested: CategoryCode?
    ) -> CaseAnswer {
        let now = course.now
        let corrected: Correction
        switch assignment.corrected(to: category, at: now, by: table) {
        case .value(let correction): corrected = correction
        case .fault(let fault): return .refused(.packFault(category, fault))
        }
        var course = course
        course.take { changed in
            changed.category = category
            changed.correctClocks(at: now, by: table)
            changed.keepLevel(under: corrected.assignment, at: now)
            changed.stage = .dispatched(corrected.assignment)
        } telling: { [previous = self.category] changed in
            .reclassified(
                CaseReclassified(
                    case: changed.reference, previousCategory: previous, suggested: suggested, at: now,
                    actorId: act.actor.personId, reason: reason, deadline: corrected.assignment.deadline,
                    isOverdue: corrected.assignment.isOverdue))
        }
        if corrected.wasMissed, !assignment.isOverdue { course.miss(corrected.assignment) }
        course.climb(by: table)
        return .decided(course.decision)
    }

    /// What was odd about the opening apart from the category, as long as no dispatcher has looked.
    private func remainingConcerns(_ table: RoutingTable) -> [String] {
        flagged == nil ? [] : Concern.ofArrival(hop: reports.first?.hop ?? 0, in: communityId, by: table)
    }
}

/// An assignment under the limit of another category.
private struct Correction: Sendable {
    /// Known to be overdue only where it was and is.
    let assignment: Assignment
    /// Whether it was ever late by the limit that is right.
    let wasMissed: Bool
}

extension Assignment {
    /// From the original start: what the right limit would have made of it, the past included.
    fileprivate func corrected(
        to category: CategoryCode, at now: Timestamp, by table: RoutingTable
    )
        -> Readable<Correction>
    {
        guard let limit = table.categories[category] else {
            return .value(Correction(assignment: self, wasMissed: isOverdue))
        }
        return limit.flatMap { limit in
            table.reading.map { reading in
                var corrected = self
                var time = self.time ?? StepTime(start: dispatchedAt, limit: limit, by: reading)
                let wasMissed = time.change(to: limit, at: now, by: reading)
                corrected.time = time
                corrected.isOverdue = isOverdue && wasMissed
                return Correction(assignment: corrected, wasMissed: wasMissed)
            }
        }
    }
}

extension Case.Stage {
    /// The stage with another owner proposed; once it is dispatched the owner is no proposal any more.
    fileprivate func proposing(_ owner: Owner?) -> Case.Stage {
        switch self {
        case .opened: .opened(proposed: owner)
        case .filed: .filed(proposed: owner)
        default: self
        }
    }
}

extension Circumstances {
    /// As if the case kept nobody busy.
    fileprivate func without(_ case: Case) -> Circumstances {
        let handler = `case`.stage.owner?.handlerId
        return Circumstances(now: now, table: table, suggested: suggested) { person in
            try openCases(person) - (person == handler ? 1 : 0)
        }
    }
}

extension CaseRefusal {
    fileprivate static var categoryNeeded: CaseRefusal {
        CaseRefusal(
            .categoryNeeded, chinese: "请写明改为哪个类别。", english: "Say which category it belongs under.",
            allowed: [.reclassify])
    }

    fileprivate static var noPackToReclassify: CaseRefusal {
        CaseRefusal(.noPack, chinese: "尚无数据包，不能改类别。", english: "No pack is in force, so no category is known.")
    }

    fileprivate static func unknownCategory(_ category: CategoryCode) -> CaseRefusal {
        CaseRefusal(
            .unknownCategory, chinese: "数据包没有类别 \(category)，请另选。",
            english: "The pack has no category \(category): choose another.", allowed: [.reclassify])
    }

    fileprivate static func sameCategory(_ category: CategoryCode) -> CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "案件的类别已是 \(category)，请另选。",
            english: "The case is under \(category) already: choose another category.", allowed: [.reclassify])
    }
}
