import Contracts
import NotificationsDomain
import Testing

private func message(
    version: Int = 1, readAt: Timestamp? = nil, archivedAt: Timestamp? = nil
) -> InboxMessageState {
    InboxMessageState(
        messageId: "message-1", version: version, recipientId: "rider-1", title: "已立案", body: "您上报的暴露垃圾已立案。",
        aboutEventId: .named("event"), aboutType: "case.filed", caseId: "case-1", points: nil, writtenAt: .morning,
        readAt: readAt, archivedAt: archivedAt)
}

private func command(by person: PersonID = "rider-1", notAfter: Timestamp? = nil) -> MarkRead {
    MarkRead(messageId: "message-1", actor: Actor(personId: person, roles: ["rider"]), notAfter: notAfter)
}

private func putAway(by person: PersonID = "rider-1") -> ArchiveMessage {
    ArchiveMessage(messageId: "message-1", actor: Actor(personId: person, roles: ["rider"]))
}

private let clock = Timestamp.morning.adding(milliseconds: 60_000)

@Test func `the recipient marks a message as read`() {
    #expect(markRead(command(), message: message(), at: clock) == .changed(message(version: 2, readAt: clock)))
}

@Test func `a message that was read stays read since the first time`() {
    #expect(markRead(command(), message: message(version: 2, readAt: .morning), at: clock) == .doneBefore)
}

@Test func `the recipient puts a message away once, read or not`() {
    let read = message(version: 2, readAt: .morning)

    #expect(
        archive(putAway(), message: read, at: clock)
            == .changed(message(version: 3, readAt: .morning, archivedAt: clock)))
    #expect(archive(putAway(), message: message(archivedAt: .morning), at: clock) == .doneBefore)
    #expect(archive(putAway(by: "rider-2"), message: read, at: clock) == .refused(.notAllowed))
}

@Test func `nobody marks somebody else's message, or none, or too late`() {
    #expect(markRead(command(by: "rider-2"), message: message(), at: clock) == .refused(.notAllowed))
    #expect(markRead(command(), message: nil, at: clock) == .refused(.notFound))
    #expect(markRead(command(notAfter: .morning), message: message(), at: clock) == .refused(.tooLate))
    #expect(
        markRead(command(notAfter: clock), message: message(), at: clock)
            == .changed(message(version: 2, readAt: clock)))
}

@Test func `nothing stands in a message of who was forgotten`() {
    let erased = message(readAt: .morning).erased

    #expect(erased.ended && erased.version == 2 && erased.title.isEmpty && erased.body.isEmpty)
    #expect(erased.messageId == "message-1" && erased.recipientId == "rider-1")
}
