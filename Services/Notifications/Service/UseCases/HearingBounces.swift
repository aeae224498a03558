import Contracts
import EventProcessing
import NotificationsDomain

/// Mail that came back after it was taken 退信: what an operator's mailbox heard of it.
extension EndingDeliveries {
    /// Notes that a mail came back; where it will always come back, its contact is taken off.
    ///
    /// Said twice it counts once. A contact that was set since stays: the mail did not go there.
    func bounce(_ command: Command) throws -> Disposition {
        let wish = try command.read(ReportBounce.self).data
        let sent = try sent(wish)
        if let refusal = BounceRules.refusal(wish, of: sent?.message, at: transaction.clock) {
            return refusal.disposition(transaction.rules)
        }
        guard let (delivery, message, outcome) = sent, outcome == .delivered || outcome == .unknown else {
            return .applied
        }
        try planning.end(
            delivery, message, wish.isPermanent ? .gone : .failed, because: "the mail came back: \(wish.status)")
        if wish.isPermanent, case .sealed(_, let contactId) = message.address {
            try KeepingSettings(transaction).dropContact(contactId, of: message.recipientId, because: .bounced)
        }
        try transaction.answer(command)
        return .applied
    }

    /// What came back, and how it had ended; nil where nothing like it ended, or its person was forgotten.
    private func sent(
        _ wish: ReportBounce
    ) throws -> (delivery: PlannedDelivery, message: OutsideMessage, outcome: DeliveryEnded.Outcome)? {
        guard let outcome = try SendingRows.outcome(of: wish.deliveryId, in: transaction.database),
            let delivery = try transaction.delivery(wish.deliveryId), !delivery.payload.isEmpty,
            case .send(let message) = try planning.task(of: delivery), message.recipientId == wish.personId
        else { return nil }
        return (delivery, message, outcome)
    }
}
