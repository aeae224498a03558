import Contracts
import Foundation
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
                INSERT INTO account (id, ledgerId, kind, balance, version, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (id) DO UPDATE SET balance = ?4, version = ?5, hash = ?6
                """
        ).execute(arguments: [
            account.id.rawValue, account.ledgerId.rawValue, account.kind.rawValue, balance.balance, balance.version,
            balance.hash,
        ])
    }

    /// Hands over every account of a ledger, ordered by the bytes of their ids.
    static func each(
        of ledger: LedgerID, in db: Database, _ body: (_ id: AccountID, _ kind: String, AccountSum) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT id, kind, balance, version, hash FROM account WHERE ledgerId = ? ORDER BY id"),
            arguments: [ledger.rawValue])
        while let row = try rows.next() {
            try body(
                AccountID(row["id"] as String), row["kind"],
                AccountSum(balance: row["balance"], version: row["version"], hash: row["hash"]))
        }
    }
}

/// What a root says of an account.
struct AccountSum {
    let balance: Int
    let version: Int
    let hash: String
}

/// The table of open lots.
enum LotRow {
    static func open(of account: AccountID, in db: Database) throws -> [LotPart] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT number, points, expiresAt FROM lot WHERE accountId = ? ORDER BY number"),
            arguments: [account.rawValue]
        ).map { row in
            LotPart(
                number: row["number"], points: row["points"],
                expiresAt: (row["expiresAt"] as Int64?).map(Timestamp.init(milliseconds:)))
        }
    }

    /// When the first of an account's lots expires; nil where none does.
    static func firstExpiry(of account: AccountID, in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT min(expiresAt) FROM lot WHERE accountId = ?"),
            arguments: [account.rawValue]
        ).map(Timestamp.init(milliseconds:))
    }

    static func save(_ lot: Booked.Lot, in db: Database) throws {
        let (account, part) = (lot.account.id.rawValue, lot.part)
        guard part.points > 0 else {
            try db.cachedStatement(sql: "DELETE FROM lot WHERE accountId = ? AND number = ?").execute(
                arguments: [account, part.number])
            return
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO lot (accountId, number, points, expiresAt) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (accountId, number) DO UPDATE SET points = ?3
                """
        ).execute(arguments: [account, part.number, part.points, part.expiresAt?.milliseconds])
    }
}

