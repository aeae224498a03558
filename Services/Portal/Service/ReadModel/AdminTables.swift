import Contracts
import EventProcessing
import Foundation
import GRDB

/// Rows that administrators look at: platforms' keys by name, and the programs and groups that are called.
enum AdminTables {
    static let schema = """
        CREATE TABLE platformKey (
            keyId TEXT NOT NULL PRIMARY KEY, platform TEXT, grantedAt INTEGER, perMinute INTEGER, revokedFrom INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE endpointState (
            endpointId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, ended INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX commandOutcomeFailed ON commandOutcome (at) WHERE type = 'command.failed';
        """

    /// The key's hash is nothing to portal, and is not kept.
    static func keep(_ granted: Envelope<PlatformKeyGranted>, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO platformKey (keyId, platform, grantedAt, perMinute) VALUES (?, ?, ?, ?)
                ON CONFLICT (keyId) DO UPDATE SET platform = excluded.platform, grantedAt = excluded.grantedAt,
                    perMinute = excluded.perMinute
                """,
            arguments: [
                granted.data.keyId, granted.data.platform.rawValue, granted.time.milliseconds, granted.data.perMinute,
            ])
    }

    /// The earliest moment counts.
    static func keep(_ revoked: PlatformKeyRevoked, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO platformKey (keyId, revokedFrom) VALUES (?1, ?2) ON CONFLICT (keyId) DO UPDATE
                SET revokedFrom = MIN(COALESCE(revokedFrom, ?2), ?2)
                """, arguments: [revoked.keyId, revoked.from.milliseconds])
    }

    static func keep(_ state: EndpointState, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO endpointState (endpointId, version, ended, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (endpointId) DO UPDATE SET version = excluded.version, ended = excluded.ended,
                    body = excluded.body
                WHERE excluded.version > version
                """,
            arguments: [state.endpointId.rawValue, state.version, state.ended, try ContractCoding.text(state)])
    }
}

/// What portal knows of the deployment.
struct Administration: Sendable {
    struct PackRow: Sendable {
        let hash: String
        let activatedAt: Timestamp
        /// False while parts of it have not come.
        let isWhole: Bool
    }

    struct Key: Sendable {
        let keyId: String
        let platform: String?
        let grantedAt: Timestamp?
        let perMinute: Int?
        let revokedFrom: Timestamp?
    }

    /// A command whose owner could not process it: it lies among the owner's dead letters.
    struct Failure: Sendable {
        let commandId: MessageID
        let type: String
        let reason: String
        let at: Timestamp
    }

    /// A record that portal itself could not read, and passed over.
    struct Unread: Sendable {
        let topic: String
        let partition: Int
        let offset: Int64
        let reason: String
    }

    var pack: Pack?
    /// The newest first.
    var packs: [PackRow] = []
    var keys: [Key] = []
    var endpoints: [EndpointState] = []
    var failures: [Failure] = []
    var failureCount = 0
    var unread: [Unread] = []
    var unreadCount = 0
    var waiting = 0
    var unanswered = 0
    var oldestUnpublished: Timestamp?
    /// When the newest step of a case happened that has come here.
    var newestStep: Timestamp?
    var cases = 0
}

extension ReadModel {
    /// How many rows of a kind the page of administration shows.
    static let shownOfAKind = 50

    /// One consistent look.
    func administration() async throws -> Administration {
        try await read { db in
            var found = Administration()
            found.pack = try pack(in: db)
            found.packs = try Row.fetchAll(
                db,
                sql: """
                    SELECT hash, activatedAt, hash IN (SELECT hash FROM pack) AS isWhole FROM packActivation
                    ORDER BY activatedAt DESC, hash DESC LIMIT ?
                    """, arguments: [Self.shownOfAKind]
            ).map {
                Administration.PackRow(
                    hash: $0["hash"], activatedAt: Timestamp(milliseconds: $0["activatedAt"]), isWhole: $0["isWhole"])
            }
            found.keys = try Row.fetchAll(
                db, sql: "SELECT * FROM platformKey ORDER BY revokedFrom IS NOT NULL, keyId"
            ).map {
                Administration.Key(
                    keyId: $0["keyId"], platform: $0["platform"], grantedAt: Self.moment($0["grantedAt"]),
                    perMinute: $0["perMinute"], revokedFrom: Self.moment($0["revokedFrom"]))
            }
            found.endpoints = try String.fetchAll(
                db, sql: "SELECT body FROM endpointState WHERE ended = 0 ORDER BY endpointId"
            ).map { try ContractCoding.decode(EndpointState.self, from: Data($0.utf8)) }
            try Self.readTroubles(into: &found, in: db)
            found.waiting = try outbox.waitingCount(in: db)
            found.unanswered = try outbox.unansweredCount(in: db)
            found.oldestUnpublished = try outbox.oldestUnpublished(in: db)
            found.newestStep = Self.moment(
                try Int64.fetchOne(db, sql: "SELECT at FROM caseEvent ORDER BY sequence DESC LIMIT 1"))
            found.cases = try Int.fetchOne(db, sql: "SELECT SUM(opened) FROM figureDay") ?? 0
            return found
        }
    }

    private static func readTroubles(into found: inout Administration, in db: Database) throws {
        found.failureCount =
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM commandOutcome WHERE type = 'command.failed'") ?? 0
        found.failures = try Row.fetchAll(
            db,
            sql: "SELECT at, body FROM commandOutcome WHERE type = 'command.failed' ORDER BY at DESC LIMIT ?",
            arguments: [shownOfAKind]
        ).map { row in
            let body: String = row["body"]
            let failed = try Envelope<CommandFailed>(value: Data(body.utf8)).data
            return Administration.Failure(
                commandId: failed.commandId, type: failed.commandType, reason: failed.reason,
                at: Timestamp(milliseconds: row["at"]))
        }
        found.unreadCount = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM projectionFailure") ?? 0
        found.unread = try Row.fetchAll(
            db, sql: "SELECT topic, partition, offset, reason FROM projectionFailure ORDER BY offset DESC LIMIT ?",
            arguments: [shownOfAKind]
        ).map {
            Administration.Unread(
                topic: $0["topic"], partition: $0["partition"], offset: $0["offset"], reason: $0["reason"])
        }
    }

    private static func moment(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map(Timestamp.init(milliseconds:))
    }
}
