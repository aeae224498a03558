import Contracts
import GRDB

/// The questions that are asked in each round of the loop, however much is planned: each is one walk along an index.
enum DeliverySQL {
    static let lanes = "SELECT lane FROM deliveryLane WHERE nextAt <= ? ORDER BY nextAt, lane"
    static let due = """
        SELECT * FROM delivery WHERE state = 'planned' AND lane = ?1 AND notBefore <= ?2
        AND (notAfter IS NULL OR notAfter >= ?2) ORDER BY notBefore, id
        """
    static let late = """
        SELECT * FROM delivery WHERE state = 'planned' AND notAfter IS NOT NULL AND notAfter < ?
        ORDER BY notAfter, id LIMIT 200
        """
    static let next = "SELECT MIN(nextAt) FROM deliveryLane"
    static let nextLate = """
        SELECT MIN(notAfter) FROM delivery WHERE state = 'planned' AND notAfter IS NOT NULL
        """
    static let all = [lanes, due, late, next, nextLate]
}

/// What an owner wants to know of the sendings in its store.
extension PartitionStore {
    typealias Due = (due: [PlannedDelivery], book: LaneBook)

    /// Deliveries to begin now, in lanes that have places, the lane that waits longest first.
    ///
    /// Takes their places. Reads one row of each lane, however many deliveries wait in it.
    /// - Parameter begun: Those whose start is on its way into the log.
    func dueDeliveries(
        at moment: Timestamp, besides begun: Set<DeliveryID>, places book: LaneBook
    ) async throws -> Due {
        try await ask(\.deliveries, at: moment, none: ([], book)) { db -> (Due, Timestamp?) in
            let next = try Self.nextDelivery(in: db) ?? QuietTimes.always
            guard next <= moment else { return (([], book), next) }
            var due: [PlannedDelivery] = []
            var taken = book
            let now = ContinuousClock.now
            let lanes = try String.fetchCursor(
                db.cachedStatement(sql: DeliverySQL.lanes), arguments: [moment.milliseconds])
            while taken.free > 0, let lane = try lanes.next() {
                let places = taken.free(in: lane, at: now)
                guard places > 0 else { continue }
                for delivery in try Self.due(in: lane, at: moment, besides: begun, limit: places, in: db) {
                    taken.take(delivery.id, in: lane, at: now)
                    due.append(delivery)
                }
            }
            return ((due, taken), nil)
        }
    }

    private static func due(
        in lane: String, at moment: Timestamp, besides begun: Set<DeliveryID>, limit: Int, in db: Database
    ) throws -> [PlannedDelivery] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: DeliverySQL.due), arguments: [lane, moment.milliseconds])
        var due: [PlannedDelivery] = []
        while due.count < limit, let row = try rows.next() {
            let delivery = PlannedDelivery(row)
            if !begun.contains(delivery.id) { due.append(delivery) }
        }
        return due
    }

    func deliveries(_ ids: [DeliveryID]) async throws -> [PlannedDelivery] {
        guard !ids.isEmpty else { return [] }
        return try await queue.read { db in try ids.compactMap { try DeliveryRow.find($0, in: db) } }
    }

    /// Deliveries that somebody else has started and that have no end yet.
    func startedDeliveries(notBy ownerID: String) async throws -> [PlannedDelivery] {
        try await queue.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT * FROM delivery WHERE state = 'started' AND ownerId <> ? ORDER BY lane, id"),
                arguments: [ownerID]
            ).map(PlannedDelivery.init)
        }
    }

    /// Deliveries whose time was over before they could be sent.
    func lateDeliveries(at moment: Timestamp) async throws -> [PlannedDelivery] {
        try await ask(\.late, at: moment, none: []) { db -> ([PlannedDelivery], Timestamp?) in
            let late = try Row.fetchAll(
                db.cachedStatement(sql: DeliverySQL.late), arguments: [moment.milliseconds]
            ).map(PlannedDelivery.init)
            guard late.isEmpty else { return (late, nil) }
            let next = try Int64.fetchOne(db.cachedStatement(sql: DeliverySQL.nextLate))
            // It is late only after that moment.
            return ([], next.map { Timestamp(milliseconds: $0 + 1) } ?? QuietTimes.always)
        }
    }

    /// The moment from which on the next delivery may be begun; nil where none is planned.
    func nextDelivery() async throws -> Timestamp? {
        try await queue.read { db in try Self.nextDelivery(in: db) }
    }

    private static func nextDelivery(in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(db.cachedStatement(sql: DeliverySQL.next)).map(Timestamp.init(milliseconds:))
    }
}
