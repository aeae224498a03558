import Contracts
import Foundation
import GRDB
import PointsDomain

/// Orders of prizes, and the shelves of the stations.
enum SpendingTables {
    static let names = ["prizeOrder", "shelf"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: orders and shelves") { db in
            try db.execute(
                sql: """
                    CREATE TABLE prizeOrder (
                        orderId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE shelf (
                        stationId TEXT NOT NULL, prizeId TEXT NOT NULL, ledgerId TEXT NOT NULL,
                        version INTEGER NOT NULL, onHand INTEGER NOT NULL, held INTEGER NOT NULL, countedAt INTEGER,
                        PRIMARY KEY (stationId, prizeId),
                        CONSTRAINT nothingBelowZero CHECK (onHand >= 0 AND held >= 0)
                    ) WITHOUT ROWID;
                    """)
        }
    }
}

/// The table of orders.
enum OrderRow {
    static func find(_ id: OrderID, in db: Database) throws -> OrderState? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM prizeOrder WHERE orderId = ?"), arguments: [id.rawValue]
        ).map { try ContractCoding.decode(OrderState.self, from: $0.data) }
    }

    static func save(_ order: OrderState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO prizeOrder (orderId, version, state) VALUES (?1, ?2, ?3)
                ON CONFLICT (orderId) DO UPDATE SET version = ?2, state = ?3
                """
        ).execute(arguments: [order.orderId.rawValue, order.version, try ContractCoding.text(order)])
    }
}

/// The table of shelves.
enum ShelfRow {
    /// An empty one where nothing ever lay there.
    static func find(_ prize: PrizeID, at station: StationID, of ledger: LedgerID, in db: Database) throws -> Shelf {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT version, onHand, held, countedAt FROM shelf WHERE stationId = ? AND prizeId = ?"),
            arguments: [station.rawValue, prize.rawValue])
        guard let row else { return Shelf(stationId: station, prizeId: prize, ledgerId: ledger) }
        return Shelf(
            stationId: station, prizeId: prize, ledgerId: ledger, version: row["version"], onHand: row["onHand"],
            held: row["held"], countedAt: (row["countedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
    }

    static func save(_ shelf: Shelf, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO shelf (stationId, prizeId, ledgerId, version, onHand, held, countedAt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (stationId, prizeId) DO UPDATE SET version = ?4, onHand = ?5, held = ?6, countedAt = ?7
                """
        ).execute(arguments: [
            shelf.stationId.rawValue, shelf.prizeId.rawValue, shelf.ledgerId.rawValue, shelf.version, shelf.onHand,
            shelf.held, shelf.countedAt?.milliseconds,
        ])
    }
}
