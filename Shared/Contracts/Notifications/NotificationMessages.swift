/// Something that people are told about: a step of a case, points that moved, or points that are to be taken back.
package enum NotifiableEvent: Payload {
    case aboutCase(CaseEvent)
    case aboutPoints(PointsMoved)
    case aboutNotice(NoticeChanged)

    package var messageType: String { payload.messageType }
    package var messageVersion: Int { payload.messageVersion }
    package var messageSubject: String { payload.messageSubject }

    private var payload: any Payload {
        switch self {
        case .aboutCase(let event): event
        case .aboutPoints(let event): event
        case .aboutNotice(let event): event
        }
    }

    package func encodeData(to encoder: any Encoder) throws { try payload.encodeData(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> NotifiableEvent {
        if type.hasPrefix("points.") {
            return .aboutPoints(try PointsMoved.decode(type: type, version: version, from: decoder))
        }
        if type.hasPrefix("notice.") {
            return .aboutNotice(try NoticeChanged.decode(type: type, version: version, from: decoder))
        }
        return .aboutCase(try CaseEvent.decode(type: type, version: version, from: decoder))
    }
}

/// Why somebody is told.
package enum AudienceRole: String, Codable, Sendable, CaseIterable {
    case reporter
    case handler
    /// A unit, reached by its webhook and by the inboxes of its people.
    case unit
    /// Somebody who works for a unit that is told.
    case member
}

/// Tell one recipient about one event.
///
/// On `notification-commands.v1`, keyed by recipient id, from notifications' translator.
package struct Notify: Message {
    package static let type = "notification.notify"

    package let event: Envelope<NotifiableEvent>
    /// A person's id, or a unit's for the role `unit`.
    ///
    package let recipientId: PersonID
    package let role: AudienceRole

    package init(event: Envelope<NotifiableEvent>, recipientId: PersonID, role: AudienceRole) {
        self.event = event
        self.recipientId = recipientId
        self.role = role
    }

    package var subject: String { recipientId.rawValue }
}

/// A person has read a message of their inbox.
///
/// On `notification-commands.v1`, keyed by recipient id, from portal.
package struct MarkRead: Message {
    package static let type = "notification.mark-read"

    package let messageId: InboxMessageID
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(messageId: InboxMessageID, actor: Actor, notAfter: Timestamp? = nil) {
        self.messageId = messageId
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { messageId.rawValue }
}

/// The ways to reach a recipient.
///
package enum Channel: String, Codable, Sendable, CaseIterable {
    case inbox
    case webhook
    case email
    case webPush = "web-push"
    case dingTalk = "dingtalk"
    case weCom = "wecom"
    case feishu
    case weChat = "wechat"
    case sms
}

/// A message lies in a person's inbox.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct InboxMessageWritten: Message {
    package static let type = "notification.written"

    package let messageId: InboxMessageID
    package let recipientId: PersonID
    package let aboutEventId: MessageID
    package let aboutType: String

    package init(messageId: InboxMessageID, recipientId: PersonID, aboutEventId: MessageID, aboutType: String) {
        self.messageId = messageId
        self.recipientId = recipientId
        self.aboutEventId = aboutEventId
        self.aboutType = aboutType
    }

    package var subject: String { messageId.rawValue }
}

/// A person read a message.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct InboxMessageRead: Message {
    package static let type = "notification.read"

    package let messageId: InboxMessageID
    package let recipientId: PersonID
    package let at: Timestamp

    package init(messageId: InboxMessageID, recipientId: PersonID, at: Timestamp) {
        self.messageId = messageId
        self.recipientId = recipientId
        self.at = at
    }

    package var subject: String { messageId.rawValue }
}

/// How a sending outside came out.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct DeliveryEnded: Message {
    package static let type = "delivery.ended"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case delivered
        case failed
        /// Begun, never heard of again, and not to be repeated safely.
        ///
        case unknown
    }

    package let deliveryId: DeliveryID
    package let recipientId: PersonID
    package let channel: Channel
    package let aboutEventId: MessageID
    package let outcome: Outcome
    package let attempts: Int
    package let reason: String?

    package init(
        deliveryId: DeliveryID, recipientId: PersonID, channel: Channel, aboutEventId: MessageID, outcome: Outcome,
        attempts: Int, reason: String?
    ) {
        self.deliveryId = deliveryId
        self.recipientId = recipientId
        self.channel = channel
        self.aboutEventId = aboutEventId
        self.outcome = outcome
        self.attempts = attempts
        self.reason = reason
    }

    package var subject: String { deliveryId.rawValue }
}

/// A message of an inbox as it stands: the record of `inboxes.v1`, keyed by message id; the highest `version` counts.
package struct InboxMessageState: Message {
    package static let type = "inbox-message.state"

    package let messageId: InboxMessageID
    package let version: Int
    package let recipientId: PersonID
    package let title: String
    package let body: String
    package let aboutEventId: MessageID
    package let aboutType: String
    package let caseId: CaseID?
    package let points: Int?
    package let writtenAt: Timestamp
    package let readAt: Timestamp?
    package let ended: Bool

    package init(
        messageId: InboxMessageID, version: Int, recipientId: PersonID, title: String, body: String,
        aboutEventId: MessageID, aboutType: String, caseId: CaseID?, points: Int?, writtenAt: Timestamp,
        readAt: Timestamp?, ended: Bool = false
    ) {
        self.messageId = messageId
        self.version = version
        self.recipientId = recipientId
        self.title = title
        self.body = body
        self.aboutEventId = aboutEventId
        self.aboutType = aboutType
        self.caseId = caseId
        self.points = points
        self.writtenAt = writtenAt
        self.readAt = readAt
        self.ended = ended
    }

    package var subject: String { messageId.rawValue }
}
