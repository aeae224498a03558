import Contracts
import Foundation
import GRDB

/// Rows about orders of prizes, and what lies at the stations.
enum OrderTables {
    static let schema = """
        CREATE TABLE orderState (
            orderId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, personId TEXT NOT NULL,
            stationId TEXT NOT NULL, stage TEXT NOT NULL, placedAt INTEGER NOT NULL, endedAt INTEGER,
            body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX orderStatePerson ON orderState (personId, placedAt, orderId);
        CREATE INDEX orderStateStation ON orderState (stationId, stage, placedAt, orderId);
        CREATE TABLE stockState (
            stationId TEXT NOT NULL, prizeId TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (stationId, prizeId)
        ) WITHOUT ROWID;
        """

    static func keep(_ order: OrderState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO orderState (orderId, version, personId, stationId, stage, placedAt, endedAt, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (orderId) DO UPDATE SET version = excluded.version, stage = excluded.stage,
                    endedAt = excluded.endedAt, body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            order.orderId.rawValue, order.version, order.personId.rawValue, order.stationId.rawValue,
            order.stage.rawValue, order.placedAt.milliseconds, order.endedAt?.milliseconds,
            try ContractCoding.text(order),
        ])
    }

    static func keep(_ stock: StockState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO stockState (stationId, prizeId, version, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (stationId, prizeId) DO UPDATE SET version = excluded.version, body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            stock.stationId.rawValue, stock.prizeId.rawValue, stock.version, try ContractCoding.text(stock),
        ])
    }
}

/// Where a page of orders ends; newest first.
struct OrderPlace: Codable, Sendable {
    let placedAt: Int64
    let orderId: String

    init(_ order: OrderState) {
        placedAt = order.placedAt.milliseconds
        orderId = order.orderId.rawValue
    }
}

extension ReadModel {
    func order(_ id: OrderID) async throws -> OrderState? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT body FROM orderState WHERE orderId = ?", arguments: [id.rawValue]
            ).map(Self.order)
        }
    }

    /// Up to `limit` orders of a person, newest first, behind `place`.
    func orders(of names: [String], after place: OrderPlace?, limit: Int) async throws -> [OrderState] {
        try await read { db in
            var conditions = Conditions()
            try conditions.append(column: "personId", isIn: names)
            return try Self.orders(conditions, after: place, limit: limit, in: db)
        }
    }

    /// Up to `limit` orders of a station that stand there, newest first, behind `place`.
    func orders(
        at station: StationID, stage: OrderStage?, after place: OrderPlace?, limit: Int
    ) async throws -> [OrderState] {
        try await read { db in
            var conditions = Conditions()
            conditions.append(sql: "stationId = ?", arguments: [station.rawValue])
            if let stage { conditions.append(sql: "stage = ?", arguments: [stage.rawValue]) }
            return try Self.orders(conditions, after: place, limit: limit, in: db)
        }
    }

    /// The orders of a station that something can still be handed over for, or could at some moment.
    func handableOrders(at station: StationID, on moment: Timestamp?) async throws -> [OrderState] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT body FROM orderState
                    WHERE stationId = ?1 AND (stage = 'placed' OR (?2 IS NOT NULL AND endedAt > ?2))
                    ORDER BY orderId
                    """,
                arguments: [station.rawValue, moment?.milliseconds]
            ).map(Self.order)
        }
    }

    /// What lies at a station, or at all of them.
    func stocks(at station: StationID?) async throws -> [StockState] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: "SELECT body FROM stockState WHERE ?1 IS NULL OR stationId = ?1 ORDER BY stationId, prizeId",
                arguments: [station?.rawValue]
            ).map { try ContractCoding.decode(StockState.self, from: Data($0.utf8)) }
        }
    }

    private static func orders(
        _ conditions: Conditions, after place: OrderPlace?, limit: Int, in db: Database
    ) throws -> [OrderState] {
        var conditions = conditions
        if let place {
            conditions.append(sql: "(placedAt, orderId) < (?, ?)", arguments: [place.placedAt, place.orderId])
        }
        return try String.fetchAll(
            db,
            sql: "SELECT body FROM orderState \(conditions.whereClause) ORDER BY placedAt DESC, orderId DESC LIMIT ?",
            arguments: conditions.arguments + [limit]
        ).map(order)
    }

    private static func order(_ body: String) throws -> OrderState {
        try ContractCoding.decode(OrderState.self, from: Data(body.utf8))
    }
}
