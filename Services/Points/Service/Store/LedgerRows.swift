import Contracts
import GRDB
import PointsDomain

/// The table of accounts.
enum AccountRow {
    static func find(_ account: LedgerAccount, in db: Database) throws -> AccountBalance {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT balance, version, hash FROM account WHERE id = ?"),
            arguments: [account.id.rawValue])
        guard let row else { return .unused(account) }
        return AccountBalance(account: account, balance: row["balance"], version: row["version"], hash: row["hash"])
    }

    static func save(_ balance: AccountBalance, in db: Database) throws {
        let account = balance.account
        try db.cachedStatement(
            sql: """
                INSERT INTO account (id, ledgerId, kind, personId, balance, version, hash)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (id) DO UPDATE SET balance = ?5, version = ?6, hash = ?7
                """
        ).execute(arguments: [
            account.id.rawValue, account.ledgerId.rawValue, account.kind.rawValue, account.personId?.rawValue,
            balance.balance, balance.version, balance.hash,
        ])
    }
}

/// The tables of transfers and their postings.
enum TransferRow {
    static func insert(_ event: PointsMoved, at clock: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO transfer (id, step, ledgerId, personId, points, caseId, ruleId, causeEventId,
                    pendingTransferId, bookedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            event.transferId.rawValue, event.step.rawValue, event.ledgerId.rawValue, event.personId.rawValue,
            event.points, event.caseId.rawValue, event.ruleId, event.causeEventId.data,
            event.pendingTransferId?.rawValue, clock.milliseconds,
        ])
        for (n, posting) in event.postings.enumerated() {
            try db.cachedStatement(
                sql: "INSERT INTO posting (transferId, n, accountId, amount) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [event.transferId.rawValue, n, posting.accountId.rawValue, posting.amount])
        }
    }
}

/// The table of promises.
enum PromiseRow {
    static func find(_ caseId: CaseID, in db: Database) throws -> Promise? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM promise WHERE caseId = ?"), arguments: [caseId.rawValue])
        return try row.map { row in
            let text: String = row["state"]
            guard let state = Promise.State(rawValue: text) else { throw LedgerRowError.unknownState(text) }
            return Promise(
                caseId: caseId, ledgerId: LedgerID(row["ledgerId"] as String),
                personId: PersonID(row["personId"] as String), day: row["day"], points: row["points"],
                ruleId: row["ruleId"], transferId: TransferID(row["transferId"] as String), state: state)
        }
    }

    /// Writes a new promise, or how one ended.
    static func save(_ promise: Promise, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO promise (caseId, ledgerId, personId, day, points, ruleId, transferId, state)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (caseId) DO UPDATE SET state = ?8
                """
        ).execute(arguments: [
            promise.caseId.rawValue, promise.ledgerId.rawValue, promise.personId.rawValue, promise.day,
            promise.points, promise.ruleId, promise.transferId.rawValue, promise.state.rawValue,
        ])
    }
}

/// The table of what was promised on each person's day.
enum PromisedOnRow {
    static func total(of day: PersonDay, in db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT total FROM promisedOn WHERE ledgerId = ? AND personId = ? AND day = ?"),
            arguments: [day.ledgerId.rawValue, day.personId.rawValue, day.day]) ?? 0
    }

    static func add(_ points: Int, to day: PersonDay, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO promisedOn (ledgerId, personId, day, total) VALUES (?, ?, ?, ?)
                ON CONFLICT (ledgerId, personId, day) DO UPDATE SET total = total + excluded.total
                """
        ).execute(arguments: [day.ledgerId.rawValue, day.personId.rawValue, day.day, points])
    }
}

/// What no version of this program ever wrote.
enum LedgerRowError: Error, CustomStringConvertible {
    case unknownState(String)

    var description: String {
        switch self {
        case .unknownState(let text): "a promise stands in the unknown state '\(text)'"
        }
    }
}
