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

/// A person puts a message of their inbox away: it leaves the list, and stays.
///
/// On `notification-commands.v1`, keyed by recipient id, from portal.
package struct ArchiveMessage: Message {
    package static let type = "notification.archive"

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

/// A person put a message away.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct InboxMessageArchived: Message {
    package static let type = "notification.archived"

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

/// A message of an inbox as it stands: the record of `inboxes.v1`, keyed by message id; the highest `version` counts.
///
/// One that ended was erased: nothing stands in it any more.
package struct InboxMessageState: Message {
    package static let type = "inbox-message.state"

    package let messageId: InboxMessageID
    package var version: Int
    package let recipientId: PersonID
    package var title: String
    package var body: String
    package let language: NotificationLanguage
    package let aboutEventId: MessageID
    package let aboutType: String
    package let caseId: CaseID?
    package let points: Int?
    package let writtenAt: Timestamp
    package var readAt: Timestamp?
    package var archivedAt: Timestamp?
    package var ended: Bool

    package init(
        messageId: InboxMessageID, version: Int, recipientId: PersonID, title: String, body: String,
        language: NotificationLanguage = .chinese, aboutEventId: MessageID, aboutType: String, caseId: CaseID?,
        points: Int?, writtenAt: Timestamp, readAt: Timestamp?, archivedAt: Timestamp? = nil, ended: Bool = false
    ) {
        self.messageId = messageId
        self.version = version
        self.recipientId = recipientId
        self.title = title
        self.body = body
        self.language = language
        self.aboutEventId = aboutEventId
        self.aboutType = aboutType
        self.caseId = caseId
        self.points = points
        self.writtenAt = writtenAt
        self.readAt = readAt
        self.archivedAt = archivedAt
        self.ended = ended
    }

    package var subject: String { messageId.rawValue }
}
