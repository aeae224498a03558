package import Contracts

/// What becomes of a person's word about a message of their inbox.
package enum InboxDecision: Sendable, Equatable {
    case refused(NotificationRefusal)
    /// It was done before; the first time stays.
    case doneBefore
    case changed(InboxMessageState)
}

/// Marks a message as read by its recipient, and by nobody else.
package func markRead(_ command: MarkRead, message: InboxMessageState?, at clock: Timestamp) -> InboxDecision {
    change(message, by: command.actor, notAfter: command.notAfter, at: clock, when: \.readAt)
}

/// Puts a message away for its recipient, and for nobody else.
package func archive(_ command: ArchiveMessage, message: InboxMessageState?, at clock: Timestamp) -> InboxDecision {
    change(message, by: command.actor, notAfter: command.notAfter, at: clock, when: \.archivedAt)
}

private func change(
    _ message: InboxMessageState?, by actor: Actor, notAfter: Timestamp?, at clock: Timestamp,
    when: WritableKeyPath<InboxMessageState, Timestamp?>
) -> InboxDecision {
    if let notAfter, clock > notAfter { return .refused(.tooLate) }
    guard var message else { return .refused(.notFound) }
    guard message.recipientId == actor.personId else { return .refused(.notAllowed) }
    guard message[keyPath: when] == nil else { return .doneBefore }
    message[keyPath: when] = clock
    message.version += 1
    return .changed(message)
}

extension InboxMessageState {
    /// What is left of a message of a person who was forgotten: nothing but that it was there.
    package var erased: InboxMessageState {
        var message = self
        message.version += 1
        message.title = ""
        message.body = ""
        message.ended = true
        return message
    }
}
