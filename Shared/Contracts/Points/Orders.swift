/// Prizes of one kind in an order.
package struct OrderLine: Codable, Sendable, Equatable {
    package let prizeId: PrizeID
    /// How many were ordered.
    package let count: Int
    /// What one cost when it was ordered, in whole points.
    package let price: Int
    /// How many were handed over, and not brought back.
    package var handedOver: Int
    /// How many came back, never came, or were called off, and were paid back.
    package var givenBack: Int

    package init(prizeId: PrizeID, count: Int, price: Int, handedOver: Int = 0, givenBack: Int = 0) {
        self.prizeId = prizeId
        self.count = count
        self.price = price
        self.handedOver = handedOver
        self.givenBack = givenBack
    }
}

/// How many of a prize.
package struct PrizeCount: Codable, Sendable, Equatable {
    package let prizeId: PrizeID
    package let count: Int

    package init(prizeId: PrizeID, count: Int) {
        self.prizeId = prizeId
        self.count = count
    }
}

/// Where an order stands.
package enum OrderStage: String, Codable, Sendable, CaseIterable {
    /// 待领取: points and stock are held for it.
    case placed
    /// 已领取: all that could be had was handed over.
    case handedOver = "handed-over"
    /// 已取消.
    case cancelled
    /// 逾期未领: nobody came in time.
    case expired
}

/// Orders prizes at a station: points and stock are held together, or neither.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct PlaceOrder: Message {
    package static let type = "order.place"

    package let orderId: OrderID
    package let ledgerId: LedgerID
    package let stationId: StationID
    package let personId: PersonID
    /// Set where a team's points pay; its leader orders.
    package let teamId: TeamID?
    package let lines: [PrizeCount]
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        orderId: OrderID, ledgerId: LedgerID, stationId: StationID, personId: PersonID, teamId: TeamID? = nil,
        lines: [PrizeCount], actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.orderId = orderId
        self.ledgerId = ledgerId
        self.stationId = stationId
        self.personId = personId
        self.teamId = teamId
        self.lines = lines
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { orderId.rawValue }
}

/// What is done with an order.
package enum OrderAction: String, Codable, Sendable, CaseIterable {
    /// 发放: station staff gave the prizes out, all or some of them.
    case handOver = "hand-over"
    /// 缺货: what is not there is paid back.
    case outOfStock = "out-of-stock"
    /// 取消, before anything was handed over.
    case cancel
    /// 退货: prizes came back and are paid back.
    case takeBack = "take-back"
}

/// Does something with an order.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct ActOnOrder: Message {
    package static let type = "order.act"

    package let orderId: OrderID
    package let ledgerId: LedgerID
    package let action: OrderAction
    /// Absent for all that is left.
    package let lines: [PrizeCount]?
    /// Of prizes that came back: whether they can be given out again.
    package let reusable: Bool?
    /// When it was done, by the clock of a station that was without a net; absent where it is told at once.
    package let doneAt: Timestamp?
    package let reason: String?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        orderId: OrderID, ledgerId: LedgerID, action: OrderAction, lines: [PrizeCount]? = nil, reusable: Bool? = nil,
        doneAt: Timestamp? = nil, reason: String? = nil, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.orderId = orderId
        self.ledgerId = ledgerId
        self.action = action
        self.lines = lines
        self.reusable = reusable
        self.doneAt = doneAt
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { orderId.rawValue }
}

/// Something happened to an order.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct OrderChanged: Payload, Codable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        case placed = "order.placed"
        case handedOver = "order.handed-over"
        case outOfStock = "order.out-of-stock"
        case cancelled = "order.cancelled"
        case expired = "order.expired"
        case takenBack = "order.taken-back"
    }

    package let step: Step
    package let orderId: OrderID
    package let ledgerId: LedgerID
    package let stationId: StationID
    package let personId: PersonID
    package let teamId: TeamID?
    /// What the step is about, not the whole order.
    package let lines: [PrizeCount]
    /// What the step is about, in whole points.
    package let points: Int
    package let stage: OrderStage
    package let at: Timestamp
    /// Absent where the clock did it.
    package let actorId: PersonID?
    package let reason: String?
    /// Until when the prizes are kept for it; of `order.placed`.
    package let expiresAt: Timestamp?

    package init(
        step: Step, orderId: OrderID, ledgerId: LedgerID, stationId: StationID, personId: PersonID, teamId: TeamID?,
        lines: [PrizeCount], points: Int, stage: OrderStage, at: Timestamp, actorId: PersonID?, reason: String? = nil,
        expiresAt: Timestamp? = nil
    ) {
        self.step = step
        self.orderId = orderId
        self.ledgerId = ledgerId
        self.stationId = stationId
        self.personId = personId
        self.teamId = teamId
        self.lines = lines
        self.points = points
        self.stage = stage
        self.at = at
        self.actorId = actorId
        self.reason = reason
        self.expiresAt = expiresAt
    }

    package var messageType: String { step.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { orderId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> OrderChanged {
        guard Step(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let change = try OrderChanged(from: decoder)
        guard change.messageType == type else {
            throw ContractError.malformed("'data.step' is '\(change.messageType)' in a message of type '\(type)'")
        }
        return change
    }
}

/// An order after a change: the record of `orders.v1`, keyed by order id; the highest `version` counts.
package struct OrderState: Message {
    package static let type = "order.state"

    package let orderId: OrderID
    package var version: Int
    package let ledgerId: LedgerID
    package let stationId: StationID
    package let personId: PersonID
    package let teamId: TeamID?
    package var lines: [OrderLine]
    package var stage: OrderStage
    package let placedAt: Timestamp
    /// Until when the prizes are kept for it.
    package let expiresAt: Timestamp
    /// The transfer that holds its points.
    package let pendingTransferId: TransferID
    package var endedAt: Timestamp?

    package init(
        orderId: OrderID, version: Int, ledgerId: LedgerID, stationId: StationID, personId: PersonID,
        teamId: TeamID?, lines: [OrderLine], stage: OrderStage, placedAt: Timestamp, expiresAt: Timestamp,
        pendingTransferId: TransferID, endedAt: Timestamp? = nil
    ) {
        self.orderId = orderId
        self.version = version
        self.ledgerId = ledgerId
        self.stationId = stationId
        self.personId = personId
        self.teamId = teamId
        self.lines = lines
        self.stage = stage
        self.placedAt = placedAt
        self.expiresAt = expiresAt
        self.pendingTransferId = pendingTransferId
        self.endedAt = endedAt
    }

    package var subject: String { orderId.rawValue }
}
