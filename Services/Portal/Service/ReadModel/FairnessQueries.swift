import Contracts
import Foundation
import GRDB

/// Where a page of hours, notices or signals ends; newest first.
struct FairnessPlace: Codable, Sendable, Equatable {
    let at: Int64
    let id: String
}

/// An entry of the book of hours, and whether it still counts.
struct KeptHours: Sendable, Equatable {
    let entry: HoursRecorded
    let isTakenBack: Bool
}

/// What is known of a notice.
struct KeptNotice: Sendable, Equatable {
    let given: NoticeChanged
    let objected: NoticeChanged?
    /// Upheld, dismissed or lapsed.
    let ended: NoticeChanged?
}

/// A signal, and what a person found behind it.
struct KeptSignal: Sendable, Equatable {
    let raised: SignalRaised
    let review: SignalReviewed?
}

extension ReadModel {
    func hours(_ id: HoursRecordID) async throws -> KeptHours? {
        try await read { db in
            try Row.fetchOne(db, sql: "\(Self.keptHours) WHERE recordId = ?", arguments: [id.rawValue])
                .map(Self.hours)
        }
    }

    /// Up to `limit` entries of a person, newest first, behind `place`.
    func hours(of names: [String], after place: FairnessPlace?, limit: Int) async throws -> [KeptHours] {
        try await read { db in
            var conditions = Conditions()
            try conditions.append(column: "personId", isIn: names)
            if let place { conditions.append(sql: "(servedAt, recordId) < (?, ?)", arguments: [place.at, place.id]) }
            return try Row.fetchAll(
                db,
                sql: "\(Self.keptHours) \(conditions.whereClause) ORDER BY servedAt DESC, recordId DESC LIMIT ?",
                arguments: conditions.arguments + [limit]
            ).map(Self.hours)
        }
    }

    /// What the book holds for a person, in minutes.
    func totalMinutes(of names: [String]) async throws -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: "SELECT SUM(minutes) FROM hoursEntry WHERE personId IN (SELECT value FROM json_each(?))",
                arguments: [try ContractCoding.text(names)]) ?? 0
        }
    }

    func notice(_ id: NoticeID) async throws -> KeptNotice? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "\(Self.keptNotices) WHERE step = ? AND noticeId = ?",
                arguments: [NoticeChanged.Step.given.rawValue, id.rawValue]
            ).map(Self.notice)
        }
    }

    /// Up to `limit` notices, newest first, behind `place`; of everybody where no names are given.
    func notices(of names: [String]?, after place: FairnessPlace?, limit: Int) async throws -> [KeptNotice] {
        try await read { db in
            var conditions = Conditions()
            conditions.append(sql: "step = ?", arguments: [NoticeChanged.Step.given.rawValue])
            if let names { try conditions.append(column: "personId", isIn: names) }
            if let place { conditions.append(sql: "(at, noticeId) < (?, ?)", arguments: [place.at, place.id]) }
            return try Row.fetchAll(
                db, sql: "\(Self.keptNotices) \(conditions.whereClause) ORDER BY at DESC, noticeId DESC LIMIT ?",
                arguments: conditions.arguments + [limit]
            ).map(Self.notice)
        }
    }

    func signal(_ id: SignalID) async throws -> KeptSignal? {
        try await read { db in
            try Row.fetchOne(db, sql: "\(Self.keptSignals) WHERE signalId = ?", arguments: [id.rawValue])
                .map(Self.signal)
        }
    }

    /// Up to `limit` signals, newest first, behind `place`.
    func signals(reviewed: Bool?, after place: FairnessPlace?, limit: Int) async throws -> [KeptSignal] {
        try await read { db in
            var conditions = Conditions()
            if let reviewed {
                conditions.append(sql: "(review IS NOT NULL) = ?", arguments: [reviewed])
            }
            if let place { conditions.append(sql: "(at, signalId) < (?, ?)", arguments: [place.at, place.id]) }
            return try Row.fetchAll(
                db, sql: "\(Self.keptSignals) \(conditions.whereClause) ORDER BY at DESC, signalId DESC LIMIT ?",
                arguments: conditions.arguments + [limit]
            ).map(Self.signal)
        }
    }

    private static let keptHours = """
        SELECT body, EXISTS (SELECT 1 FROM hoursEntry AS other WHERE other.reverses = hoursEntry.recordId) AS takenBack
        FROM hoursEntry
        """

    private static func hours(_ row: Row) throws -> KeptHours {
        KeptHours(entry: try decoded(row["body"]), isTakenBack: row["takenBack"])
    }

    /// A notice has at most one end, and at most one objection.
    private static let keptNotices = """
        SELECT body,
            (SELECT body FROM noticeStep AS other WHERE other.noticeId = noticeStep.noticeId
                AND step = 'notice.objected') AS objected,
            (SELECT body FROM noticeStep AS other WHERE other.noticeId = noticeStep.noticeId
                AND step IN ('notice.upheld', 'notice.dismissed', 'notice.lapsed') ORDER BY at, step LIMIT 1) AS ended
        FROM noticeStep
        """

    private static func notice(_ row: Row) throws -> KeptNotice {
        KeptNotice(
            given: try decoded(row["body"]), objected: try (row["objected"] as String?).map { try decoded($0) },
            ended: try (row["ended"] as String?).map { try decoded($0) })
    }

    private static let keptSignals = """
        SELECT * FROM (
            SELECT signalRaised.signalId, at, signalRaised.body AS body, signalReview.body AS review
            FROM signalRaised LEFT JOIN signalReview ON signalReview.signalId = signalRaised.signalId)
        """

    private static func signal(_ row: Row) throws -> KeptSignal {
        KeptSignal(raised: try decoded(row["body"]), review: try (row["review"] as String?).map { try decoded($0) })
    }

    private static func decoded<Value: Decodable>(_ body: String) throws -> Value {
        try ContractCoding.decode(Value.self, from: Data(body.utf8))
    }
}
