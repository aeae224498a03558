package import Contracts

extension Case {
    /// 并案, 拆案 and what else ties a case to others.
    func takeTies(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        switch act.action {
        case .merge: try merge(act, course, circumstances)
        case .split: try split(act, course, circumstances)
        case .keepApart: try keepApart(act, course, circumstances)
        default: try adopt(act, course, circumstances)
        }
    }

    /// The other case that an action names; nil where this community has none of that id.
    func otherCase(_ act: ActOnCase, _ circumstances: Circumstances) throws -> Case? {
        guard let otherId = act.details?.otherCaseId, otherId != id else { return nil }
        return try circumstances.others.find(otherId).flatMap { $0.communityId == communityId ? $0 : nil }
    }

    /// 并案: its reports go into another case, and it ends.
    private func merge(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard act.givenReason != nil else { return .refused(.reasonNeeded(for: act.action)) }
        guard let other = try otherCase(act, circumstances) else { return .refused(.otherCaseNeeded(for: act.action)) }
        switch other.stage {
        case _ where other.isOpen:
            return try merge(act, course, into: Course(other, at: course.now), was: nil, circumstances)
        case .closed(let closing):
            return try merge(act, course, intoClosed: other, closing, circumstances)
        default:
            return .refused(.otherCaseEnded(other, for: act.action))
        }
    }

    private func merge(
        _ act: ActOnCase, _ course: Course, into target: Course, was closing: Closing?, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let other = target.current
        guard reports.count + other.reports.count <= Self.mostReports else { return .refused(.tooManyReports(other)) }
        let match = self.match(with: other, by: circumstances.table?.matching)
        let details = StepDetails {
            $0.otherCaseId = other.id
            $0.reportIds = reports.map(\.reportId)
            $0.match = match
        }
        var target = target
        try target.receive(self, match: match, at: location.distance(to: other.location) ?? 0, was: closing) {
            try circumstances.others.report($0, id)
        }
        let room = target.current.photos ?? []
        let left = (photos ?? []).filter { photo in !room.contains { $0.id == photo.id } }
        let before = Standing(stage: course.current.stage, photos: left.isEmpty ? nil : left)
        var course = course
        // The event still names who reported, so that they hear of it; then they are the other case's.
        course.take(.merged, by: act.actor.personId, reason: act.givenReason, details: details) {
            $0.stage = .merged(into: other.id)
        }
        course.alter { merged in
            merged.reports = []
            merged.photos = nil
            merged.tie { $0.before = before }
        }
        return .decided(CaseDecision(case: course.current, events: course.events, others: [target.decision]))
    }

    /// By the pack's rule the closed case is opened once more and takes the reports, or this one only names it.
    private func merge(
        _ act: ActOnCase, _ course: Course, intoClosed other: Case, _ closing: Closing,
        _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let rules = circumstances.table?.matching
        guard circumstances.now <= closing.closedAt.adding(milliseconds: rules?.closedWindow ?? Self.reopenWindow)
        else { return .refused(.otherCaseEnded(other, for: act.action)) }
        guard rules?.closed == .reopen else {
            return .decided(link(act, course, to: other, circumstances).decision)
        }
        switch try other.reopenAgain(by: act.actor, reason: act.givenReason, closing, circumstances) {
        case .refused(let refusal): return .refused(refusal)
        case .decided(let reopened):
            return try merge(
                act, course, into: Course(continuing: reopened, at: course.now), was: closing, circumstances)
        }
    }

    /// The two stay two, and this one names the earlier.
    private func link(
        _ act: ActOnCase, _ course: Course, to other: Case, _ circumstances: Circumstances
    ) -> Course {
        let match = self.match(with: other, by: circumstances.table?.matching)
        let details = StepDetails {
            $0.otherCaseId = other.id
            $0.match = match
        }
        var course = course
        course.take(.keptApart, by: act.actor.personId, reason: act.givenReason, details: details) { linked in
            linked.dropProposal(of: other.id)
            linked.tie { $0.recurrenceOf = other.id }
        }
        return course
    }

    /// Opens it once more because the problem was reported again.
    func reopenAgain(
        by actor: Actor, reason: String?, _ closing: Closing, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let act = ActOnCase(caseId: id, communityId: communityId, action: .reopen, actor: actor, reason: reason)
        return try reopen(act, closing, Course(self, at: circumstances.now), circumstances)
    }

    /// How like two cases are, whichever is first; nil without a pack.
    package func match(with other: Case, by rules: MatchRules?) -> CaseMatch? {
        guard let rules, let distance = location.distance(to: other.location) else { return nil }
        let mine = Set(reporterIds)
        return Likeness(
            distance: distance, kinship: category.kinship(with: other.category),
            apart: lastKnown.apart(from: other.lastKnown), look: PhotoLook.leastDifference(looks, other.looks),
            sameReporter: other.reporterIds.contains { mine.contains($0) }
        ).match(by: rules)
    }

    /// 确认不同: the two were proposed as one, or could be, and are two.
    private func keepApart(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard let other = try otherCase(act, circumstances) else { return .refused(.otherCaseNeeded(for: act.action)) }
        let isProposed = same?.proposed?.contains { $0.caseId == other.id } == true
        guard isProposed || same?.apart?.contains(other.id) != true else {
            return .refused(.apartAlready(other))
        }
        var course = course
        let details = StepDetails { $0.otherCaseId = other.id }
        course.take(.keptApart, by: act.actor.personId, reason: act.givenReason, details: details) {
            $0.keepApart(from: other.id)
        }
        return .decided(course.decision)
    }
}

extension Course {
    /// All reports of another case come in, each told, with the photos that are theirs.
    fileprivate mutating func receive(
        _ other: Case, match: CaseMatch?, at distance: Int, was closing: Closing?,
        reading: (Case.Contribution) throws -> ReportSubmitted
    ) rethrows {
        let closed = closing.map {
            Case.ClosedBefore(closing: $0, stage: current.stage, reports: current.reports.count)
        }
        for part in other.reports {
            let made = ReportMade(try reading(part))
            take {
                $0.reports.append(part)
                $0.receive(other.photos, of: [part.reportId])
            } telling: { changed in
                .reportJoined(
                    ReportJoined(
                        case: changed.reference, reportId: part.reportId, reporterId: part.reporterId,
                        distance: distance, match: match, made: made))
            }
        }
        alter { changed in
            // Who worked on one of the two does not verify the other.
            for person in other.workers { changed.involve(person) }
            changed.dropProposal(of: other.id)
            changed.tie {
                $0.absorbed =
                    ($0.absorbed ?? []) + [Case.Absorbed(caseId: other.id, reports: other.reports, closed: closed)]
            }
        }
    }
}

extension Case {
    /// Reopens a closed case because a report came of the same problem; nil where it cannot be opened again.
    package func reopen(
        for arriving: ArrivingReport, _ found: FoundCase, in circumstances: Circumstances
    ) throws -> CaseDecision? {
        guard case .closed(let closing) = stage, hasRoom else { return nil }
        let reporter = Actor(personId: arriving.report.reporterId, roles: [])
        let answer = try reopenAgain(by: reporter, reason: "再次上报 / reported again", closing, circumstances)
        guard case .decided(let reopened) = answer else { return nil }
        let joined = reopened.case.join(arriving, distance: found.distance, match: found.match)
        var taken = joined.case
        // One change, one version.
        taken.version = reopened.case.version
        return CaseDecision(case: taken, events: reopened.events + joined.events)
    }
}
