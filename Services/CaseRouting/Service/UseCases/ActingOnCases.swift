import CaseRoutingDomain
import Contracts
import EventProcessing

/// A person acts on a case; a transfer sends its reports to the other community in the same transaction.
struct ActingOnCases {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    func act(_ command: Command) throws -> Disposition {
        let act = try command.read(ActOnCase.self).data
        let found = try store.find(act.caseId)
        let circumstances = Circumstances(
            now: transaction.clock, table: table,
            suggested: act.action == .reclassify ? try found.flatMap(suggestion) : nil,
            others: store.others {
                try NewCase(transaction, table, store).make(in: act.communityId, of: act.caseId.rawValue)
            },
            openCases: store.openCases(of:))
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

    /// What intake took the case's first report for.
    private func suggestion(about found: Case) throws -> CategoryCode? {
        guard let first = found.reports.first else { return nil }
        let report = try CaseReportRow.find(first, of: found.id, in: transaction.database).report().data
        return report.category ?? report.suggestedCategory?.category
    }

    private func sendOn(_ departed: Case, to target: CommunityID) throws {
        for contribution in departed.reports {
            let row = try CaseReportRow.find(contribution, of: departed.id, in: transaction.database)
            let transfer = ReportTransferred(
                report: try row.report(), toCommunityId: target, fromCaseId: departed.id, firstStamp: row.firstStamp,
                hop: row.hop + 1)
            try transaction.send(transfer, to: TopicCatalogue.caseCommands, key: target.rawValue)
        }
    }
}
