import Contracts
import EventProcessing
import NotificationsDomain

/// What follows from how a sending outside ended; the runtime asks only once nothing more will be tried.
struct EndingDeliveries {
    let transaction: Transaction
    let planning: PlanningDeliveries

    init(_ transaction: Transaction) {
        self.transaction = transaction
        planning = PlanningDeliveries(transaction)
    }

    func end(_ command: Command) throws -> Disposition {
        let report = try command.read(DeliveryReported.self).data
        // What was forgotten has nothing in it any more.
        guard let delivery = try transaction.delivery(report.deliveryId), !delivery.payload.isEmpty else {
            return .applied
        }
        switch try planning.task(of: delivery) {
        case .eraseKey: try endErasing(delivery)
        case .send(let message):
            if message.endpointId == nil {
                try endMessage(message, delivery, report)
            } else {
                try endCall(message, delivery, report)
            }
        }
        return .applied
    }

    /// A key that could not be destroyed is tried again for as long as it takes.
    private func endErasing(_ delivery: PlannedDelivery) throws {
        guard delivery.state != .delivered else { return }
        try transaction.replanDelivery(
            delivery.id, notBefore: transaction.clock.adding(milliseconds: 3_600_000))
    }

    // MARK: - People

    private func endMessage(
        _ message: OutsideMessage, _ delivery: PlannedDelivery, _ report: DeliveryReported
    ) throws {
        guard try SendingRows.isInLane(delivery.lane, delivery.id, in: transaction.database) else {
            // Its person was forgotten while it was sent.
            return try transaction.forgetDelivery(delivery.id)
        }
        let settings = try PersonRows.find(message.recipientId, in: transaction.database)
        if delivery.state == .failed, try goesOn(message, delivery, report, settings) { return }
        try planning.end(delivery, message, Self.outcome(of: delivery), because: report.reason)
        try settleConsent(message, delivery, report.reason)
        if delivery.state == .gone, case .sealed(_, let contactId) = message.address {
            try KeepingSettings(transaction).dropContact(contactId, of: message.recipientId, because: .gone)
        }
    }

    /// What became quiet before it could be sent is sent when it is open again, to where the person is reached then.
    private func goesOn(
        _ message: OutsideMessage, _ delivery: PlannedDelivery, _ report: DeliveryReported,
        _ settings: PersonSettingsState?
    ) throws -> Bool {
        let isOver = delivery.notAfter.map { transaction.clock > $0 } ?? false
        guard report.outcome == .postponed || report.outcome == .failed && (report.canRetry || isOver),
            let pack = try transaction.pack(),
            let contact = settings?.contact(for: message, by: transaction.rules)
        else { return false }
        let wishes = Wishes(settings?.preferences, pack: pack)
        let from = max(transaction.clock, delivery.notAfter ?? transaction.clock).adding(milliseconds: 1)
        guard message.isWanted(by: wishes),
            let round = message.closedHours(by: wishes).round(from: from, plannedAt: delivery.plannedAt)
        else { return false }
        let address = OutsideAddress.sealed(contact: contact.sealed, contactId: contact.contactId)
        return try transaction.replanDelivery(
            delivery.id, payload: try planning.payload(message.addressed(to: address)), notBefore: round.notBefore,
            notAfter: round.notAfter)
    }

    /// A consent is spent by what was sent, or may have been; else it is given back, unless the provider knows of none.
    private func settleConsent(_ message: OutsideMessage, _ delivery: PlannedDelivery, _ reason: String?) throws {
        guard message.channel == .weChat, delivery.state == .failed || delivery.state == .gone,
            let template = message.template
        else { return }
        let person = message.recipientId
        if reason?.hasPrefix(DeliveryReason.consentRefused) == true {
            try ConsentRows.forgetLeft(of: template.id, of: person, in: transaction.database)
        } else {
            try ConsentRows.giveBack(delivery.id, of: person, in: transaction.database)
        }
        try KeepingSettings(transaction).publish(person)
    }

    // MARK: - Programs and groups

    private func endCall(_ message: OutsideMessage, _ delivery: PlannedDelivery, _ report: DeliveryReported) throws {
        try planning.end(delivery, message, Self.outcome(of: delivery), because: report.reason)
        // Tried for three days, and still it might heal: nobody listens there.
        let isGivenUp = delivery.state == .failed && report.outcome == .failed && report.canRetry
        guard let id = message.endpointId, delivery.state == .gone || isGivenUp else { return }
        try CallingEndpoints(transaction).disable(id, message, because: report.reason ?? "no answer")
    }

    private static func outcome(of delivery: PlannedDelivery) -> DeliveryEnded.Outcome {
        switch delivery.state {
        case .delivered: .delivered
        case .gone: .gone
        case .unknown: .unknown
        case .planned, .started, .failed: .failed
        }
    }
}
