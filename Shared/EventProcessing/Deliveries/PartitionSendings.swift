import Contracts

/// What the owner of a partition has under way to the outside.
///
/// A delivery is begun by `delivery.started`, which names this owner, and sent once that was read back and took effect:
/// so whoever else began it meanwhile, and wherever in the log the reader is, one start is sent by one owner.
struct PartitionSendings: Sendable {
    private struct Start {
        let attempt: Int
        let since: ContinuousClock.Instant
    }

    /// A start of an earlier owner that has no end.
    private enum Orphan {
        case seen(ContinuousClock.Instant)
        case said
    }

    /// What one round of the loop wants to be appended and sent.
    struct Step {
        var starts: [DeliveryStarted] = []
        var ends: [DeliveryReported] = []
        var toSend: [PlannedDelivery] = []
    }

    let ownerID = MessageID.random().description
    private let store: PartitionStore
    private let patience: Duration
    private var starts: [DeliveryID: Start] = [:]
    private var orphans: [DeliveryID: Orphan] = [:]
    private var lateSaid: [DeliveryID: ContinuousClock.Instant] = [:]
    private var nextLook = ContinuousClock.now

    /// How long a record of this owner's may take to be read back, before it is written again.
    private static let readBackTime = Duration.seconds(10)

    init(_ store: PartitionStore, patience: Duration) {
        self.store = store
        self.patience = patience
    }

    mutating func step(edge: any DeliveryEdge, book: inout LaneBook, at moment: Timestamp) async throws -> Step {
        var step = Step()
        step.toSend = try await readBack(at: moment, book: &book)
        try await takeUpOrphans(edge: edge, book: &book, in: &step)
        guard book.free > 0 else { return step }
        let begun = Set(starts.keys)
        let due: [PlannedDelivery]
        (due, book) = try await store.dueDeliveries(at: moment, besides: begun, places: book)
        for delivery in due {
            let start = DeliveryStarted(deliveryId: delivery.id, attempt: delivery.attempt + 1, ownerId: ownerID)
            starts[delivery.id] = Start(attempt: start.attempt, since: .now)
            step.starts.append(start)
        }
        return step
    }

    /// The starts that stand in the log's past and took effect; others give their places back.
    private mutating func readBack(at moment: Timestamp, book: inout LaneBook) async throws -> [PlannedDelivery] {
        var toSend: [PlannedDelivery] = []
        for delivery in try await store.deliveries(starts.keys.sorted { $0.rawValue < $1.rawValue }) {
            guard let start = starts[delivery.id] else { continue }
            switch delivery.state {
            case .planned where delivery.attempt == start.attempt - 1 && delivery.notBefore <= moment:
                // It is not read back yet; or it was, and the log's clock is behind this machine's.
                guard ContinuousClock.now - start.since > Self.readBackTime else { continue }
                book.giveBack(delivery.id)
            case .started where delivery.attempt == start.attempt && delivery.ownerId == ownerID:
                toSend.append(delivery)
            default:
                book.giveBack(delivery.id)
            }
            starts[delivery.id] = nil
        }
        return toSend
    }

    /// Sends again what an earlier owner began and never ended, where that is safe; else says that nobody knows.
    private mutating func takeUpOrphans(
        edge: any DeliveryEdge, book: inout LaneBook, in step: inout Step
    ) async throws {
        let now = ContinuousClock.now
        guard now >= nextLook else { return }
        nextLook = now + .seconds(1)
        let rows = try await store.startedDeliveries(notBy: ownerID)
        let known = orphans
        orphans = [:]
        // What this process sends itself still, since an earlier assignment, is heard of in time.
        for row in rows where !book.holds(row.id) {
            let orphan = known[row.id] ?? .seen(now)
            orphans[row.id] = orphan
            guard case .seen(let since) = orphan else { continue }
            if edge.canRepeat(row) {
                guard book.free(in: row.lane, at: now) > 0 else { continue }
                book.take(row.id, in: row.lane, at: now)
                step.toSend.append(row)
            } else if now - since >= patience {
                orphans[row.id] = .said
                step.ends.append(
                    DeliveryReported(
                        deliveryId: row.id, attempt: row.attempt, outcome: .unknown,
                        reason: "it was begun, never heard of again, and cannot be repeated safely"))
            }
        }
    }

    /// What waited beyond its last moment.
    mutating func late(at moment: Timestamp) async throws -> [DeliveryReported] {
        let now = ContinuousClock.now
        lateSaid = lateSaid.filter { now - $0.value < Self.readBackTime }
        return try await store.lateDeliveries(at: moment).compactMap { row in
            guard starts[row.id] == nil, lateSaid[row.id] == nil else { return nil }
            lateSaid[row.id] = now
            return DeliveryReported(
                deliveryId: row.id, attempt: row.attempt, outcome: .failed, reason: Self.lateReason)
        }
    }

    static let lateReason = "its last moment had passed before it could be sent"

    /// Notes that the end of a sending was appended: it is not taken for an orphan until it is read back.
    mutating func ended(_ delivery: PlannedDelivery) {
        if delivery.ownerId != ownerID { orphans[delivery.id] = .said }
    }

    /// Takes back starts that were appended and not sent yet, for an owner that stops or pauses.
    ///
    /// Appended behind them, these make the deliveries wait again, for whoever reads on.
    mutating func withdraw(from book: inout LaneBook) -> [DeliveryReported] {
        defer { starts = [:] }
        return starts.sorted { $0.key.rawValue < $1.key.rawValue }.map { id, start in
            book.giveBack(id)
            return DeliveryReported(
                deliveryId: id, attempt: start.attempt, outcome: .postponed, retryAfter: 0,
                reason: "its owner stopped before it was sent")
        }
    }
}
