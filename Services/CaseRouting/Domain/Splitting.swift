import Contracts

extension Case {
    /// 拆案: some of its reports go into a case of their own; those of a merged case, all of them named, back into that.
    func split(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard act.givenReason != nil else { return .refused(.reasonNeeded(for: act.action)) }
        let named = Set(act.details?.reportIds ?? [])
        let parts = reports.filter { named.contains($0.reportId) }
        guard !parts.isEmpty, Set(parts.map(\.reportId)) == named, parts.count < reports.count else {
            return .refused(.reportsNeeded(of: self))
        }
        let merged = try mergedCase(of: parts, circumstances)
        let closed = merged.flatMap { found in same?.absorbed?.first { $0.caseId == found.case.id }?.closed }
        let out: (course: Course, id: CaseID)
        if let merged {
            out = (try revive(merged.case, as: merged.before, with: parts, act, course, circumstances), merged.case.id)
        } else {
            let opened = try openApart(parts, circumstances)
            out = (opened, opened.current.id)
        }
        let details = StepDetails {
            $0.otherCaseId = out.id
            $0.reportIds = parts.map(\.reportId)
        }
        var course = course
        let heir = try heir(without: parts, circumstances)
        course.take(.split, by: act.actor.personId, reason: act.givenReason, details: details) { left in
            left.reports.removeAll { parts.contains($0) }
            for part in parts { left.lose(photosOf: part.reportId) }
            if let heir { left.tell(heir) }
            left.keepApart(from: out.id)
            if merged != nil { left.forget(out.id) }
        }
        if let closed { course.closeAgain(closed, without: out.id, by: act.actor.personId) }
        return .decided(CaseDecision(case: course.current, events: course.events, others: [out.course.decision]))
    }

    /// The case that came with just these reports, as far as they are still here, and how it stood.
    private func mergedCase(
        of parts: [Contribution], _ circumstances: Circumstances
    ) throws -> (case: Case, before: Standing)? {
        let absorbed = (same?.absorbed ?? []).first { $0.reports.filter { reports.contains($0) }.isSame(as: parts) }
        guard let absorbed, let found = try circumstances.others.find(absorbed.caseId),
            found.stage == .merged(into: id), let before = found.same?.before
        else { return nil }
        return (found, before)
    }

    /// The merged case stands again where it stood.
    private func revive(
        _ merged: Case, as before: Standing, with parts: [Contribution], _ act: ActOnCase, _ course: Course,
        _ circumstances: Circumstances
    ) throws -> Course {
        let first = try circumstances.others.report(parts[0], id)
        var revived = Course(merged, at: course.now)
        let details = StepDetails { $0.otherCaseId = id }
        revived.take(.reopened, by: act.actor.personId, reason: act.givenReason, details: details) { back in
            back.stage = before.stage
            back.reports = parts
            back.receive(before.photos, of: parts.map(\.reportId))
            back.receive(photos, of: parts.map(\.reportId))
            back.tell(first)
            back.keepApart(from: id)
            back.tie { $0.before = nil }
        }
        return revived
    }

    /// A case of their own for some reports, under the same category.
    private func openApart(_ parts: [Contribution], _ circumstances: Circumstances) throws -> Course {
        let first = try circumstances.others.report(parts[0], id)
        let (newId, number) = try circumstances.others.newCase()
        var opening = try Case.open(
            ArrivingReport(report: first, hop: parts[0].hop, communityId: communityId), id: newId, number: number,
            classification: Classification(category: category, concern: nil), in: circumstances)
        opening = opening.splitFrom(id)
        var course = Course(continuing: opening, at: circumstances.now)
        course.alter { opened in
            opened.receive(photos, of: [parts[0].reportId])
            opened.keepApart(from: id)
        }
        for part in parts.dropFirst() {
            let report = try circumstances.others.report(part, id)
            let distance = report.location.distance(to: course.current.location) ?? 0
            course.take {
                $0.reports.append(part)
                $0.receive(photos, of: [part.reportId])
            } telling: { changed in
                .reportJoined(
                    ReportJoined(
                        case: changed.reference, reportId: part.reportId, reporterId: part.reporterId,
                        distance: distance, made: ReportMade(report)))
            }
        }
        return course
    }

    /// The report whose words become the case's; nil where its first one stays.
    private func heir(without parts: [Contribution], _ circumstances: Circumstances) throws -> ReportSubmitted? {
        guard let first = reports.first, parts.contains(first) else { return nil }
        return try reports.first { !parts.contains($0) }.map { try circumstances.others.report($0, id) }
    }

    /// Has the words of a report from now on.
    private mutating func tell(_ report: ReportSubmitted) {
        description = report.description
        address = report.address
    }

    private mutating func forget(_ merged: CaseID) {
        tie { ties in
            ties.absorbed?.removeAll { $0.caseId == merged }
            if ties.absorbed?.isEmpty == true { ties.absorbed = nil }
        }
    }
}

extension Course {
    /// What a merge had opened once more is closed as it was, where nobody did anything about it since.
    fileprivate mutating func closeAgain(_ before: Case.ClosedBefore, without other: CaseID, by actorId: PersonID) {
        guard current.reports.count <= before.reports, current.openParts.isEmpty, current.runningWhistle == nil,
            current.stage.isUntouched(since: before.stage)
        else { return }
        let reason = "拆案后恢复结案 / split again: closed as it was before"
        let details = StepDetails { $0.otherCaseId = other }
        take(.closed, by: actorId, reason: reason, details: details) { left in
            left.stage = .closed(before.closing)
            left.reopens -= 1
        }
    }
}

extension Case.Stage {
    /// Whether nobody did anything here; what the clock told meanwhile is nobody's doing.
    fileprivate func isUntouched(since before: Case.Stage) -> Bool {
        guard case .dispatched(let now) = self, case .dispatched(let then) = before else { return self == before }
        return now.owner == then.owner && now.dispatchedAt == then.dispatchedAt && now.acceptedAt == nil
            && now.extensionAsked == nil && now.party == nil && now.time?.clock == then.time?.clock
    }
}

extension CaseDecision {
    /// The opening of a case that was split from another.
    fileprivate func splitFrom(_ other: CaseID) -> CaseDecision {
        CaseDecision(
            case: self.case,
            events: events.map { event in
                guard case .opened(var opened) = event else { return event }
                opened.splitFrom = other
                return .opened(opened)
            })
    }
}

extension [Case.Contribution] {
    /// Whether the same are in both, in whatever order.
    fileprivate func isSame(as others: [Case.Contribution]) -> Bool {
        !isEmpty && count == others.count && allSatisfy { others.contains($0) }
    }
}
