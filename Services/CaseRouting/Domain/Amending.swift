package import Contracts

/// A report as it stands in its community's store.
package struct RegisteredReport: Sendable, Equatable {
    package let report: ReportSubmitted
    /// How often it was handed on before it came here.
    package let hop: Int

    package init(report: ReportSubmitted, hop: Int) {
        self.report = report
        self.hop = hop
    }

    /// The reporter may, by the name in the report, and the platform that sent it.
    fileprivate func mayBeAmended(by actorId: PersonID) -> Bool {
        actorId == report.reporterId || actorId.rawValue == report.channel
    }
}

/// What an amendment makes of the report itself.
package enum ReportChange: Sendable, Equatable {
    case none
    /// It reads like this from now on, wherever its case goes.
    case edited(ReportSubmitted)
    /// It left its case.
    case withdrawn
}

/// The answer to what a reporter did with a report later.
package enum AmendmentAnswer: Sendable, Equatable {
    case decided(CaseDecision, ReportChange)
    /// The report went to another community with its case: there it is decided.
    case handedOn(to: CommunityID)
    case refused(CaseRefusal)
}

/// Answers what a reporter did with a report later, by the case that the report came into.
///
/// - Parameters:
///   - table: by it the clock runs on, where the case waited for this.
///   - reading: the report of another part of the case: its words become the case's where the first one leaves.
package func answer(
    _ amendment: ReportAmended, of report: RegisteredReport, in case: Case, at now: Timestamp, by table: RoutingTable?,
    reading: (Case.Contribution) throws -> ReportSubmitted
) throws -> AmendmentAnswer {
    guard report.mayBeAmended(by: amendment.actorId) else { return .refused(.notReporters) }
    let part = `case`.reports.first { $0.reportId == report.report.reportId && $0.hop == report.hop }
    guard let part else {
        return .refused(`case`.stage.name == .merged ? `case`.hasEnded : .withdrawnBefore(in: `case`.number))
    }
    if case .transferred(let departure) = `case`.stage { return .handedOn(to: departure.toCommunityId) }
    return switch amendment.amendment {
    case .withdrawn: try `case`.withdraw(part, amendment, at: now, reading: reading)
    case .edited: `case`.edit(part, report.report, amendment, at: now)
    case .added: try `case`.add(amendment, at: now, by: table)
    }
}

extension Case {
    /// How long after sending it a reporter can change a report: 10 minutes, both by intake's clock.
    package static let editWindow: Int64 = 600_000

    /// The most that is added to a case or changed in it: more than that is for a new report.
    ///
    /// Taking back does not count: nobody must be kept from it by others.
    package static let mostAmendments = 100

    /// 撤回, while nobody has judged the case.
    fileprivate func withdraw(
        _ part: Contribution, _ amendment: ReportAmended, at now: Timestamp,
        reading: (Contribution) throws -> ReportSubmitted
    ) rethrows -> AmendmentAnswer {
        guard stage.isUnjudged else { return .refused(tooLateToWithdraw) }
        let rest = reports.filter { $0 != part }
        var heir: ReportSubmitted?
        if part == reports.first, let next = rest.first { heir = try reading(next) }
        var course = Course(self, at: now)
        course.take(telling: amendment) { changed in
            changed.reports = rest
            changed.lose(photosOf: part.reportId)
            if let heir {
                changed.description = heir.description
                changed.address = heir.address
            }
        }
        if rest.isEmpty {
            course.take(.cancelled, by: amendment.actorId, reason: amendment.text) {
                $0.stage = .cancelled(proposed: $0.stage.owner)
            }
        }
        return .decided(course.decision, .withdrawn)
    }

    /// 修改, soon after reporting.
    ///
    /// The category stays, also where new words would point to another: that is for a dispatcher.
    fileprivate func edit(
        _ part: Contribution, _ report: ReportSubmitted, _ amendment: ReportAmended, at now: Timestamp
    ) -> AmendmentAnswer {
        guard isOpen else { return .refused(hasEnded) }
        guard amendment.submittedAt <= report.submittedAt.adding(milliseconds: Self.editWindow) else {
            return .refused(.editWindowOver)
        }
        guard amendment.text != nil || amendment.address != nil || amendment.photos != nil else {
            return .refused(.emptyAmendment)
        }
        guard amendments ?? 0 < Self.mostAmendments else { return .refused(.tooManyAmendments) }
        let edited = report.edited(by: amendment)
        var course = Course(self, at: now)
        course.take(telling: amendment) { changed in
            changed.amendments = (changed.amendments ?? 0) + 1
            if part == changed.reports.first {
                changed.description = edited.description
                changed.address = edited.address
            }
            if let photos = amendment.photos {
                changed.lose(photosOf: part.reportId, but: photos.map(\.id))
                changed.take(photos, of: part.reportId)
            }
        }
        return .decided(course.decision, .edited(edited))
    }

    /// 补充, as long as somebody is at work; the answer, where the case waits for one.
    fileprivate func add(
        _ amendment: ReportAmended, at now: Timestamp, by table: RoutingTable?
    ) throws -> AmendmentAnswer {
        guard isOpen else { return .refused(hasEnded) }
        guard amendment.saysSomething else { return .refused(.emptyAmendment) }
        guard amendments ?? 0 < Self.mostAmendments else { return .refused(.tooManyAmendments) }
        var course = Course(self, at: now)
        course.take(telling: amendment) { changed in
            changed.amendments = (changed.amendments ?? 0) + 1
            changed.take(amendment.photos ?? [], of: amendment.reportId)
        }
        if case .waiting(let waiting) = stage, amendment.answers {
            try course.goBack(
                .informationGiven, by: amendment.actorId, reason: amendment.text, to: waiting.origin, table: table)
        }
        return .decided(course.decision, .none)
    }
}

extension Course {
    /// Changes the case by what a reporter did with a report, and tells of it.
    fileprivate mutating func take(telling amendment: ReportAmended, _ change: (inout Case) -> Void) {
        let now = self.now
        take(change) { changed in
            .reportAmended(
                CaseReportAmended(
                    case: changed.reference, reportId: amendment.reportId, actorId: amendment.actorId,
                    amendment: amendment.amendment, stage: changed.stage.name, text: amendment.text,
                    address: amendment.address, photos: amendment.photos, externalStatus: amendment.externalStatus,
                    at: now))
        }
    }
}

extension ReportAmended {
    /// Whether somebody who asked would hear something: another system's own status is no answer.
    fileprivate var answers: Bool { text != nil || address != nil || photos?.isEmpty == false }

    fileprivate var saysSomething: Bool {
        text != nil || address != nil || externalStatus != nil || photos?.isEmpty == false
    }
}

extension ReportSubmitted {
    /// The report with the words and photos of an edit; what the edit does not name stays.
    func edited(by amendment: ReportAmended) -> ReportSubmitted {
        let photos = amendment.photos ?? self.photos
        return ReportSubmitted(
            reportId: reportId, communityId: communityId, kind: kind, category: category,
            description: amendment.text ?? description, location: location, address: amendment.address ?? address,
            observedAt: observedAt, submittedAt: submittedAt, reporterId: reporterId, channel: channel,
            photos: photos?.isEmpty == true ? nil : photos, suggestedCategory: suggestedCategory, datum: datum,
            identity: identity, voiceNotes: voiceNotes, answers: answers, packHash: packHash, landmarkId: landmarkId,
            capture: capture, nearestCommunity: nearestCommunity, supports: supports)
    }
}
