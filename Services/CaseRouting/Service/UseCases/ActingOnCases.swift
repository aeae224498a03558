import CaseRoutingDomain
import Contracts
import EventProcessing

/// A person acts on a case; a transfer sends its reports to the other community in the same transaction.
struct ActingOnCases {
    let transaction: Transaction
    let table: RoutingTable?

    func act(_ command: Command) throws -> Disposition {
        let act = try command.read(ActOnCase.self).data
        let store = CaseStore(transaction)
        let found = try store.find(act.caseId)
        let circumstances = Circumstances(now: transaction.clock, table: table, openCases: store.openCases(of:))
        switch try answer(act, about: found, in: circumstances) {
        case .refused(let refusal):
            return .refused(Refusal(refusal))
        case .decided(let decision):
            try store.carryOut(decision, replacing: found)
            if case .transferred(let departure) = decision.case.stage {
                try sendOn(decision.case, to: departure.toCommunityId)
            }
            return .applied
        }
    }

    private func sendOn(_ departed: Case, to target: CommunityID) throws {
        for contribution in departed.reports {
            guard
                let row = try CaseReportRow.find(
                    contribution.reportId, hop: contribution.hop, in: transaction.database)
            else {
                throw CaseStoreError.reportLost(contribution.reportId, of: departed.id)
            }
            let transfer = ReportTransferred(
                report: try row.report(), toCommunityId: target, fromCaseId: departed.id, firstStamp: row.firstStamp,
                hop: row.hop + 1)
            try transaction.send(transfer, to: TopicCatalogue.caseCommands, key: target.rawValue)
        }
    }
}

/// A store that contradicts itself: the command becomes a dead letter, nothing is written.
enum CaseStoreError: Error, CustomStringConvertible {
    case reportLost(ReportID, of: CaseID)

    var description: String {
        switch self {
        case .reportLost(let report, let caseId): "report \(report) of case \(caseId) is not in the store"
        }
    }
}
