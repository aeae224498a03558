import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation

/// A report comes from intake or from another community: it joins the open case of its problem, or opens one.
struct RegisteringReports {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    func register(_ command: Command) throws -> Disposition {
        let report = try command.read(RegisterReport.self).data.report.data
        let arriving = ArrivingReport(
            report: report, hop: 0, communityId: report.communityId)
        return try place(arriving, firstStamp: command.stamp, command: command.value)
    }

    func takeOver(_ command: Command) throws -> Disposition {
        let transfer = try command.read(ReportTransferred.self).data
        let arriving = ArrivingReport(
            report: transfer.report.data, hop: transfer.hop, communityId: transfer.toCommunityId)
        return try place(arriving, firstStamp: transfer.firstStamp, command: command.value)
    }

    private func place(_ arriving: ArrivingReport, firstStamp: Timestamp, command: Data) throws -> Disposition {
        let db = transaction.database
        let reportId = arriving.report.reportId
        if let number = try CaseReportRow.caseNumber(of: reportId, hop: arriving.hop, in: db) {
            return .refused(Refusal(.alreadyRegistered(reportId, in: number)))
        }
        let classification = classify(arriving.report, by: table)
        let (decision, old) = try decide(arriving, classification, store)
        try store.carryOut(decision, replacing: old)
        try CaseReportRow(
            reportId: reportId, hop: arriving.hop, caseId: decision.case.id, firstStamp: firstStamp, command: command
        ).insert(in: db)
        return .applied
    }

    /// What becomes of it, with the case as it was, where it comes to one.
    private func decide(
        _ arriving: ArrivingReport, _ classification: Classification, _ store: CaseStore
    ) throws -> (CaseDecision, old: Case?) {
        if let supported = try arriving.report.supports.flatMap(store.find), let joined = supported.support(arriving) {
            return (joined, supported)
        }
        let circumstances = Circumstances(now: transaction.clock, table: table, openCases: store.openCases(of:))
        guard let rules = table?.matching else {
            return (try open(arriving, classification, Discovery(), store, circumstances), nil)
        }
        switch try store.place(arriving, as: classification.category, by: rules) {
        case .joins(let found):
            return (found.case.join(arriving, distance: found.distance, match: found.match), found.case)
        case .reopens(let found):
            if let reopened = try found.case.reopen(for: arriving, found, in: circumstances) {
                return (reopened, found.case)
            }
            var discovery = Discovery()
            discovery.recurrenceOf = found.case.id
            return (try open(arriving, classification, discovery, store, circumstances), nil)
        case .opens(let discovery):
            return (try open(arriving, classification, discovery, store, circumstances), nil)
        }
    }

    private func open(
        _ arriving: ArrivingReport, _ classification: Classification, _ discovery: Discovery, _ store: CaseStore,
        _ circumstances: Circumstances
    ) throws -> CaseDecision {
        let (id, number) = try NewCase(transaction, table, store).make(
            in: arriving.communityId, of: arriving.report.reportId.rawValue)
        return try Case.open(arriving, id: id, number: number, classification: classification, in: circumstances)
            .noting(discovery, at: transaction.clock)
    }
}
