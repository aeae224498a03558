import Contracts
import EventProcessing
import Foundation
import NotificationsDomain

/// What is planned for the edge, and what is given up of it.
struct PlanningDeliveries {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func plan(_ sending: OutsideSending) throws {
        try SendingRows.insert(sending, at: transaction.clock, in: transaction.database)
        try transaction.planDelivery(
            sending.deliveryId, payload: try payload(sending.message), lane: sending.lane,
            notBefore: sending.notBefore, notAfter: sending.notAfter)
    }

    /// What becomes of a delivery that waits.
    struct Revision {
        let message: OutsideMessage
        let notBefore: Timestamp
        let notAfter: Timestamp?
    }

    /// Goes through what waits in the lane of an endpoint: each is sent as it is now, or given up.
    func revise(
        lane: String, because reason: String, _ keep: (OutsideMessage) throws -> OutsideMessage?
    ) throws {
        for delivery in try transaction.endDeliveries(lane: lane, reason: reason) {
            try revise(delivery, because: reason) { message, delivery in
                try keep(message).map {
                    Revision(message: $0, notBefore: delivery.notBefore, notAfter: delivery.notAfter)
                }
            }
        }
    }

    /// Goes through what waits for a person on a channel, in the same way.
    func revise(
        of person: PersonID, on channel: Channel, because reason: String,
        _ keep: (OutsideMessage, PlannedDelivery) throws -> Revision?
    ) throws {
        for id in try SendingRows.open(of: person, on: channel, in: transaction.database) {
            guard let delivery = try transaction.endDelivery(id, reason: reason) else { continue }
            try revise(delivery, because: reason, keep)
        }
    }

    /// - Parameter delivery: One that was given up just now.
    private func revise(
        _ delivery: PlannedDelivery, because reason: String,
        _ keep: (OutsideMessage, PlannedDelivery) throws -> Revision?
    ) throws {
        guard case .send(let message) = try task(of: delivery) else { return }
        if let kept = try keep(message, delivery) {
            try transaction.replanDelivery(
                delivery.id, payload: try payload(kept.message), notBefore: kept.notBefore, notAfter: kept.notAfter)
        } else {
            try end(delivery, message, .failed, because: reason)
        }
    }

    /// Sends once more, to where the recipient is reached now; false where there is no such delivery, or it is under way.
    func repeatDelivery(_ id: DeliveryID, _ readdress: (OutsideMessage) -> OutsideMessage) throws -> Bool {
        guard let delivery = try transaction.delivery(id), case .send(let message) = try task(of: delivery) else {
            return false
        }
        let isPlanned = try transaction.replanDelivery(
            id, payload: try payload(readdress(message)), notBefore: transaction.clock)
        if isPlanned { try SendingRows.reopen(id, in: transaction.database) }
        return isPlanned
    }

    /// Notes how a delivery ended, and says so.
    func end(
        _ delivery: PlannedDelivery, _ message: OutsideMessage, _ outcome: DeliveryEnded.Outcome,
        because reason: String?
    ) throws {
        let ended = DeliveryEnded(
            deliveryId: delivery.id, recipientId: message.recipientId, channel: message.channel,
            endpointId: message.endpointId, aboutEventId: message.aboutEventId,
            mergedEventIds: message.mergedEventIds.isEmpty ? nil : message.mergedEventIds, outcome: outcome,
            attempts: delivery.tries, reason: outcome == .delivered ? nil : reason)
        try SendingRows.end(ended, at: transaction.clock, in: transaction.database)
        try transaction.emit(ended, to: TopicCatalogue.notificationEvents, key: message.recipientId.rawValue)
    }

    func task(of delivery: PlannedDelivery) throws -> OutsideTask {
        try ContractCoding.decode(OutsideTask.self, from: delivery.payload)
    }

    func payload(_ message: OutsideMessage) throws -> Data {
        try ContractCoding.encode(OutsideTask.send(message: message))
    }
}
