import ArgumentParser
import Contracts
import Foundation
import GRDB

/// `suishoupai notifications deliveries`.
struct NotificationsDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List what was sent outside or waits to be, the newest first, with the reasons of failures.",
        discussion: """
            Whom a message is for is not shown, nor where it goes. A lane is an endpoint, or a channel and its provider.

            Examples:
              suishoupai notifications deliveries --data ./data --state failed
              suishoupai notifications deliveries --data ./data --lane 'endpoint|ep-3f9a2c71' --json
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Option(help: "planned, started, delivered, failed, gone or unknown.")
    var state: String?

    @Option(help: "Those of one lane.")
    var lane: String?

    @Option(help: "How many.")
    var limit = 50

    struct Entry: Codable, Equatable {
        let deliveryId: String
        let lane: String
        let state: String
        let attempts: Int
        let plannedAt: Timestamp
        /// Of one that waits.
        let notBefore: Timestamp?
        let reason: String?
    }

    static let states = ["planned", "started", "delivered", "failed", "gone", "unknown"]

    func validate() throws {
        if let state, !Self.states.contains(state) {
            throw ValidationError("--state must be one of \(Self.states.joined(separator: ", ")).")
        }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000.") }
    }

    func run() async throws {
        let entries = try Self.entries(try StoreShelf(options.desk().folder), state: state, lane: lane, limit: limit)
        guard !options.json else { return print(try ContractCoding.text(entries)) }
        guard !entries.isEmpty else { return print("There is nothing like that.") }
        for entry in entries {
            let next = entry.notBefore.map { "  not before \($0)" } ?? ""
            let reason = entry.reason.map { "  \($0)" } ?? ""
            print(
                "\(entry.plannedAt)  \(entry.deliveryId)  \(entry.lane)  \(entry.state) after \(entry.attempts)\(next)\(reason)"
            )
        }
    }

    static func entries(_ shelf: StoreShelf, state: String?, lane: String?, limit: Int) throws -> [Entry] {
        let entries = try shelf.notifications.flatMap { store in
            try store.database.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT * FROM (
                            SELECT delivery.id, delivery.lane, attempt - uncounted AS tries, delivery.plannedAt, notBefore,
                                CASE WHEN state IN ('planned', 'started') THEN state
                                    ELSE COALESCE(sending.outcome, state) END AS state,
                                COALESCE(sending.reason, delivery.reason) AS reason
                            FROM delivery LEFT JOIN sending ON sending.id = delivery.id
                        )
                        WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR lane = ?2)
                        ORDER BY plannedAt DESC, id LIMIT ?3
                        """, arguments: [state, lane, limit]
                ).map { row in
                    Entry(
                        deliveryId: row["id"], lane: row["lane"], state: row["state"], attempts: row["tries"],
                        plannedAt: Timestamp(milliseconds: row["plannedAt"]),
                        notBefore: row["state"] == "planned" ? Timestamp(milliseconds: row["notBefore"]) : nil,
                        reason: row["reason"])
                }
            }
        }
        return Array(entries.sorted { ($1.plannedAt, $0.deliveryId) < ($0.plannedAt, $1.deliveryId) }.prefix(limit))
    }
}
