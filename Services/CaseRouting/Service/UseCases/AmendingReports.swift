import CaseRoutingDomain
import Contracts
import EventProcessing

/// A reporter adds to a report, changes it or takes it back: its case hears of it, wherever that went.
struct AmendingReports {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    func amend(_ command: Command) throws -> Disposition {
        let amendment = try command.read(AmendReport.self).data.amendment
        let db = transaction.database
        guard let row = try CaseReportRow.latest(of: amendment.data.reportId, in: db) else {
            return .refused(Refusal(.unknownReport(amendment.data.reportId)))
        }
        guard let found = try store.find(row.caseId) else {
            throw CaseStoreError.caseLost(row.caseId, of: row.reportId)
        }
        let report = RegisteredReport(report: try row.report().data, hop: row.hop)
        let words = { (other: Case.Contribution) in
            try CaseReportRow.find(other, of: found.id, in: db).report().data
        }
        switch try answer(amendment.data, of: report, in: found, at: transaction.clock, by: table, reading: words) {
        case .refused(let refusal):
            return .refused(Refusal(refusal))
        case .handedOn(let target):
            // The report went there before, on the same way, so it is there when this comes.
            try transaction.send(
                AmendReport(amendment: amendment), to: TopicCatalogue.caseCommands, key: target.rawValue)
        case .decided(let decision, let change):
            try store.carryOut(decision, replacing: found)
            try save(change, of: row)
        }
        return .applied
    }

    private func save(_ change: ReportChange, of row: CaseReportRow) throws {
        switch change {
        case .none: return
        case .edited(let report): try row.save(edited: report, in: transaction.database)
        case .withdrawn: try row.saveWithdrawal(at: transaction.clock, in: transaction.database)
        }
    }
}
