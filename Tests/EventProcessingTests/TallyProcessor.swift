import Contracts
import EventProcessing
import Foundation
import GRDB
import Synchronization
import TestSupport

/// A small processor for tests of the runtime: it keeps a tally per community, and can be told to misbehave.
struct TallyProcessor: Processor {
    let name = "case-routing"
    /// By logic 2 every report counts ten times.
    var logic = 1
    let commandTopic = TopicCatalogue.caseCommands
    let eventTopic = TopicCatalogue.caseEvents
    let machineTables = ["tally", "note"]

    func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("tally 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE tally (community TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
                    """)
        }
    }

    func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let db = transaction.database
        switch command.attributes.type {
        case RegisterReport.type:
            let report = try command.read(RegisterReport.self).data.report.data
            return try tally(report, in: transaction)
        case TimerDue.type:
            let due = try command.read(TimerDue.self).data
            try db.execute(
                sql: "INSERT INTO note (id, text) VALUES (?, ?)", arguments: [due.about, "\(transaction.clock)"])
            return .applied
        case DeliveryReported.type:
            let report = try command.read(DeliveryReported.self).data
            guard let delivery = try transaction.delivery(report.deliveryId) else { return .applied }
            try db.execute(
                sql: "INSERT OR REPLACE INTO note (id, text) VALUES (?, ?)",
                arguments: [delivery.id.rawValue, "\(delivery.state.rawValue) after \(delivery.tries)"])
            return .applied
        case MarkRead.type:
            return .applied
        default:
            return .refused(Refusal(code: "unknown-command", reason: "no such command", allowed: ["count"]))
        }
    }

    private func tally(_ report: ReportSubmitted, in transaction: Transaction) throws -> Disposition {
        let db = transaction.database
        try db.execute(
            sql: """
                INSERT INTO tally (community, count) VALUES (?1, ?2)
                ON CONFLICT (community) DO UPDATE SET count = count + ?2
                """, arguments: [report.communityId.rawValue, transaction.logic == 1 ? 1 : 10])
        switch report.description {
        case "refuse": return .refused(Refusal(code: "no", reason: "refused for the test"))
        case "throw": throw TallyError.thrown
        case "break a constraint":
            try db.execute(sql: "INSERT INTO note (id, text) VALUES ('twice', ''), ('twice', '')")
        case "too large":
            let text = String(repeating: "x", count: 950_000)
            try transaction.emit(sampleApplied(text), to: TopicCatalogue.caseEvents, key: "k")
        case "timer":
            try transaction.setTimer(
                "t|\(report.reportId)", kind: "test", about: report.reportId.rawValue,
                due: transaction.clock.adding(milliseconds: 1))
        case "timer in an hour":
            try transaction.setTimer(
                "t|\(report.reportId)", kind: "test", about: report.reportId.rawValue,
                due: transaction.clock.adding(milliseconds: 3_600_000))
        case let words where TallySendings.knows(words):
            try TallySendings.follow(words, of: report, in: transaction)
        case "state":
            try transaction.emit(
                sampleApplied(report.reportId.rawValue), to: TopicCatalogue.cases, key: report.communityId.rawValue)
        case "state alone":
            try transaction.emit(
                sampleApplied(report.reportId.rawValue), to: TopicCatalogue.cases, key: report.communityId.rawValue)
            return .applied
        case "send on":
            let onward = RegisterReport(
                report: Envelope(
                    report.moved(to: "elsewhere"), id: transaction.newID("onward", of: report.reportId.rawValue),
                    source: "/test", time: transaction.clock))
            try transaction.send(onward, to: TopicCatalogue.caseCommands, key: "elsewhere")
        default: break
        }
        try transaction.emit(
            sampleApplied(report.reportId.rawValue), to: TopicCatalogue.caseEvents, key: report.communityId.rawValue)
        return .applied
    }

    private func sampleApplied(_ text: String) -> CommandApplied {
        CommandApplied(commandId: MessageID(namespace: .suishoupai, name: "sample"), commandType: text)
    }
}

enum TallyError: Error {
    case thrown
}

extension ReportSubmitted {
    static func sample(_ number: Int, _ description: String = "count", community: CommunityID = "mingdu") -> Self {
        ReportSubmitted(
            reportId: ReportID("r-\(number)"), communityId: community, kind: .snapshot, category: "E0102",
            description: description, location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000),
            address: nil, observedAt: nil, submittedAt: Timestamp(milliseconds: 1_000), reporterId: "rider-1",
            channel: nil)
    }

    func moved(to community: CommunityID) -> Self {
        ReportSubmitted(
            reportId: reportId, communityId: community, kind: kind, category: category, description: "count",
            location: location, address: address, observedAt: observedAt, submittedAt: submittedAt,
            reporterId: reporterId, channel: channel)
    }
}

extension RegisterReport {
    static func sample(_ number: Int, _ description: String = "count", community: CommunityID = "mingdu") -> Self {
        RegisterReport(
            report: Envelope(
                .sample(number, description, community: community),
                id: MessageID(namespace: .suishoupai, name: "report \(number)"), source: "/report-intake/1",
                time: Timestamp(milliseconds: 1_000)))
    }
}

extension MessageID {
    static func sample(_ number: Int) -> MessageID { MessageID(namespace: .suishoupai, name: "command \(number)") }
}
