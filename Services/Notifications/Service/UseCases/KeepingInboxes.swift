import Contracts
import EventProcessing
import NotificationsDomain

/// The inboxes: what is written there, read, and put away.
struct KeepingInboxes {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func write(_ message: InboxMessageState) throws {
        try say(
            InboxMessageWritten(
                messageId: message.messageId, recipientId: message.recipientId, aboutEventId: message.aboutEventId,
                aboutType: message.aboutType), message)
    }

    func markRead(_ command: Command) throws -> Disposition {
        let wish = try command.read(MarkRead.self).data
        let message = try InboxMessageRow.find(wish.messageId, in: transaction.database)
        switch NotificationsDomain.markRead(wish, message: message, at: transaction.clock) {
        case .refused(let refusal): return refusal.disposition(transaction.rules)
        case .doneBefore: return .applied
        case .changed(let message):
            try say(
                InboxMessageRead(
                    messageId: message.messageId, recipientId: message.recipientId, at: transaction.clock), message)
            return .applied
        }
    }

    func archive(_ command: Command) throws -> Disposition {
        let wish = try command.read(ArchiveMessage.self).data
        let message = try InboxMessageRow.find(wish.messageId, in: transaction.database)
        switch NotificationsDomain.archive(wish, message: message, at: transaction.clock) {
        case .refused(let refusal): return refusal.disposition(transaction.rules)
        case .doneBefore: return .applied
        case .changed(let message):
            try say(
                InboxMessageArchived(
                    messageId: message.messageId, recipientId: message.recipientId, at: transaction.clock), message)
            return .applied
        }
    }

    /// Empties the inbox of a person who is forgotten.
    func forget(_ person: PersonID) throws {
        for message in try InboxMessageRow.all(of: person, in: transaction.database) {
            try publish(message.erased)
        }
        try InboxMessageRow.deleteAll(of: person, in: transaction.database)
    }

    private func say(_ event: some Payload, _ message: InboxMessageState) throws {
        try InboxMessageRow.save(message, in: transaction.database)
        try transaction.emit(event, to: TopicCatalogue.notificationEvents, key: message.recipientId.rawValue)
        try publish(message)
    }

    private func publish(_ message: InboxMessageState) throws {
        try transaction.emit(message, to: TopicCatalogue.inboxes, key: message.messageId.rawValue)
    }
}
