import Contracts
import EventProcessing
import Foundation
import GRDB
import Logging
import TestSupport

/// An edge as intake is one: it promises reports and waits for their answers.
final class EdgeUnderTest: Sendable {
    let store: DatabasePool
    let relay: EdgeRelay
    let projection: ProjectionService
    private let outbox = EdgeOutbox()

    struct Answers: Projection {
        let name = "answers"
        let topics = [TopicCatalogue.caseEvents]

        func apply(_ record: IncomingRecord, in db: Database) throws {
            try db.execute(
                sql: "INSERT INTO answer (id) VALUES (?)", arguments: [record.attributes.id.data])
            try EdgeOutbox().markAnswered(record.attributes.correlationID, at: record.stamp, in: db)
        }
    }

    /// - Parameter limits: Of its relay.
    init(_ broker: BrokerUnderTest, replica: String = "1", limits: EdgeLimits = EdgeLimits()) throws {
        store = try StoreFile.open(broker.data.appendingPathComponent("edge-\(replica).sqlite")) { migrator in
            EdgeOutbox.migrate(&migrator)
            ProjectionService.migrate(&migrator)
            migrator.registerMigration("answers") { db in
                try db.execute(sql: "CREATE TABLE answer (id BLOB NOT NULL PRIMARY KEY)")
            }
        }
        let configuration = broker.configuration("report-intake", replica: replica)
        let logger = Logger(label: "edge")
        relay = EdgeRelay(
            outbox: outbox, store: store, configuration: configuration, source: "report-intake/\(replica)",
            limits: limits, logger: logger)
        projection = ProjectionService(
            projection: Answers(), store: store, configuration: configuration, logger: logger)
    }

    func submit(_ numbers: ClosedRange<Int>) async throws {
        try await store.write { [outbox] db in
            for number in numbers {
                let report = ReportSubmitted.sample(number, community: CommunityID("c\(number % 7)"))
                let id = MessageID(namespace: .suishoupai, name: "report \(number)")
                let value = try Envelope(report, id: id, source: "/report-intake/1", time: .now).value()
                try outbox.append(
                    id: id, topic: TopicCatalogue.reports, key: report.communityId.rawValue, value: value, at: .now,
                    in: db)
            }
        }
        relay.nudge()
    }

    func unanswered() async throws -> Int {
        try await store.read { [outbox] db in try outbox.unansweredCount(in: db) }
    }

    func answers() async throws -> Int {
        try await store.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM answer") ?? 0 }
    }

    /// What makes commands of its reports.
    ///
    /// - Parameter data: The data folder, where it is not the broker's.
    static func translator(_ broker: BrokerUnderTest, data: URL? = nil) -> TranslatorService {
        let translator = Translator(
            name: "case-routing", sources: [TopicCatalogue.reports], target: TopicCatalogue.caseCommands
        ) { record in
            let report = try record.read(ReportSubmitted.self)
            return [Translation(RegisterReport(report: report), key: report.data.communityId.rawValue)]
        }
        return TranslatorService(
            translator, configuration: broker.configuration("case-routing", data: data),
            logger: Logger(label: "translator"))
    }
}
