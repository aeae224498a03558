import Contracts
import EventProcessing
import NotificationsDomain

/// What operators do with the programs and groups that are called.
struct KeepingEndpoints {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func add(_ command: Command) throws -> Disposition {
        let wish = try command.read(AddEndpoint.self).data
        let current = try EndpointRows.find(wish.endpointId, in: transaction.database)
        let count = try EndpointRows.all(in: transaction.database).count
        return try carryOut(
            command, EndpointRules.add(wish, current: current, count: count, at: transaction.clock))
    }

    func change(_ command: Command) throws -> Disposition {
        let wish = try command.read(ChangeEndpoint.self).data
        let current = try EndpointRows.find(wish.endpointId, in: transaction.database)
        return try carryOut(command, EndpointRules.change(wish, current: current, at: transaction.clock))
    }

    func replay(_ command: Command) throws -> Disposition {
        let wish = try command.read(ReplayDeliveries.self).data
        let db = transaction.database
        let endpoint = try EndpointRows.find(wish.endpointId, in: db)
        if let refusal = EndpointRules.refusal(wish, endpoint: endpoint, at: transaction.clock) {
            return refusal.disposition(transaction.rules)
        }
        let ids = try deliveries(wish)
        guard !ids.isEmpty else { return NotificationRefusal.notFound.disposition(transaction.rules) }
        guard ids.count <= ReplayDeliveries.most else {
            return NotificationRefusal.badReplay.disposition(transaction.rules)
        }
        for id in ids {
            _ = try PlanningDeliveries(transaction).repeatDelivery(id) { Self.readdressed($0, to: endpoint) }
        }
        try transaction.answer(command)
        return .applied
    }

    func keep(_ endpoint: EndpointState) throws {
        try EndpointRows.save(endpoint, in: transaction.database)
        try transaction.emit(
            endpoint, to: TopicCatalogue.webhookEndpoints, key: endpoint.endpointId.rawValue)
    }

    private func carryOut(_ command: Command, _ decision: EndpointDecision) throws -> Disposition {
        switch decision {
        case .refused(let refusal): return refusal.disposition(transaction.rules)
        case .unchanged: return .applied
        case .changed(let endpoint):
            try keep(endpoint)
            try PlanningDeliveries(transaction).revise(
                lane: endpoint.endpointId.lane, because: "the endpoint was removed"
            ) { message in
                endpoint.ended ? nil : Self.readdressed(message, to: endpoint)
            }
            try transaction.answer(command)
            return .applied
        }
    }

    /// With the address and the secret of now; a unit's webhook keeps the URL of the pack that planned it.
    private static func readdressed(_ message: OutsideMessage, to endpoint: EndpointState?) -> OutsideMessage {
        guard let endpoint, endpoint.endpointId.unitId == nil else { return message }
        return message.addressed(
            to: .endpoint(
                address: endpoint.address, endpointId: endpoint.endpointId, generation: endpoint.generation,
                formerUntil: endpoint.formerUntil))
    }

    /// What is asked for and was planned for this endpoint.
    private func deliveries(_ wish: ReplayDeliveries) throws -> [DeliveryID] {
        let db = transaction.database
        let lane = wish.endpointId.lane
        if let ids = wish.deliveryIds {
            return try ids.filter { try SendingRows.isInLane(lane, $0, in: db) }
        }
        guard let since = wish.since else { return [] }
        return try SendingRows.ids(
            inLane: lane, since: since, until: wish.until, limit: ReplayDeliveries.most + 1, in: db)
    }
}
