import Contracts
import EventProcessing
import Foundation
import GRDB

/// What the stores of a deployment hold, read beside their owners.
extension Deployment {
    private func open(_ path: String) throws -> DatabaseQueue? {
        let file = URL(filePath: data).appending(path: path).path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: file, configuration: configuration)
    }

    private func rows(of paths: [String], _ sql: String) throws -> [Row] {
        try paths.flatMap { path in
            guard let store = try open(path) else { return [Row]() }
            defer { withExtendedLifetime(store) {} }
            return try store.read { db in try Row.fetchAll(db, sql: sql) }
        }
    }

    struct AcceptedReport: Sendable {
        let description: String
        let communityId: String
    }

    func acceptedReports() throws -> [AcceptedReport] {
        try rows(of: ["report-intake/1.sqlite"], "SELECT description, communityId FROM report ORDER BY number")
            .map { AcceptedReport(description: $0["description"], communityId: $0["communityId"]) }
    }

    /// - Parameter host: Where hosts have folders of their own, such as `host-1/`.
    func acceptedCount(on host: String = "") throws -> Int {
        try rows(of: ["\(host)report-intake/1.sqlite"], "SELECT COUNT(*) AS count FROM report").first?["count"] ?? 0
    }

    /// How many reports intake knows the case of.
    func answeredReportCount() throws -> Int {
        try rows(of: ["report-intake/1.sqlite"], "SELECT COUNT(*) AS count FROM answer WHERE caseId IS NOT NULL")
            .first?["count"] ?? 0
    }

    /// How many cases portal shows.
    func portalCaseCount() throws -> Int {
        try rows(of: ["portal/1.sqlite"], "SELECT COUNT(*) AS count FROM caseState").first?["count"] ?? 0
    }

    private var routing: [String] {
        (0..<TopicCatalogue.caseCommands.partitions).map { "case-routing/\($0).sqlite" }
    }

    /// Every event that case-routing ever said, of one type.
    func caseEvents<P: Message>(_ type: P.Type) throws -> [P] {
        try rows(
            of: routing, "SELECT value FROM outbox WHERE topic = 'case-events.v1' ORDER BY number"
        ).compactMap { row in
            let value: Data = row["value"]
            guard try MessageAttributes(value: value).type == P.type else { return nil }
            return try Envelope<P>(value: value).data
        }
    }

    private func stores(of processor: String) -> [String] {
        (0..<TopicCatalogue.caseCommands.partitions).map { "\(processor)/\($0).sqlite" }
    }

    /// Each partition of a processor that said that a pack is in force there, once for each time.
    func answers(to packHash: String, by processor: String) throws -> [Int] {
        try rows(of: stores(of: processor), "SELECT value FROM outbox ORDER BY number").compactMap { row in
            let value: Data = row["value"]
            guard try MessageAttributes(value: value).type == PackTookEffect.type else { return nil }
            let answer = try Envelope<PackTookEffect>(value: value).data
            return answer.packHash == packHash ? answer.partition : nil
        }
    }

    /// The hash of the pack in force in each partition of a processor.
    func packsInForce(in processor: String) throws -> [String] {
        try rows(of: stores(of: processor), "SELECT hash FROM packInForce").map { $0["hash"] }
    }

    /// The types of all that happened to cases.
    func steps() throws -> [String] {
        try rows(of: routing, "SELECT value FROM outbox WHERE topic = 'case-events.v1' ORDER BY number").map {
            try MessageAttributes(value: $0["value"] as Data).type
        }.filter { $0.hasPrefix("case.") }
    }
}
