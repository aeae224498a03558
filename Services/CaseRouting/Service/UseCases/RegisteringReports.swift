import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation

/// A report comes from intake or from another community: it joins the open case of its problem, or opens one.
struct RegisteringReports {
    let transaction: Transaction
    let table: RoutingTable?

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
        let store = CaseStore(transaction)
        let classification = classify(arriving.report, by: table)
        let found = try caseToJoin(arriving, classification, store)
        let decision =
            try found.map { $0.case.join(arriving, distance: $0.distance) }
            ?? open(arriving, classification, store)
        try store.carryOut(decision, replacing: found?.case)
        try CaseReportRow(
            reportId: reportId, hop: arriving.hop, caseId: decision.case.id, firstStamp: firstStamp, command: command
        ).insert(in: db)
        return .applied
    }

    private func caseToJoin(
        _ arriving: ArrivingReport, _ classification: Classification, _ store: CaseStore
    ) throws -> (
        case: Case, distance: Int
    )? {
        guard let table, arriving.mayJoin else { return nil }
        let location = arriving.report.location
        let neighbours = try store.neighbours(
            of: classification.category, in: arriving.communityId,
            within: SearchBox(around: location, reach: table.mergeDistance))
        guard let nearest = nearest(to: location, among: neighbours, within: table.mergeDistance),
            let found = try store.find(nearest.id)
        else { return nil }
        return (found, nearest.distance)
    }

    private func open(
        _ arriving: ArrivingReport, _ classification: Classification, _ store: CaseStore
    ) throws
        -> CaseDecision
    {
        let day = CaseNumber.day(at: transaction.clock, by: table)
        let ordinal = try store.nextOrdinal(in: arriving.communityId, day: day)
        return try Case.open(
            arriving, id: CaseID(transaction.newID("case", of: arriving.report.reportId.rawValue).description),
            number: CaseNumber.text(communityId: arriving.communityId, day: day, ordinal: ordinal, by: table),
            classification: classification,
            in: Circumstances(
                now: transaction.clock, table: table, openCases: store.openCases(of:)))
    }
}
