import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `a message is marked as read by its owner, once`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(InboxMessageState.sample("m-1"))
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/inbox/m-1/read", .null, token: token, key: "k-1")
        let command = try await portal.command()
        try await portal.hear(
            InboxMessageRead(messageId: "m-1", recipientId: "rider-1", at: .minutes(1)),
            InboxMessageState.sample("m-1", version: 2, readAt: .minutes(1)), cause: command.id)
        let answer = try await waiting

        #expect(command.topic == TopicCatalogue.notificationCommands.name)
        #expect(command.key == "rider-1")
        #expect(try command.read(MarkRead.self).data.messageId == "m-1")
        #expect(answer.status == 200)
        #expect(answer.json["message"]?["readAt"] == .string(Timestamp.minutes(1).description))
        #expect(answer.json["case"] == nil)
        #expect(try await client.ask("/v1/me/inbox", token: token).json["unread"] == 0)
    }
}

@Test func `where nothing is to change the answer waits for no state`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(InboxMessageState.sample("m-1", readAt: .minutes(1)))
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/inbox/m-1/read", .null, token: token)
        let command = try await portal.command()
        try await portal.hear(CommandApplied(commandId: command.id, commandType: MarkRead.type), cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200)
        #expect(answer.json["outcome"] == "applied")
        #expect(answer.json["message"]?["messageId"] == "m-1")
        #expect(try await portal.readModel.outcome(of: command.id) == .noted)
        #expect(try await portal.unanswered() == 0)
    }
}

@Test func `nobody marks another's message`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(InboxMessageState.sample("m-1"))
        let other = try await portal.token("rider-2", .rider)

        for uri in ["/v1/me/inbox/m-1/read", "/v1/me/inbox/none/read"] {
            #expect(try await client.send(uri, .null, token: other).status == 404, "\(uri)")
        }
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `what became of a command is its sender's to know`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let desk = try await portal.token("desk", .dispatcher)
        let boss = try await portal.token("boss", .admin)
        _ = try await client.act(["action": "file"], token: desk, key: "k-1")
        let place = "/v1/commands/\(try await portal.command().id)"

        #expect(try await client.ask(place, token: boss).status == 404)
        #expect(try await client.ask(place, token: desk).status == 202)
        #expect(try await client.ask("/v1/commands/\(MessageID.random())", token: desk).status == 404)
        #expect(try await client.ask("/v1/commands/no-id", token: desk).status == 404)
    }
}

@Test func `a command given to another instance is answered here too, once this one has read so far`() async throws {
    try await PortalUnderTest.run { portal, client in
        let id = CommandDoor.commandID(subject: "desk", key: "k-1")
        let desk = try await portal.token("desk", .dispatcher)
        #expect(try await client.ask("/v1/commands/\(id)", token: desk).status == 404)

        let filed = CaseState.sample(version: 2, stage: .filed)
        try await portal.hear(filed, filed.step(.filed), cause: id)

        let answer = try await client.ask("/v1/commands/\(id)", token: desk)
        #expect(answer.status == 200)
        #expect(answer.json["case"]?["stage"] == "filed")
    }
}

@Test func `a command and its key outlive the process`() async throws {
    let folder = try TemporaryFolder()
    try await PortalUnderTest.run(in: folder, patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)
        #expect(try await client.act(["action": "file"], token: token, key: "k-1").status == 202)
    }
    try await PortalUnderTest.run(in: folder, patience: .milliseconds(1)) { portal, client in
        let token = try await portal.token("desk", .dispatcher)

        #expect(try await portal.unanswered() == 1)
        #expect(try await client.act(["action": "file"], token: token, key: "k-1").status == 202)
        #expect(try await portal.commands().count == 1)
        let other = try await client.act(["action": "file", "reason": "属实"], token: token, key: "k-1")
        #expect(other.status == 422)
    }
}

@Test func `how many commands wait, and since when, is measured`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        _ = try await client.act(["action": "file"], token: try await portal.token("desk", .dispatcher))
        let gauges = OutboxGauges(
            readModel: portal.readModel, metricsFactory: portal.metrics, now: { .minutes(2) })

        try await gauges.measure()

        #expect(portal.metrics.text().contains(#"outbox_pending{processor="portal"} 1"#))
        #expect(portal.metrics.text().contains(#"outbox_oldest_seconds{processor="portal"} 120"#))
    }
}
