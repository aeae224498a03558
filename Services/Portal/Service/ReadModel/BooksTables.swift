import Contracts
import Foundation
import GRDB

/// Rows about the books: every posting, every closed month, and what happened at stations.
enum BooksTables {
    static let schema = """
        CREATE TABLE posting (
            accountId TEXT NOT NULL, number INTEGER NOT NULL, eventId TEXT NOT NULL, ledgerId TEXT NOT NULL,
            at INTEGER NOT NULL, type TEXT NOT NULL, amount INTEGER NOT NULL, balance INTEGER NOT NULL,
            hash TEXT NOT NULL, transferId TEXT NOT NULL, caseNumber TEXT, orderId TEXT, explanation TEXT NOT NULL,
            PRIMARY KEY (accountId, number)
        ) WITHOUT ROWID;
        CREATE INDEX postingByTime ON posting (accountId, at, number);
        CREATE INDEX postingByTransfer ON posting (transferId, accountId);
        CREATE TABLE openLot (
            accountId TEXT NOT NULL, number INTEGER NOT NULL, posted INTEGER NOT NULL, points INTEGER NOT NULL,
            expiresAt INTEGER, PRIMARY KEY (accountId, number, posted)
        ) WITHOUT ROWID;
        CREATE TABLE closedMonth (
            ledgerId TEXT NOT NULL, period TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (ledgerId, period)
        ) WITHOUT ROWID;
        CREATE TABLE stationEvent (
            id TEXT NOT NULL PRIMARY KEY, stationId TEXT NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX stationEventByTime ON stationEvent (stationId, at, id);
        """

    static func keep(_ envelope: Envelope<PointsMoved>, in db: Database) throws {
        let moved = envelope.data
        for posting in moved.postings {
            guard let link = posting.chain else { continue }
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO posting (accountId, number, eventId, ledgerId, at, type, amount, balance, hash,
                        transferId, caseNumber, orderId, explanation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                posting.accountId.rawValue, link.number, envelope.id.description, moved.ledgerId.rawValue,
                envelope.time.milliseconds, envelope.attributes.type, posting.amount, link.balance, link.hash,
                moved.transferId.rawValue, moved.caseNumber, moved.orderId?.rawValue, moved.explanation,
            ])
            let sign = posting.amount < 0 ? -1 : 1
            for part in posting.lots ?? [] {
                // One row for each posting to a lot: their sum is what is left, in whatever order they came here.
                try db.cachedStatement(
                    sql: """
                        INSERT OR IGNORE INTO openLot (accountId, number, posted, points, expiresAt)
                        VALUES (?, ?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    posting.accountId.rawValue, part.number, link.number, sign * part.points,
                    part.expiresAt?.milliseconds,
                ])
            }
        }
    }

    static func keep(_ month: PeriodClosed, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO closedMonth (ledgerId, period, body) VALUES (?, ?, ?)"
        ).execute(arguments: [month.ledgerId.rawValue, month.period, try ContractCoding.text(month)])
    }

    static func keep(_ envelope: Envelope<OrderChanged>, body: String, in db: Database) throws {
        try keepStationEvent(envelope.attributes, at: envelope.data.stationId, body: body, in: db)
    }

    static func keep(_ envelope: Envelope<StockMoved>, body: String, in db: Database) throws {
        try keepStationEvent(envelope.attributes, at: envelope.data.stationId, body: body, in: db)
    }

    private static func keepStationEvent(
        _ attributes: MessageAttributes, at station: StationID, body: String, in db: Database
    ) throws {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO stationEvent (id, stationId, at, type, body) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            attributes.id.description, station.rawValue, attributes.time.milliseconds, attributes.type, body,
        ])
    }
}

/// A line of an account's statement 对账单.
struct PostingLine: Codable, Sendable, Equatable {
    /// Counts the postings of the account from 1.
    let number: Int
    let at: Timestamp
    let type: String
    /// Whole points, negative where they left.
    let amount: Int
    let balance: Int
    let transferId: TransferID
    let caseNumber: String?
    let orderId: OrderID?
    let explanation: String
    let hash: String
}

/// What expires next.
struct ExpiringLot: Codable, Sendable, Equatable {
    let points: Int
    let expiresAt: Timestamp
}

extension ReadModel {
    /// The postings of an account in a span of time, and what it held before.
    func postings(
        of account: AccountID, from start: Timestamp, until end: Timestamp
    ) async throws -> (opening: Int, lines: [PostingLine]) {
        try await read { db in
            let opening = try Int.fetchOne(
                db, sql: "SELECT balance FROM posting WHERE accountId = ? AND at < ? ORDER BY number DESC LIMIT 1",
                arguments: [account.rawValue, start.milliseconds])
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM posting WHERE accountId = ? AND at >= ? AND at < ? ORDER BY number",
                arguments: [account.rawValue, start.milliseconds, end.milliseconds])
            return (
                opening ?? 0,
                rows.map { row in
                    PostingLine(
                        number: row["number"], at: Timestamp(milliseconds: row["at"]), type: row["type"],
                        amount: row["amount"], balance: row["balance"],
                        transferId: TransferID(row["transferId"] as String), caseNumber: row["caseNumber"],
                        orderId: (row["orderId"] as String?).map { OrderID($0) }, explanation: row["explanation"],
                        hash: row["hash"])
                }
            )
        }
    }

    /// The ledger that a transfer was booked in; nil for one that nobody told of.
    func ledger(ofTransfer id: TransferID) async throws -> LedgerID? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT ledgerId FROM posting WHERE transferId = ? ORDER BY accountId LIMIT 1",
                arguments: [id.rawValue]
            ).map { LedgerID($0) }
        }
    }

    /// The accounts whose holder has one of these names, by id; the ledger's own by their id.
    func accounts(ofPersons names: [String]) async throws -> [AccountID] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT accountId FROM account WHERE personId IN (SELECT value FROM json_each(?)) ORDER BY accountId
                    """,
                arguments: [try ContractCoding.text(names)]
            ).map { AccountID($0) }
        }
    }

