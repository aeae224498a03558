import Contracts
import Foundation
import GRDB

/// Where a page of a statement ends; newest first.
struct StatementPlace: Codable, Sendable {
    let at: Int64
    let id: String
}

/// Where a page of an inbox ends; newest first.
struct InboxPlace: Codable, Sendable {
    let writtenAt: Int64
    let messageId: String
}

/// What a person has in all ledgers together.
struct PointsBalance: Sendable, Equatable {
    let available: Int
    let pending: Int
    let held: Int
}

extension ReadModel {
    func balance(of names: [String]) async throws -> PointsBalance {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, SUM(balance) AS points FROM account WHERE personId IN (SELECT value FROM json_each(?))
                    GROUP BY kind
                    """,
                arguments: [try ContractCoding.text(names)])
            let points = rows.reduce(into: [String: Int]()) { $0[$1["kind"]] = $1["points"] }
            return PointsBalance(
                available: points[AccountKind.available.rawValue] ?? 0,
                pending: points[AccountKind.pending.rawValue] ?? 0,
                held: points[AccountKind.held.rawValue] ?? 0)
        }
    }

    /// Up to `limit` movements of a person's points, newest first, behind `place`.
    func statement(
        of names: [String], after place: StatementPlace?, limit: Int
    ) async throws -> [Envelope<PointsMoved>] {
        try await read { db in
            var conditions = Conditions()
            try conditions.append(column: "personId", isIn: names)
            if let place { conditions.append(sql: "(at, id) < (?, ?)", arguments: [place.at, place.id]) }
            return try String.fetchAll(
                db,
                sql: "SELECT body FROM pointsEvent \(conditions.whereClause) ORDER BY at DESC, id DESC LIMIT ?",
                arguments: conditions.arguments + [limit]
            ).map { try Envelope<PointsMoved>(value: Data($0.utf8)) }
        }
    }

    /// Up to `limit` messages to a person, newest first, behind `place`, and how many of all are unread.
    ///
    /// - Parameter archived: Whether those that were put away are asked for instead.
    func inbox(
        of names: [String], archived: Bool = false, after place: InboxPlace?, limit: Int
    ) async throws -> (messages: [InboxMessageState], unread: Int) {
        try await read { db in
            var conditions = Conditions()
            try conditions.append(column: "recipientId", isIn: names)
            conditions.append(sql: "ended = 0 AND archivedAt IS \(archived ? "NOT NULL" : "NULL")", arguments: [])
            if let place {
                conditions.append(
                    sql: "(writtenAt, messageId) < (?, ?)", arguments: [place.writtenAt, place.messageId])
            }
            let messages = try String.fetchAll(
                db,
                sql: """
                    SELECT body FROM inboxMessage \(conditions.whereClause)
                    ORDER BY writtenAt DESC, messageId DESC LIMIT ?
                    """,
                arguments: conditions.arguments + [limit]
            ).map(Self.inboxMessage)
            return (messages, try Self.unread(of: names, in: db))
        }
    }

    private static func unread(of names: [String], in db: Database) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT COUNT(*) FROM inboxMessage WHERE recipientId IN (SELECT value FROM json_each(?))
                AND readAt IS NULL AND archivedAt IS NULL AND ended = 0
                """,
            arguments: [try ContractCoding.text(names)]) ?? 0
    }

    func settings(of person: PersonID) async throws -> PersonSettingsState? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT body FROM personSettings WHERE personId = ?", arguments: [person.rawValue]
            )
            .map { try ContractCoding.decode(PersonSettingsState.self, from: Data($0.utf8)) }
        }
    }

    /// Of the reporters who were told how their report ended, how many have seen it.
    ///
    /// - Parameters:
    ///   - since: The first moment at which they were told.
    ///   - community: Nil for all.
    func outcomesSeen(since: Timestamp, in community: CommunityID?) async throws -> (told: Int, seen: Int) {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT COUNT(*) AS told, COUNT(message.readAt) AS seen FROM inboxMessage AS message
                    JOIN caseReporter AS reporter
                        ON reporter.caseId = message.caseId AND reporter.personId = message.recipientId
                    JOIN caseState AS state ON state.caseId = message.caseId
                    WHERE message.aboutType = ?1 AND message.writtenAt >= ?2
                        AND message.ended = 0 AND (?3 IS NULL OR state.communityId = ?3)
                    """,
                arguments: [CaseChanged.Step.closed.rawValue, since.milliseconds, community?.rawValue])
            return (row?["told"] ?? 0, row?["seen"] ?? 0)
        }
    }

    func inboxMessage(_ id: InboxMessageID) async throws -> InboxMessageState? {
        try await read { db in
            try String.fetchOne(db, sql: "SELECT body FROM inboxMessage WHERE messageId = ?", arguments: [id.rawValue])
                .map(Self.inboxMessage)
        }
    }

    private static func inboxMessage(_ body: String) throws -> InboxMessageState {
        try ContractCoding.decode(InboxMessageState.self, from: Data(body.utf8))
    }
}
