package import Contracts

/// What came of a report, an action or the clock: the case after it, and what is to be said of it, in order.
package struct CaseDecision: Sendable, Equatable {
    package let `case`: Case
    package let events: [CaseEvent]
    /// What became of other cases by the same, such as of one that reports went to.
    package let others: [CaseDecision]

    package init(case: Case, events: [CaseEvent], others: [CaseDecision] = []) {
        self.case = `case`
        self.events = events
        self.others = others
    }
}

/// A plain no, with what would be possible instead.
package struct CaseRefusal: Sendable, Equatable {
    /// For programs.
    package let code: Code
    /// For the person who asked, in Chinese and English.
    package let reason: String
    package let allowed: [CaseAction]

    package enum Code: String, Sendable, CaseIterable {
        case notFound = "not-found"
        case tooLate = "too-late"
        case wrongStage = "wrong-stage"
        case notAllowed = "not-allowed"
        case reasonNeeded = "reason-needed"
        case verdictNeeded = "verdict-needed"
        case unitNeeded = "unit-needed"
        case unknownUnit = "unknown-unit"
        case unknownHandler = "unknown-handler"
        case nothingChanges = "nothing-changes"
        case targetNeeded = "target-needed"
        case sameCommunity = "same-community"
        case reopenWindowOver = "reopen-window-over"
        case noPack = "no-pack"
        case packFault = "pack-fault"
        case alreadyRegistered = "already-registered"
        case categoryNeeded = "category-needed"
        case unknownCategory = "unknown-category"
        case unknownReport = "unknown-report"
        case withdrawnBefore = "withdrawn-before"
        case editWindowOver = "edit-window-over"
        case tooManyAmendments = "too-many-amendments"
        case otherCaseNeeded = "other-case-needed"
        case otherCaseEnded = "other-case-ended"
        case tooManyReports = "too-many-reports"
        case reportsNeeded = "reports-needed"
        case oneLevel = "one-level"
        case openParts = "open-parts"
        case detailsNeeded = "details-needed"
        case whistleRuns = "whistle-runs"
        case whistleTime = "whistle-time"
        case noWhistle = "no-whistle"
        case whistleOver = "whistle-over"
        case notCalled = "not-called"
        case thereAlready = "there-already"
        case coOwnerTaken = "co-owner-taken"
        case tooManyCoOwners = "too-many-co-owners"
        case coOwnerLimit = "co-owner-limit"
        case noOpenPart = "no-open-part"
        case partsOpen = "parts-open"
        case noCampaign = "no-campaign"
        case campaignKnown = "campaign-known"
        case campaignOver = "campaign-over"
        case campaignText = "campaign-text"
        case campaignDeadline = "campaign-deadline"
        case unknownCommunity = "unknown-community"
        case targetCount = "target-count"
        case targetName = "target-name"
        case targetPlace = "target-place"
        case noTarget = "no-target"
        case visitTime = "visit-time"
        case tooManyVisits = "too-many-visits"
        case tooManyPhotos = "too-many-photos"
    }

    package init(_ code: Code, chinese: String, english: String, allowed: [CaseAction] = []) {
        self.code = code
        self.allowed = allowed
        reason = "\(chinese) / \(english)"
    }
}

/// The answer to an action.
package enum CaseAnswer: Sendable, Equatable {
    case decided(CaseDecision)
    case refused(CaseRefusal)
}

extension CaseRefusal {
    package static func notFound(_ caseId: CaseID) -> CaseRefusal {
        CaseRefusal(
            .notFound, chinese: "本社区没有案件 \(caseId)。", english: "There is no case \(caseId) in this community.")
    }

    /// A report that is in a case already, for ever.
    package static func alreadyRegistered(_ reportId: ReportID, in number: String) -> CaseRefusal {
        CaseRefusal(
            .alreadyRegistered, chinese: "上报 \(reportId) 已在案件 \(number) 中。",
            english: "Report \(reportId) is in case \(number) already.")
    }

    /// Something that the action needs beside its reason is missing or wrong.
    static func detailsNeeded(for action: CaseAction, chinese: String, english: String) -> CaseRefusal {
        CaseRefusal(.detailsNeeded, chinese: chinese, english: english, allowed: [action])
    }

    static func reasonNeeded(for action: CaseAction) -> CaseRefusal {
        CaseRefusal(
            .reasonNeeded, chinese: "\(action.chinese)须写明理由。", english: "To \(action.rawValue) a case, say why.",
            allowed: [action])
    }
}

extension CaseAction {
    /// The action as staff call it.
    package var chinese: String {
        switch self {
        case .file: "立案"
        case .refuse: "不予立案"
        case .dispatch: "派遣"
        case .return: "退回"
        case .handle: "处置反馈"
        case .verify: "核查"
        case .reopen: "重新打开"
        case .transfer: "移交"
        case .reclassify: "改类别"
        case .check: "核实"
        case .accept: "签收"
        case .park: "挂账"
        case .resume: "恢复计时"
        case .askExtension: "申请延期"
        case .decideExtension: "延期审批"
        case .askReporter: "请上报人补充"
        case .reply: "答复"
        case .cancel: "撤销"
        case .handOver: "转外部单位"
        case .refer: "提交议事"
        case .rate: "评价"
        case .whistle: "吹哨"
        case .checkIn: "报到"
        case .addCoOwner: "加协办"
        case .coHandle: "协办反馈"
        case .makeSafe: "围护"
        case .merge: "并案"
        case .split: "拆案"
        case .keepApart: "确认不同"
        case .adopt: "归入主案"
        }
    }
}
