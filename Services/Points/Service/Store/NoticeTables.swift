import Contracts
import GRDB
import PointsDomain

/// Notices, and which awards they are about.
enum NoticeTables {
    static let names = ["notice", "noticedAward"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: notices") { db in
            try db.execute(
                sql: """
                    CREATE TABLE notice (
                        noticeId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, personId TEXT NOT NULL,
                        transferIds TEXT NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL, signalId TEXT,
                        givenBy TEXT NOT NULL, objectionUntil INTEGER NOT NULL, state TEXT NOT NULL, answeredBy TEXT,
                        answer TEXT, content TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE noticedAward (
                        ledgerId TEXT NOT NULL, personId TEXT NOT NULL, award TEXT NOT NULL, noticeId TEXT NOT NULL,
                        PRIMARY KEY (ledgerId, personId, award)
                    ) WITHOUT ROWID;
                    """)
        }
    }
}

/// The table of notices.
enum NoticeRow {
    /// The fingerprint of what was asked for; nil where there is no such notice.
    static func content(of id: NoticeID, in db: Database) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT content FROM notice WHERE noticeId = ?"), arguments: [id.rawValue])
    }

    static func find(_ id: NoticeID, in db: Database) throws -> Notice? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM notice WHERE noticeId = ?"), arguments: [id.rawValue])
        guard let row else { return nil }
        let text: String = row["state"]
        guard let state = Notice.State(rawValue: text) else { throw LedgerRowError.unknownState(of: id, text) }
        return Notice(
            noticeId: id, ledgerId: LedgerID(row["ledgerId"] as String), personId: PersonID(row["personId"] as String),
            transferIds: try ContractCoding.decode([TransferID].self, from: (row["transferIds"] as String).data),
            points: row["points"], reason: row["reason"],
            signalId: (row["signalId"] as String?).map { SignalID($0) },
            givenBy: PersonID(row["givenBy"] as String),
            objectionUntil: Timestamp(milliseconds: row["objectionUntil"]), state: state,
            answeredBy: (row["answeredBy"] as String?).map { PersonID($0) }, answer: row["answer"])
    }

    static func insert(_ notice: Notice, content: String, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO notice (noticeId, ledgerId, personId, transferIds, points, reason, signalId, givenBy,
                    objectionUntil, state, content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            notice.noticeId.rawValue, notice.ledgerId.rawValue, notice.personId.rawValue,
            try ContractCoding.text(notice.transferIds), notice.points, notice.reason, notice.signalId?.rawValue,
            notice.givenBy.rawValue, notice.objectionUntil.milliseconds, notice.state.rawValue, content,
        ])
    }

    static func update(_ notice: Notice, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE notice SET state = ?, answeredBy = ?, answer = ? WHERE noticeId = ?"
        ).execute(arguments: [
            notice.state.rawValue, notice.answeredBy?.rawValue, notice.answer, notice.noticeId.rawValue,
        ])
    }
}

/// The table of awards that a notice is about, or was when it took points: of no points twice.
enum NoticedAwardRow {
    static func notice(
        about award: TransferID, of person: PersonID, in ledger: LedgerID, _ db: Database
    ) throws
        -> NoticeID?
    {
        try String.fetchOne(
            db.cachedStatement(
                sql: "SELECT noticeId FROM noticedAward WHERE ledgerId = ? AND personId = ? AND award = ?"),
            arguments: [ledger.rawValue, person.rawValue, award.rawValue]
        ).map { NoticeID($0) }
    }

    static func insert(_ award: TransferID, of notice: Notice, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO noticedAward (ledgerId, personId, award, noticeId) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [
            notice.ledgerId.rawValue, notice.personId.rawValue, award.rawValue, notice.noticeId.rawValue,
        ])
    }

    /// A dismissed notice is about nothing any more.
    static func delete(_ award: TransferID, of notice: Notice, in db: Database) throws {
        try db.cachedStatement(
            sql: "DELETE FROM noticedAward WHERE ledgerId = ? AND personId = ? AND award = ? AND noticeId = ?"
        ).execute(arguments: [
            notice.ledgerId.rawValue, notice.personId.rawValue, award.rawValue, notice.noticeId.rawValue,
        ])
    }
}
