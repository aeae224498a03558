import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport

/// What reports of the tally processor do with sendings, by their words.
///
/// `deliver [lane [within ms]]`, `hold lane ms`, `replan id [text [after ms [within ms]]]`, `end-lane lane`, `end id`,
/// `forget id`, `update id text`; what is answered becomes a note of the report's id.
enum TallySendings {
    private static let verbs: Set<String> = ["deliver", "hold", "replan", "end-lane", "end", "forget", "update"]

    static func knows(_ text: String) -> Bool { verbs.contains(words(of: text)[0]) }

    private static func words(of text: String) -> [String] { text.split(separator: " ").map(String.init) + [""] }

    static func follow(_ text: String, of report: ReportSubmitted, in transaction: Transaction) throws {
        let words = words(of: text)
        let clock = transaction.clock
        switch words[0] {
        case "deliver":
            try transaction.planDelivery(
                DeliveryID(report.reportId.rawValue), payload: Data("hello".utf8), lane: words[1], notBefore: clock,
                notAfter: words.count > 2 ? Int64(words[2]).map(clock.adding(milliseconds:)) : nil)
        case "hold":
            try transaction.planDelivery(
                DeliveryID(report.reportId.rawValue), payload: Data("held".utf8), lane: words[1],
                notBefore: clock.adding(milliseconds: Int64(words[2]) ?? 0))
        case "replan":
            func moment(_ index: Int) -> Timestamp? {
                words.count > index ? Int64(words[index]).map(clock.adding(milliseconds:)) : nil
            }
            let text = words.count > 2 && !words[2].isEmpty ? words[2] : nil
            try note(
                try transaction.replanDelivery(
                    DeliveryID(words[1]), payload: text.map { Data($0.utf8) }, notBefore: moment(3) ?? clock,
                    notAfter: moment(4)), of: report, in: transaction)
        case "end-lane":
            let ended = try transaction.endDeliveries(lane: words[1], reason: "the lane is gone")
            try note(ended.map(\.id.rawValue).joined(separator: " "), of: report, in: transaction)
        case "end":
            let ended = try transaction.endDelivery(DeliveryID(words[1]), reason: "nobody wants it")
            try note(ended?.id.rawValue ?? "nothing", of: report, in: transaction)
        case "forget": try transaction.forgetDelivery(DeliveryID(words[1]))
        default:
            let isChanged = try transaction.updatePlanned(
                DeliveryID(words[1]), payload: Data(words[2].utf8), notBefore: clock)
            try note(isChanged, of: report, in: transaction)
        }
    }

    private static func note(
        _ answer: some CustomStringConvertible, of report: ReportSubmitted, in transaction: Transaction
    ) throws {
        try transaction.database.execute(
            sql: "INSERT OR REPLACE INTO note (id, text) VALUES (?, ?)",
            arguments: [report.reportId.rawValue, answer.description])
    }
}

extension BrokerUnderTest {
    /// The tally processor's stores beside this broker, to look into.
    func tallyStores() throws -> [DatabaseQueue] {
        try (0..<Int32(TopicCatalogue.caseCommands.partitions)).compactMap { partition in
            let url = PartitionStore.url(dataFolder: data, processor: "case-routing", partition: partition)
            guard FileManager.default.fileExists(atPath: url.path) else { return nil }
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            return try DatabaseQueue(path: url.path, configuration: configuration)
        }
    }

    /// How many reports were tallied.
    func tallied() throws -> Int {
        try tallyStores().reduce(0) { sum, store in
            try sum
                + store.read { db in
                    guard try db.tableExists("tally") else { return 0 }
                    return try Int.fetchOne(db, sql: "SELECT SUM(count) FROM tally") ?? 0
                }
        }
    }

    /// What the tally processor noted, by what it is about.
    func notes() throws -> [String: String] {
        try tallyStores().reduce(into: [:]) { notes, store in
            let rows = try store.read { db in
                try db.tableExists("note") ? try Row.fetchAll(db, sql: "SELECT id, text FROM note ORDER BY id") : []
            }
            for row in rows { notes[row["id"]] = row["text"] }
        }
    }
}
