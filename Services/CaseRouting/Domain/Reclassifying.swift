import Contracts

extension Case {
    /// 改类别: a person puts the case under another category, and the rules propose an owner as they would for a new case.
    func reclassify(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        guard let category = act.category else { return .refused(.categoryNeeded) }
        guard let table = circumstances.table else { return .refused(.noPackToReclassify) }
        guard table.knows(category) else { return .refused(.unknownCategory(category)) }
        guard category != self.category else { return .refused(.sameCategory(category)) }
        let routing = try circumstances.without(self).route(category, in: communityId, at: location, kind: kind)
        let concerns = remainingConcerns(table) + (routing.owner == nil ? [Concern.noOwner] : [])
        var course = course
        let now = course.now
        course.take { changed in
            changed.category = category
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

    /// What was odd about the opening apart from the category, as long as no dispatcher has looked.
    private func remainingConcerns(_ table: RoutingTable) -> [String] {
        flagged == nil ? [] : Concern.ofArrival(hop: reports.first?.hop ?? 0, in: communityId, by: table)
    }
}

extension Case.Stage {
    /// The stage with another owner proposed; once it is dispatched the owner is no proposal any more.
    fileprivate func proposing(_ owner: Owner?) -> Case.Stage {
        switch self {
        case .opened: .opened(proposed: owner)
        case .filed: .filed(proposed: owner)
        case .dispatched, .handled, .closed, .refused, .transferred, .cancelled, .merged: self
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