/// The tables of transfers and their postings.
enum TransferRow {
    static func exists(_ id: TransferID, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM transfer WHERE id = ?)"), arguments: [id.rawValue])
            ?? false
    }

    /// The fingerprint of what was asked for; nil where there is no such transfer, empty where nobody asked for it.
    static func content(of id: TransferID, in db: Database) throws -> String? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT content FROM transfer WHERE id = ?"), arguments: [id.rawValue]
        ).map { $0["content"] ?? "" }
    }

    static func insert(_ booked: Booked, content: String?, at clock: Timestamp, in db: Database) throws {
        let event = booked.event
        try db.cachedStatement(
            sql: """
                INSERT INTO transfer (id, ledgerId, step, points, bookedAt, content, about) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            event.transferId.rawValue, event.ledgerId.rawValue, event.step.rawValue, event.points,
            clock.milliseconds, content, String(decoding: booked.content, as: UTF8.self),
        ])
        for (n, posting) in event.postings.enumerated() {
            try db.cachedStatement(
                sql: "INSERT INTO posting (transferId, n, accountId, amount, lots) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [
                event.transferId.rawValue, n, posting.accountId.rawValue, posting.amount,
                try posting.lots.map { try ContractCoding.text($0) },
            ])
        }
    }

    /// A booked transfer with its postings, without their places in the chains.
    static func find(_ id: TransferID, in db: Database) throws -> PointsMoved? {
        let about = try String.fetchOne(
            db.cachedStatement(sql: "SELECT about FROM transfer WHERE id = ?"), arguments: [id.rawValue])
        guard let about else { return nil }
        let postings = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT accountId, amount, lots FROM posting WHERE transferId = ? ORDER BY n"),
            arguments: [id.rawValue]
        ).map { row in
            Posting(
                accountId: AccountID(row["accountId"] as String), amount: row["amount"],
                lots: try (row["lots"] as String?).map { try ContractCoding.decode([LotPart].self, from: $0.data) })
        }
        return try ContractCoding.decode(PointsMoved.self, from: about.data).with(postings)
    }

    /// The transfer that corrects this one; nil where none does.
    static func correction(of id: TransferID, in db: Database) throws -> TransferID? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT transferId FROM correction WHERE corrects = ?"), arguments: [id.rawValue]
        ).map { TransferID($0) }
    }

    static func insert(correction: TransferID, of id: TransferID, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO correction (corrects, transferId) VALUES (?, ?)").execute(
            arguments: [id.rawValue, correction.rawValue])
    }
}

/// The table of holds.
enum HoldRow {
    static func find(_ id: TransferID, in db: Database) throws -> Hold? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM hold WHERE transferId = ?"), arguments: [id.rawValue])
        guard let row else { return nil }
        let ledger = LedgerID(row["ledgerId"] as String)
        let text: String = row["state"]
        guard let state = Hold.State(rawValue: text),
            let source = LedgerAccount(AccountID(row["source"] as String), in: ledger),
            let target = LedgerAccount(AccountID(row["target"] as String), in: ledger)
        else { throw LedgerRowError.unknownHold(id) }
        return Hold(
            transferId: id, source: source, target: target, points: row["points"],
            lots: try ContractCoding.decode([LotPart].self, from: (row["lots"] as String).data),
            timeoutAt: (row["timeoutAt"] as Int64?).map(Timestamp.init(milliseconds:)),
            orderId: (row["orderId"] as String?).map { OrderID($0) }, state: state, postings: row["postings"])
    }

    static func save(_ hold: Hold, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO hold (transferId, ledgerId, source, target, points, lots, timeoutAt, orderId, state, postings)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                ON CONFLICT (transferId) DO UPDATE SET points = ?5, lots = ?6, state = ?9, postings = ?10
                """
        ).execute(arguments: [
            hold.transferId.rawValue, hold.source.ledgerId.rawValue, hold.source.id.rawValue, hold.target.id.rawValue,
            hold.points, try ContractCoding.text(hold.lots), hold.timeoutAt?.milliseconds, hold.orderId?.rawValue,
            hold.state.rawValue, hold.postings,
        ])
    }
}

/// The table of the open month of each ledger.
enum PeriodRow {
    struct Open {
        let name: String
        let endsAt: Timestamp
        /// The root of the month before; empty for the first.
        let previous: String
    }

    static func find(_ ledger: LedgerID, in db: Database) throws -> Open? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT name, endsAt, previous FROM period WHERE ledgerId = ?"),
            arguments: [ledger.rawValue]
        ).map {
            Open(name: $0["name"], endsAt: Timestamp(milliseconds: $0["endsAt"]), previous: $0["previous"])
        }
    }

    static func save(_ open: Open, of ledger: LedgerID, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO period (ledgerId, name, endsAt, previous) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (ledgerId) DO UPDATE SET name = ?2, endsAt = ?3, previous = ?4
                """
        ).execute(arguments: [ledger.rawValue, open.name, open.endsAt.milliseconds, open.previous])
    }
}

/// What no version of this program ever wrote.
enum LedgerRowError: Error, CustomStringConvertible {
    case unknownHold(TransferID)
    case unknownState(of: NoticeID, String)

    var description: String {
        switch self {
        case .unknownHold(let id): "the hold \(id) is of a state or an account that nobody knows"
        case .unknownState(let id, let text): "the notice \(id) stands in the unknown state '\(text)'"
        }
    }
}

extension String {
    var data: Data { Data(utf8) }
}
