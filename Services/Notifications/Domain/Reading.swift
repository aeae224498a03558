package import Contracts

/// What becomes of a person's word that they have read a message.
package enum ReadDecision: Sendable, Equatable {
    /// Why it is not taken, in a code for programs and words for people.
    package enum Refusal: String, Sendable, Equatable, CaseIterable {
        case tooLate = "too-late"
        case notFound = "not-found"
        case notAllowed = "not-allowed"

        package var reason: String {
            switch self {
            case .tooLate: "这个请求来得太晚，请再试一次。"
            case .notFound: "没有这条消息。"
            case .notAllowed: "这是别人的消息。"
            }
        }
    }

    case refused(Refusal)
    /// It was read before; the first time stays.
    case readBefore
    case read(InboxMessageState)
}

/// Marks a message as read by its recipient, and by nobody else.
package func markRead(_ command: MarkRead, message: InboxMessageState?, at clock: Timestamp) -> ReadDecision {
    if let notAfter = command.notAfter, clock > notAfter { return .refused(.tooLate) }
    guard let message else { return .refused(.notFound) }
    guard message.recipientId == command.actor.personId else { return .refused(.notAllowed) }
    guard message.readAt == nil else { return .readBefore }
    return .read(
        InboxMessageState(
            messageId: message.messageId, version: message.version + 1, recipientId: message.recipientId,
            title: message.title, body: message.body, aboutEventId: message.aboutEventId,
            aboutType: message.aboutType, caseId: message.caseId, points: message.points,
            writtenAt: message.writtenAt, readAt: clock, ended: message.ended))
}