    /// What expires before a moment 即将过期, the earliest first.
    func expiring(of names: [String], before end: Timestamp) async throws -> [ExpiringLot] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT SUM(points) AS points, expiresAt FROM openLot WHERE accountId IN (
                        SELECT accountId FROM account WHERE personId IN (SELECT value FROM json_each(?)))
                        AND expiresAt < ? GROUP BY expiresAt HAVING SUM(points) > 0 ORDER BY expiresAt
                    """,
                arguments: [try ContractCoding.text(names), end.milliseconds]
            ).map {
                ExpiringLot(points: $0["points"], expiresAt: Timestamp(milliseconds: $0["expiresAt"]))
            }
        }
    }

    /// What all accounts of each kind hold together in a ledger.
    func totals(of ledger: LedgerID) async throws -> [String: Int] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT kind, SUM(balance) AS points FROM account WHERE ledgerId = ? GROUP BY kind",
                arguments: [ledger.rawValue]
            ).reduce(into: [:]) { $0[$1["kind"]] = $1["points"] }
        }
    }

    func balance(of account: AccountID) async throws -> Int {
        try await read { db in
            try Int.fetchOne(
                db, sql: "SELECT balance FROM account WHERE accountId = ?", arguments: [account.rawValue]) ?? 0
        }
    }

    func closedMonths(of ledger: LedgerID) async throws -> [PeriodClosed] {
        try await read { db in
            try String.fetchAll(
                db, sql: "SELECT body FROM closedMonth WHERE ledgerId = ? ORDER BY period DESC",
                arguments: [ledger.rawValue]
            ).map { try ContractCoding.decode(PeriodClosed.self, from: Data($0.utf8)) }
        }
    }

    /// What happened at a station in a span of time, in order, each record as it came.
    func stationEvents(
        of station: StationID, from start: Timestamp, until end: Timestamp
    ) async throws -> [(at: Timestamp, type: String, body: Data)] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql:
                    "SELECT at, type, body FROM stationEvent WHERE stationId = ? AND at >= ? AND at < ? ORDER BY at, id",
                arguments: [station.rawValue, start.milliseconds, end.milliseconds]
            ).map { (Timestamp(milliseconds: $0["at"]), $0["type"], Data(($0["body"] as String).utf8)) }
        }
    }
}
