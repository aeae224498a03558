package import Contracts

extension Case {
    /// What ties a case to others of its community.
    package struct Sameness: Codable, Sendable, Equatable {
        /// Cases that may be the same, for a dispatcher to decide.
        package internal(set) var proposed: [CaseCourse.Proposal]?
        /// Cases that a person found to be others, in order.
        package internal(set) var apart: [CaseID]?
        /// Cases that were merged into this one, in order.
        package internal(set) var absorbed: [Absorbed]?
        /// How it stood when it was merged into another; nil where it is in none.
        package internal(set) var before: Standing?
        /// The case that it is a part of.
        package internal(set) var parentId: CaseID?
        /// The earlier case of the same problem, which was closed.
        package internal(set) var recurrenceOf: CaseID?
    }

    /// A case that was merged into this one, with the reports that came.
    package struct Absorbed: Codable, Sendable, Equatable {
        package let caseId: CaseID
        package let reports: [Contribution]
        /// What this one was before, where it was closed and the merge opened it once more.
        package internal(set) var closed: ClosedBefore?
    }

    /// A closed case that a merge opened once more, to close it again as it was when that is undone.
    package struct ClosedBefore: Codable, Sendable, Equatable {
        package let closing: Closing
        /// Where it stood right after the merge, with how many reports of its own.
        package let stage: Stage
        package let reports: Int
    }

    /// How a case stood, to put it back there.
    package struct Standing: Codable, Sendable, Equatable {
        package let stage: Stage
        /// Those of its photos for which there was no room in the other case.
        package let photos: [Photo]?
    }
}

extension Case {
    /// Changes what ties it to others; nothing is kept where nothing is left.
    mutating func tie(_ change: (inout Sameness) -> Void) {
        var changed = same ?? Sameness()
        change(&changed)
        same = changed == Sameness() ? nil : changed
    }

    /// Takes a case from those that are proposed as the same.
    mutating func dropProposal(of other: CaseID) {
        tie { ties in
            ties.proposed?.removeAll { $0.caseId == other }
            if ties.proposed?.isEmpty == true { ties.proposed = nil }
        }
    }

    /// Notes for ever that another case is another problem.
    mutating func keepApart(from other: CaseID) {
        dropProposal(of: other)
        tie { ties in
            guard ties.apart?.contains(other) != true else { return }
            ties.apart = (ties.apart ?? []) + [other]
        }
    }

    /// What its ties to others add to its course.
    func tellSame(_ course: inout CaseCourse) {
        if case .merged(let other) = stage { course.mergedInto = other }
        course.parentId = same?.parentId
        course.recurrenceOf = same?.recurrenceOf
        // Once it has ended there is nothing to decide any more.
        course.proposedSame = isOpen ? same?.proposed : nil
    }
}

extension CaseDecision {
    /// The opening of a case with what was found about it.
    package func noting(_ found: Discovery, at now: Timestamp) -> CaseDecision {
        guard found != Discovery() else { return self }
        var noted = self.case
        var events = self.events
        if let number = found.photoOf {
            let concern = "照片曾用于案件 \(number) / photo used before in case \(number)"
            noted.flagged = [noted.flagged, concern].compactMap(\.self).joined(separator: "; ")
        }
        noted.tie { ties in
            ties.recurrenceOf = found.recurrenceOf
            ties.proposed = found.proposed.isEmpty ? nil : found.proposed
        }
        events = events.map { event in
            guard case .opened(var opened) = event else { return event }
            opened.flagged = noted.flagged
            opened.recurrenceOf = found.recurrenceOf
            return .opened(opened)
        }
        var course = Course(continuing: CaseDecision(case: noted, events: events), at: now)
        for proposal in found.proposed {
            let details = StepDetails {
                $0.otherCaseId = proposal.caseId
                $0.match = proposal.match
            }
            course.take(.mergeProposed, by: nil, details: details) { _ in }
        }
        return course.decision
    }
}
