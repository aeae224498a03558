import GRDB

/// The books of one partition.
///
/// `transfer` and `posting` are only ever added to; balances, promises and daily sums follow from them.
enum LedgerTables {
    static let names = ["account", "transfer", "posting", "promise", "promisedOn"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points 1: the ledger") { db in
            try db.execute(
                sql: """
                    CREATE TABLE account (
                        id TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, kind TEXT NOT NULL, personId TEXT,
                        balance INTEGER NOT NULL, version INTEGER NOT NULL,
                        CONSTRAINT onlyTheFunderOwes CHECK (kind = 'funder' OR balance >= 0)
                    ) WITHOUT ROWID;
                    CREATE TABLE transfer (
                        id TEXT NOT NULL PRIMARY KEY, step TEXT NOT NULL, ledgerId TEXT NOT NULL,
                        personId TEXT NOT NULL, points INTEGER NOT NULL, caseId TEXT NOT NULL, ruleId TEXT NOT NULL,
                        causeEventId BLOB NOT NULL, pendingTransferId TEXT, bookedAt INTEGER NOT NULL,
                        CONSTRAINT alwaysPositive CHECK (points > 0)
                    ) WITHOUT ROWID;
                    CREATE TABLE posting (
                        transferId TEXT NOT NULL, n INTEGER NOT NULL, accountId TEXT NOT NULL,
                        amount INTEGER NOT NULL, PRIMARY KEY (transferId, n)
                    ) WITHOUT ROWID;
                    CREATE TABLE promise (
                        caseId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, personId TEXT NOT NULL,
                        day TEXT NOT NULL, points INTEGER NOT NULL, ruleId TEXT NOT NULL, transferId TEXT NOT NULL,
                        state TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE promisedOn (
                        ledgerId TEXT NOT NULL, personId TEXT NOT NULL, day TEXT NOT NULL, total INTEGER NOT NULL,
                        PRIMARY KEY (ledgerId, personId, day)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("points 2: the chain of an account") { db in
            // Empty: an account that was posted to before goes on with a chain that begins here.
            try db.execute(sql: "ALTER TABLE account ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
        }
    }
}
