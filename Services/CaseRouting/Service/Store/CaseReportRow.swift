import Contracts
import EventProcessing
import Foundation
import GRDB

/// A report in the case that it is in for ever, kept as the record that brought it: a transfer sends it on whole.
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

    /// The number of the case that the report is in; nil where it is in none.
    static func caseNumber(of reportId: ReportID, hop: Int, in db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT caseFile.number FROM caseReport JOIN caseFile ON caseFile.id = caseReport.caseId
                WHERE caseReport.reportId = ? AND caseReport.hop = ?
                """)
        return try String.fetchOne(statement, arguments: [reportId.rawValue, hop])
    }

    /// The report as it was submitted.
    func report() throws -> Envelope<ReportSubmitted> {
        let attributes = try MessageAttributes(value: command)
        return attributes.type == ReportTransferred.type
            ? try Envelope<ReportTransferred>(value: command).data.report
            : try Envelope<RegisterReport>(value: command).data.report
    }
}
