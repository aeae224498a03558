import Contracts
import GRDB

/// Rows about hours, notices and signals.
///
/// Each record has a row of its own, so that the order in which they come says nothing.
enum FairnessTables {
    static let schema = """
        CREATE TABLE hoursEntry (
            recordId TEXT NOT NULL PRIMARY KEY, personId TEXT NOT NULL, servedAt INTEGER NOT NULL,
            minutes INTEGER NOT NULL, reverses TEXT, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX hoursEntryPerson ON hoursEntry (personId, servedAt, recordId);
        CREATE INDEX hoursEntryReverses ON hoursEntry (reverses) WHERE reverses IS NOT NULL;
        CREATE TABLE noticeStep (
            noticeId TEXT NOT NULL, step TEXT NOT NULL, personId TEXT NOT NULL, at INTEGER NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (noticeId, step)
        ) WITHOUT ROWID;
        CREATE INDEX noticeStepPerson ON noticeStep (personId, step, at, noticeId);
        CREATE INDEX noticeStepNewest ON noticeStep (step, at, noticeId);
        CREATE TABLE signalRaised (
            signalId TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX signalRaisedNewest ON signalRaised (at, signalId);
        CREATE TABLE signalReview (signalId TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
        """

    static func keep(_ entry: HoursRecorded, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO hoursEntry (recordId, personId, servedAt, minutes, reverses, body)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.recordId.rawValue, entry.personId.rawValue, entry.servedAt.milliseconds, entry.minutes,
            entry.reverses?.rawValue, try ContractCoding.text(entry),
        ])
    }

    static func keep(_ change: NoticeChanged, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO noticeStep (noticeId, step, personId, at, body) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            change.noticeId.rawValue, change.step.rawValue, change.personId.rawValue, change.at.milliseconds,
            try ContractCoding.text(change),
        ])
    }

    static func keep(_ signal: SignalRaised, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO signalRaised (signalId, at, body) VALUES (?, ?, ?)").execute(
            arguments: [signal.signalId.rawValue, signal.at.milliseconds, try ContractCoding.text(signal)])
    }

    static func keep(_ review: SignalReviewed, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO signalReview (signalId, body) VALUES (?, ?)").execute(
            arguments: [review.signalId.rawValue, try ContractCoding.text(review)])
    }
}
