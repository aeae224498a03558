import Contracts
import EventProcessing
import NotificationsDomain

/// Calls the programs and groups that an event concerns, each once.
struct CallingEndpoints {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func call(_ notify: Notify, _ pack: Pack?) throws {
        guard let pack else { return }
        for call in try calls(notify, pack) {
            switch call {
            case .call(let sending, let told):
                try ToldRow.insert(told, in: transaction.database)
                try PlanningDeliveries(transaction).plan(sending)
            case .missed(let sending, let told):
                try ToldRow.insert(told, in: transaction.database)
                try PlanningDeliveries(transaction).plan(sending)
                try giveUp(sending.lane, because: "the endpoint is disabled")
            }
        }
    }

    /// Calls an endpoint no more, and gives up what waits for it; a replay sends it once it is enabled.
    func disable(_ id: EndpointID, _ message: OutsideMessage, because reason: String) throws {
        let row = try EndpointRows.find(id, in: transaction.database)
        let current = id.unitId == nil ? row : Self.ofPack(id, message, row)
        guard let current, !current.ended, current.disabledAt == nil else { return }
        let endpoint = EndpointRules.disabled(current, reason: reason, at: transaction.clock)
        try KeepingEndpoints(transaction).keep(endpoint)
        try transaction.emit(
            EndpointDisabled(endpointId: id, reason: endpoint.disabledReason ?? reason, at: transaction.clock),
            to: TopicCatalogue.notificationEvents, key: id.commandKey)
        try giveUp(id.lane, because: "the endpoint is disabled")
    }

    private func calls(_ notify: Notify, _ pack: Pack) throws -> [EndpointCall] {
        let db = transaction.database
        let wasTold: (Told) throws -> Bool = { try ToldRow.exists($0, in: db) }
        switch notify.role {
        case .unit:
            let id = EndpointID.unit(UnitID(notify.recipientId.rawValue))
            let call = try NotificationsDomain.call(
                unitOf: notify, pack: pack, disabled: try EndpointRows.find(id, in: db), at: transaction.clock,
                by: transaction.rules, wasTold: wasTold)
            return call.map { [$0] } ?? []
        case .endpoint:
            return try EndpointRows.all(in: db).compactMap {
                try NotificationsDomain.call(
                    $0, of: notify, pack: pack, at: transaction.clock, by: transaction.rules, wasTold: wasTold)
            }
        default: return []
        }
    }

    private func giveUp(_ lane: String, because reason: String) throws {
        try PlanningDeliveries(transaction).revise(lane: lane, because: reason) { _ in nil }
    }

    /// A unit's webhook, which has no row while it is well; with another URL than the row's it is another receiver.
    private static func ofPack(_ id: EndpointID, _ message: OutsideMessage, _ row: EndpointState?) -> EndpointState? {
        guard case .open(let url) = message.address else { return nil }
        if let row, row.address.url == url { return row }
        return EndpointState(
            endpointId: id, version: row?.version ?? 0, address: EndpointAddress(url: url), channel: message.channel,
            events: [], communities: [])
    }
}
