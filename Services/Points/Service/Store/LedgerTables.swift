import EventProcessing
import GRDB

/// The books of one partition.
///
/// `transfer`, `posting` and `correction` are only ever added to; balances, lots and holds follow from them.
enum LedgerTables {
    static let names = ["account", "transfer", "posting", "correction", "lot", "hold", "period"]

    /// Everything sums to zero, so what people and teams hold is what the few other accounts lack.
    static let figures = [
        StoreFigure(
            "points_outstanding",
            sql: """
                SELECT -COALESCE(SUM(balance), 0) FROM account
                WHERE kind IN ('funder', 'issued', 'expired', 'prizes')
                """)
    ]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: accounts, transfers, lots, holds and months") { db in
            try db.execute(
                sql: """
                    CREATE TABLE account (
                        id TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, kind TEXT NOT NULL,
                        balance INTEGER NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL,
                        CONSTRAINT onlyFundersOwe CHECK (kind = 'funder' OR balance >= 0)
                    ) WITHOUT ROWID;
                    CREATE INDEX accountOfLedger ON account (ledgerId, id);
                    CREATE TABLE transfer (
                        id TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, step TEXT NOT NULL,
                        points INTEGER NOT NULL, bookedAt INTEGER NOT NULL, content TEXT, about TEXT NOT NULL,
                        CONSTRAINT alwaysPositive CHECK (points > 0)
                    ) WITHOUT ROWID;
                    CREATE TABLE posting (
                        transferId TEXT NOT NULL, n INTEGER NOT NULL, accountId TEXT NOT NULL,
                        amount INTEGER NOT NULL, lots TEXT, PRIMARY KEY (transferId, n)
                    ) WITHOUT ROWID;
                    CREATE TABLE correction (
                        corrects TEXT NOT NULL PRIMARY KEY, transferId TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE lot (
                        accountId TEXT NOT NULL, number INTEGER NOT NULL, points INTEGER NOT NULL, expiresAt INTEGER,
                        PRIMARY KEY (accountId, number), CONSTRAINT notEmpty CHECK (points > 0)
                    ) WITHOUT ROWID;
                    CREATE TABLE hold (
                        transferId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, source TEXT NOT NULL,
                        target TEXT NOT NULL, points INTEGER NOT NULL, lots TEXT NOT NULL, timeoutAt INTEGER,
                        orderId TEXT, state TEXT NOT NULL, postings INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE period (
                        ledgerId TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, endsAt INTEGER NOT NULL,
                        previous TEXT NOT NULL
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("points: the accounts that are nobody's") { db in
            try db.execute(
                sql: """
                    CREATE INDEX accountOfHouse ON account (kind, balance)
                    WHERE kind IN ('funder', 'issued', 'expired', 'prizes')
                    """)
        }
    }
}
