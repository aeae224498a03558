import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `what was put away leaves the list and the count, and can be seen when asked for`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            InboxMessageState.sample("m-1", writtenAt: .minutes(1)),
            InboxMessageState.sample("m-2", writtenAt: .minutes(2)))
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/inbox/m-1/archive", .null, token: token, key: "k-1")
        let command = try await portal.command()
        var away = InboxMessageState.sample("m-1", version: 2, writtenAt: .minutes(1))
        away.archivedAt = .minutes(3)
        try await portal.hear(
            InboxMessageArchived(messageId: "m-1", recipientId: "rider-1", at: .minutes(3)), away, cause: command.id)
        let answer = try await waiting

        #expect(try command.read(ArchiveMessage.self).data.messageId == "m-1")
        #expect(command.key == "rider-1" && answer.status == 200)
        #expect(answer.json["message"]?["archivedAt"] == .string(Timestamp.minutes(3).description))
        let list = try await client.ask("/v1/me/inbox", token: token)
        #expect(list.items("messageId") == ["m-2"] && list.json["unread"] == 1)
        #expect(try await client.ask("/v1/me/inbox?archived=true", token: token).items("messageId") == ["m-1"])
        #expect(try await client.ask("/v1/me/inbox/unread", token: token).json == ["unread": 1])
        let other = try await portal.token("rider-2", .rider)
        #expect(try await client.send("/v1/me/inbox/m-2/archive", .null, token: other).status == 404)
        #expect(try await portal.commands().count == 1)
    }
}

@Test func `a message that was erased is nowhere any more`() async throws {
    try await PortalUnderTest.run { portal, client in
        var erased = InboxMessageState.sample("m-1", version: 2)
        erased.title = ""
        erased.body = ""
        erased.ended = true
        try await portal.hear(InboxMessageState.sample("m-1"), erased)
        let token = try await portal.token("rider-1", .rider)

        for uri in ["/v1/me/inbox", "/v1/me/inbox?archived=true"] {
            let list = try await client.ask(uri, token: token)
            #expect(list.items("messageId") == [] && list.json["unread"] == 0, "\(uri)")
        }
        #expect(try await client.send("/v1/me/inbox/m-1/read", .null, token: token).status == 404)
    }
}

@Test func `an inbox is followed live: what is unread and the newest message, when one of both changes`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await portal.hear(InboxMessageState.sample("m-1", writtenAt: .minutes(1)))
        var feed = InboxFeed(
            readModel: portal.readModel, bell: portal.core.news.inboxBell, names: ["rider-1"], gathering: .zero
        ).makeAsyncIterator()
        func told() async throws -> JSONValue {
            let event = try #require(try await feed.next())
            #expect(event.event == "inbox")
            return try JSONValue(text: event.data)
        }

        let first = try await told()
        #expect(first["unread"] == 1 && first["newest"]?["messageId"] == "m-1")
        try await portal.hear(InboxMessageState.sample("m-9", to: "rider-2", writtenAt: .minutes(9)))
        try await portal.hear(InboxMessageState.sample("m-2", writtenAt: .minutes(2)))
        let second = try await told()
        #expect(second["unread"] == 2 && second["newest"]?["messageId"] == "m-2")
        try await portal.hear(
            InboxMessageState.sample("m-1", version: 2, writtenAt: .minutes(1), readAt: .minutes(3)))
        #expect(try await told()["unread"] == 1)
    }
}

@Test func `a reader of the live inbox needs to be signed in, and staff alone sees the rate`() async throws {
    try await PortalUnderTest.run { portal, client in
        #expect(try await client.ask("/v1/me/inbox/live").status == 401)
        #expect(try await client.ask("/v1/me/inbox/unread").status == 401)
        let rider = try await portal.token("rider-1", .rider)
        #expect(try await client.ask("/v1/inbox/outcomes-seen", token: rider).status == 403)
    }
}

@Test func `whether reporters have seen the outcome is a rate of those who were told in time`() async throws {
    try await PortalUnderTest.run { portal, client in
        func told(
            _ id: InboxMessageID, _ person: PersonID, caseId: CaseID, about: String = "case.closed",
            at moment: Timestamp = .minutes(-60), read: Timestamp? = nil
        ) -> InboxMessageState {
            InboxMessageState(
                messageId: id, version: 1, recipientId: person, title: "已结案", body: "已结案",
                aboutEventId: MessageID(namespace: .suishoupai, name: "\(id)"), aboutType: about, caseId: caseId,
                points: nil, writtenAt: moment, readAt: read)
        }
        try await portal.hear(
            CaseState.sample(stage: .closed, reporters: ["rider-1", "rider-2", "rider-3"]),
            told("m-1", "rider-1", caseId: "case-1", read: .minutes(-5)),
            told("m-2", "rider-2", caseId: "case-1"), told("m-3", "rider-3", caseId: "case-1", read: .minutes(-5)),
            // Nobody who reported, another event, too long ago.
            told("m-4", "worker-1", caseId: "case-1", read: .minutes(-5)),
            told("m-5", "rider-1", caseId: "case-1", about: "case.filed", read: .minutes(-5)),
            told("m-6", "rider-2", caseId: "case-1", at: .minutes(-8 * 1_440), read: .minutes(-5)))
        let desk = try await portal.token("desk", .dispatcher)

        let week = try await client.ask("/v1/inbox/outcomes-seen?days=7", token: desk).json
        #expect(week["told"] == 3 && week["seen"] == 2 && week["perThousand"] == 666)
        let month = try await client.ask("/v1/inbox/outcomes-seen", token: desk).json
        #expect(month["told"] == 4 && month["seen"] == 3)
        let elsewhere = try await client.ask("/v1/inbox/outcomes-seen?community=nowhere", token: desk).json
        #expect(elsewhere["told"] == 0 && elsewhere["perThousand"] == nil)
        #expect(try await client.ask("/v1/inbox/outcomes-seen?days=0", token: desk).wrongFields == ["days"])
    }
}
