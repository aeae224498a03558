import Contracts

/// A store that contradicts itself: the command becomes a dead letter, nothing is written.
enum CaseStoreError: Error, CustomStringConvertible {
    case reportLost(ReportID, of: CaseID)
    case caseLost(CaseID, of: ReportID)

    var description: String {
        switch self {
        case .reportLost(let report, let caseId): "report \(report) of case \(caseId) is not in the store"
        case .caseLost(let caseId, let report): "case \(caseId) of report \(report) is not in the store"
        }
    }
}
