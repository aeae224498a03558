import Contracts

// NotificationError
//   bodyTooLarge   an event that no webhook body holds, even without its joined reporters

/// What keeps an event from being told.
package enum NotificationError: Error, Equatable, CustomStringConvertible {
    case bodyTooLarge(eventType: String, bytes: Int)

    package var description: String {
        switch self {
        case .bodyTooLarge(let type, let bytes):
            "'\(type)' needs \(bytes) bytes, a webhook's body has at most \(WebhookBody.largest)"
        }
    }
}

/// A payload by Standard Webhooks 1.0: `{type, timestamp, data}`, less than 20 kB.
enum WebhookBody {
    static let largest = 19_999

    /// The JSON of a body; where a case has too many reporters for it, only the first is named.
    static func text(of event: Envelope<NotifiableEvent>) throws -> String {
        let whole = try ContractCoding.text(Content(event.attributes, event.data))
        guard whole.utf8.count > largest else { return whole }
        let short = try ContractCoding.text(Content(event.attributes, event.data.namingFirstReporter))
        guard short.utf8.count <= largest else {
            throw NotificationError.bodyTooLarge(eventType: event.attributes.type, bytes: short.utf8.count)
        }
        return short
    }

    private struct Content: Encodable {
        let type: String
        let timestamp: Timestamp
        let data: NotifiableEvent

        init(_ attributes: MessageAttributes, _ data: NotifiableEvent) {
            type = attributes.type
            timestamp = attributes.time
            self.data = data
        }

        private enum Keys: String, CodingKey {
            case type
            case timestamp
            case data
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(type, forKey: .type)
            try container.encode(timestamp, forKey: .timestamp)
            try data.encodeData(to: container.superEncoder(forKey: .data))
        }
    }
}

extension NotifiableEvent {
    /// The event with the joined reporters left out, where it is a step of a case.
    fileprivate var namingFirstReporter: NotifiableEvent {
        guard case .aboutCase(.changed(let event)) = self else { return self }
        let reference = event.case
        return .aboutCase(
            .changed(
                CaseChanged(
                    step: event.step,
                    case: CaseReference(
                        caseId: reference.caseId, caseNumber: reference.caseNumber,
                        communityId: reference.communityId, ledgerId: reference.ledgerId,
                        category: reference.category, kind: reference.kind,
                        reporterIds: Array(reference.reporterIds.prefix(1)), ownerUnitId: reference.ownerUnitId,
                        handlerId: reference.handlerId),
                    at: event.at, actorId: event.actorId, reason: event.reason, agrees: event.agrees,
                    deadline: event.deadline, reworks: event.reworks)))
    }
}
