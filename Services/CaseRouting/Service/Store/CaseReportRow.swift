import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB

/// A report and the one case that it came into here, for ever, kept as the record that brought it: a transfer sends it on
/// whole.
struct CaseReportRow {
    let reportId: ReportID
    let hop: Int
    let caseId: CaseID
    /// When the log first stamped the report, in whatever community that was.
    let firstStamp: Timestamp
    /// The value of the command: `case.register-report`, or `report.transferred` after a hop.
    let command: Data

    func insert(in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO caseReport (reportId, hop, caseId, firstStamp, command) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [reportId.rawValue, hop, caseId.rawValue, firstStamp.milliseconds, command])
    }

    static func find(_ reportId: ReportID, hop: Int, in db: Database) throws -> CaseReportRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT caseId, firstStamp, command FROM caseReport WHERE reportId = ? AND hop = ?")
        return try Row.fetchOne(statement, arguments: [reportId.rawValue, hop]).map { row in
            CaseReportRow(
                reportId: reportId, hop: hop, caseId: CaseID(row["caseId"] as String),
                firstStamp: Timestamp(milliseconds: row["firstStamp"]), command: row["command"])
        }
    }

    /// The row of a report that a case has.
    ///
    /// - Throws: `CaseStoreError` where there is none, which cannot be.
    static func find(_ contribution: Case.Contribution, of caseId: CaseID, in db: Database) throws -> CaseReportRow {
        guard let row = try find(contribution.reportId, hop: contribution.hop, in: db) else {
            throw CaseStoreError.reportLost(contribution.reportId, of: caseId)
        }
        return row
    }

    /// The row of a report as it came here last; nil where it never did.
    static func latest(of reportId: ReportID, in db: Database) throws -> CaseReportRow? {
        let statement = try db.cachedStatement(sql: "SELECT MAX(hop) FROM caseReport WHERE reportId = ?")
        let hop = try Int.fetchOne(statement, arguments: [reportId.rawValue])
        return try hop.flatMap { try find(reportId, hop: $0, in: db) }
    }

    /// The number of the case that the report is in; nil where it is in none.
    static func caseNumber(of reportId: ReportID, hop: Int, in db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT caseFile.number FROM caseReport JOIN caseFile ON caseFile.id = caseReport.caseId
                WHERE caseReport.reportId = ? AND caseReport.hop = ?
                """)
        return try String.fetchOne(statement, arguments: [reportId.rawValue, hop])
    }

    /// The report as it was submitted, or edited since.
    func report() throws -> Envelope<ReportSubmitted> {
        let attributes = try MessageAttributes(value: command)
        return attributes.type == ReportTransferred.type
            ? try Envelope<ReportTransferred>(value: command).data.report
            : try Envelope<RegisterReport>(value: command).data.report
    }

    /// Puts the report's new words into the row, so that they go where its case goes; all else of the command stays.
    func save(edited report: ReportSubmitted, in db: Database) throws {
        let attributes = try MessageAttributes(value: command)
        let edited =
            attributes.type == ReportTransferred.type
            ? try Envelope<ReportTransferred>(value: command).map { $0.with(report) }.value()
            : try Envelope<RegisterReport>(value: command).map { $0.with(report) }.value()
        try db.cachedStatement(sql: "UPDATE caseReport SET command = ? WHERE reportId = ? AND hop = ?")
            .execute(arguments: [edited, reportId.rawValue, hop])
    }

    /// The report is in another case from now on, and in no other.
    static func move(_ contribution: Case.Contribution, to caseId: CaseID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE caseReport SET caseId = ? WHERE reportId = ? AND hop = ?")
            .execute(arguments: [caseId.rawValue, contribution.reportId.rawValue, contribution.hop])
    }

    /// Notes that the report was taken back: it stays in its case's row for ever, and its case has it no more.
    func saveWithdrawal(at moment: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO withdrawnReport (reportId, hop, caseId, withdrawnAt) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [reportId.rawValue, hop, caseId.rawValue, moment.milliseconds])
    }
}

extension RegisterReport {
    fileprivate func with(_ edited: ReportSubmitted) -> RegisterReport {
        RegisterReport(report: Envelope(attributes: report.attributes, data: edited))
    }
}

extension ReportTransferred {
    fileprivate func with(_ edited: ReportSubmitted) -> ReportTransferred {
        ReportTransferred(
            report: Envelope(attributes: report.attributes, data: edited), toCommunityId: toCommunityId,
            fromCaseId: fromCaseId, firstStamp: firstStamp, hop: hop)
    }
}
