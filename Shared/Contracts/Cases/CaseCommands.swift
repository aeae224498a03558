/// Who asks for something, as portal proved it.
///
/// Whether they may, the owner decides.
package struct Actor: Codable, Sendable, Equatable {
    package let personId: PersonID
    /// Role names: rider, resident, worker, verifier, dispatcher, admin, platform, station.
    package let roles: [String]

    package init(personId: PersonID, roles: [String]) {
        self.personId = personId
        self.roles = roles
    }

    package func has(_ role: String) -> Bool { roles.contains(role) }
}

/// A report for routing to open or find a case for.
///
/// On `case-commands.v1`, from the translator of `reports.v1`.
package struct RegisterReport: Message {
    package static let type = "case.register-report"

    package let report: Envelope<ReportSubmitted>

    package init(report: Envelope<ReportSubmitted>) {
        self.report = report
    }

    package var subject: String { report.data.reportId.rawValue }
}

/// What a reporter did with a report later, for routing to give to its case.
///
/// On `case-commands.v1`, from the translator of `reports.v1`; sent on from where a transferred report left.
package struct AmendReport: Message {
    package static let type = "case.amend-report"

    package let amendment: Envelope<ReportAmended>

    package init(amendment: Envelope<ReportAmended>) {
        self.amendment = amendment
    }

    package var subject: String { amendment.data.reportId.rawValue }
}

/// A report that a person sent on from another community.
///
/// On `case-commands.v1`, straight to the target's partition, from the partition that it left. Never refused.
package struct ReportTransferred: Message {
    package static let type = "report.transferred"

    package let report: Envelope<ReportSubmitted>
    package let toCommunityId: CommunityID
    package let fromCaseId: CaseID
    /// When it was first stamped by the log: the clock counts from there.
    package let firstStamp: Timestamp
    /// How often it was handed on, this time included.
    package let hop: Int

    package init(
        report: Envelope<ReportSubmitted>, toCommunityId: CommunityID, fromCaseId: CaseID, firstStamp: Timestamp,
        hop: Int
    ) {
        self.report = report
        self.toCommunityId = toCommunityId
        self.fromCaseId = fromCaseId
        self.firstStamp = firstStamp
        self.hop = hop
    }

    package var subject: String { report.data.reportId.rawValue }
}

/// What a person can ask a case to do.
package enum CaseAction: String, Codable, Sendable, CaseIterable {
    case file
    case refuse
    case dispatch
    case `return`
    case handle
    case verify
    case reopen
    case transfer
    case reclassify
    /// 核实: somebody looked before filing; `agrees` says whether it is as reported.
    case check
    /// 签收: the unit takes it on.
    case accept
    /// 挂账: cannot be done in time; rests with a plan and a date.
    case park
    /// Goes on before the date that it was parked until, or comes back from deliberation.
    case resume
    /// 申请延期.
    case askExtension = "ask-extension"
    /// Grants or denies it; another person than who asked.
    case decideExtension = "decide-extension"
    /// 待补充: the clock stands still until the reporter answers, or the time for that is over.
    case askReporter = "ask-reporter"
    /// The reporter's answer.
    case reply
    /// 撤销 by a dispatcher, such as of a trial report.
    case cancel
    /// To an outside party by link.
    case handOver = "hand-over"
    /// 提交议事: to deliberation.
    case refer
    /// 回访: whether the reporter finds it solved and is satisfied.
    case rate
    /// 吹哨: calls units to a spot.
    case whistle
    /// 报到: a called unit is there.
    case checkIn = "check-in"
    /// 协办: another unit with a clock of its own.
    case addCoOwner = "add-co-owner"
    /// A co-owner's part is done.
    case coHandle = "co-handle"
    /// 并案: into another case of the community.
    case merge
    /// Takes reports out of a case into one of their own, or undoes a merge.
    case split
    /// Two cases that were proposed as one are two.
    case keepApart = "keep-apart"
    /// Becomes a part of another case, which ends only with all its parts.
    case adopt
}

/// A person acts on a case.
///
/// On `case-commands.v1`, keyed by community id, from portal.
package struct ActOnCase: Message {
    package static let type = "case.act"

    package let caseId: CaseID
    package let communityId: CommunityID
    package let action: CaseAction
    package let actor: Actor
    /// Needed by refuse, return, reopen, a failed check or verify, transfer, reclassify and the side roads.
    ///
    /// Masked by who sends it, since it goes into events that partners read.
    package let reason: String?
    /// Of dispatch: another owner than the one found.
    package let unitId: UnitID?
    /// Of dispatch: another handler than the one found.
    package let handlerId: PersonID?
    /// Of verify, check and decide-extension.
    package let agrees: Bool?
    /// Of transfer.
    package let toCommunityId: CommunityID?
    /// Of reclassify.
    package let category: CategoryCode?
    /// What else the action needs.
    package let details: StepDetails?
    /// Refused when it comes later than this by the log's clock: nobody waits for it any more.
    package let notAfter: Timestamp?

    package init(
        caseId: CaseID, communityId: CommunityID, action: CaseAction, actor: Actor, reason: String? = nil,
        unitId: UnitID? = nil, handlerId: PersonID? = nil, agrees: Bool? = nil, toCommunityId: CommunityID? = nil,
        category: CategoryCode? = nil, details: StepDetails? = nil, notAfter: Timestamp? = nil
    ) {
        self.caseId = caseId
        self.communityId = communityId
        self.action = action
        self.actor = actor
        self.reason = reason
        self.unitId = unitId
        self.handlerId = handlerId
        self.agrees = agrees
        self.toCommunityId = toCommunityId
        self.category = category
        self.details = details
        self.notAfter = notAfter
    }

    package var subject: String { caseId.rawValue }
}
