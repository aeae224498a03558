import Contracts

/// How a step of a case is shown.
enum StepWords {
    /// The stage whose colour a step has.
    static func tone(_ type: String) -> String {
        switch type {
        case CaseOpened.type, ReportJoined.type, CaseReportAmended.type, CaseReclassified.type:
            return CaseStage.opened.rawValue
        case CaseTransferred.type: return CaseStage.transferred.rawValue
        default: break
        }
        return switch CaseChanged.Step(rawValue: type) {
        case .filed, .returned, .reopened: CaseStage.filed.rawValue
        case .refused: CaseStage.refused.rawValue
        case .dispatched: CaseStage.dispatched.rawValue
        case .handled, .verified: CaseStage.handled.rawValue
        case .closed: CaseStage.closed.rawValue
        case .overdue: "overdue"
        case .cancelled: CaseStage.cancelled.rawValue
        case .checked, .mergeProposed, .keptApart: CaseStage.opened.rawValue
        case .parked: CaseStage.parked.rawValue
        case .informationAsked: CaseStage.waiting.rawValue
        case .referred: CaseStage.referred.rawValue
        case .merged: CaseStage.merged.rawValue
        case .rated: CaseStage.closed.rawValue
        case .filingOverdue, .dispatchOverdue, .verificationOverdue, .keptOverdue, .nearDue, .escalated, .whistled,
            .whistleEnded, .coOwnerOverdue:
            "overdue"
        case .accepted, .resumed, .extensionAsked, .extensionDecided, .informationGiven, .handedOver, .checkedIn,
            .madeSafe,
            .coOwnerAdded, .coOwnerHandled, .split, .adopted:
            CaseStage.dispatched.rawValue
        case nil: CaseStage.opened.rawValue
        }
    }
}
