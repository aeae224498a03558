import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let filing: JSONValue = ["action": "file"]

@Test func `a command is answered with its steps and the case after it`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.act(filing, token: token, key: "k-1")
        let command = try await portal.command()
        let filed = CaseState.sample(version: 2, stage: .filed)
        try await portal.hear(filed.step(.filed), filed, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200)
        #expect(answer.json["outcome"] == "applied")
        #expect(answer.json["commandId"] == .string(command.id.description))
        #expect(answer.json["events"]?.array?.map { $0["type"] } == ["case.filed"])
        #expect(answer.json["case"]?["stage"] == "filed")
        #expect(answer.json["case"]?["version"] == 2)
        #expect(portal.nudges.value == 1)
        #expect(try await portal.unanswered() == 0)
        #expect(portal.metrics.text().contains(#"commands_total{action="file",outcome="applied"} 1"#))
    }
}

@Test(arguments: [
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true), ("weather", false),
    ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
])
func `a command carries the trace of its request on, where that is one`(header: String, counts: Bool) async throws {
    try await PortalUnderTest.run(patience: .zero) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)
        _ = try await client.execute(
            uri: "/v1/cases/case-1/actions", method: .post,
            headers: [
                .authorization: "Bearer \(token)", .contentType: "application/json", .idempotencyKey: "k-1",
                .traceParent: header,
            ], body: ByteBuffer(bytes: filing.bytes())
        ) { $0.status }

        let command = try MessageAttributes(value: try await portal.command().value)
        #expect(command.traceParent == (counts ? header : nil))
        #expect(command.request == "POST /v1/cases/{id}/actions", "the template, and no case's id")
    }
}

@Test func `the answer waits for the state, and then tells every step of the command`() async throws {
    try await PortalUnderTest.run { portal, client in
        let handled = CaseState.sample(stage: .handled)
        try await portal.hear(handled)
        let token = try await portal.token("checker", .verifier)

        async let waiting = client.act(["action": "verify", "agrees": true], token: token)
        let command = try await portal.command()
        try await portal.hear(handled.step(.verified, agrees: true), cause: command.id)
        let closed = CaseState.sample(version: 2, stage: .closed, closedAt: .minutes(0))
        try await portal.hear(closed.step(.closed), closed, cause: command.id)
        let answer = try await waiting

        #expect(answer.json["events"]?.array?.map { $0["type"] } == ["case.verified", "case.closed"])
        #expect(answer.json["case"]?["stage"] == "closed")
    }
}

@Test func `a refusal is told in the owner's words, with what is allowed instead`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.act(filing, token: token, key: "k-1")
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: ActOnCase.type, code: "wrong-stage", reason: "案件已结案，不能立案。",
                allowed: ["reopen"]), cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 409)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer.json["detail"] == "案件已结案，不能立案。")
        #expect(answer.json["code"] == "wrong-stage")
        #expect(answer.json["allowed"] == ["reopen"])
        #expect(answer.json["commandId"] == .string(command.id.description))
        #expect(try await portal.unanswered() == 0)
        #expect(try await client.act(filing, token: token, key: "k-1").json["code"] == "wrong-stage")
        #expect(try await portal.commands().count == 1)
    }
}

@Test func `what its owner could not process is said so, without why`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.act(filing, token: token)
        let command = try await portal.command()
        try await portal.hear(
            CommandFailed(commandId: command.id, commandType: ActOnCase.type, reason: "UNIQUE failed"),
            cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 500)
        #expect(answer.json["commandId"] == .string(command.id.description))
        #expect(!answer.text.contains("UNIQUE"))
        #expect(try await portal.unanswered() == 0)
    }
}

@Test func `with no outcome in time there is a place to ask, and the command is kept until it is answered`()
    async throws
{
    try await PortalUnderTest.run(patience: .milliseconds(20)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        let answer = try await client.act(filing, token: token, key: "k-1")

        let command = try await portal.command()
        let place = "/v1/commands/\(command.id)"
        #expect(answer.status == 202)
        #expect(answer.json["outcome"] == "pending")
        #expect(answer.headers[.location] == place)
        #expect(answer.headers[.retryAfter] == "2")
        #expect(try await client.ask(place, token: token).status == 202)
        #expect(try await portal.unanswered() == 1)

        let filed = CaseState.sample(version: 2, stage: .filed)
        try await portal.hear(filed, filed.step(.filed), cause: command.id)
        let later = try await client.ask(place, token: token)
        #expect(later.status == 200)
        #expect(later.json["outcome"] == "applied")
        #expect(later.json["case"]?["stage"] == "filed")
        #expect(try await portal.unanswered() == 0)
    }
}

@Test func `the same key and body are one command and have one answer`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        async let first = client.act(["action": "file", "reason": "属实"], token: token, key: "k-1")
        async let beside = client.act(["reason": "属实", "action": "file"], token: token, key: "\"k-1\"")
        let command = try await portal.command()
        try await eventually("both wait") { portal.nudges.value == 2 }
        let filed = CaseState.sample(version: 2, stage: .filed)
        try await portal.hear(filed, filed.step(.filed), cause: command.id)
        let answers = try await [
            first, beside, client.act(["action": "file", "reason": "属实"], token: token, key: "k-1"),
        ]

        #expect(answers.map(\.status) == [200, 200, 200])
        #expect(answers.allSatisfy { $0.json == answers[0].json })
        #expect(try await portal.commands().count == 1)
    }
}

@Test func `the same key for something else is refused, and the first command stands`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(
            CaseState.sample(), CaseState.sample("case-2"), InboxMessageState.sample("m-1", to: "desk"))
        let token = try await portal.token("desk", .dispatcher)
        #expect(try await client.act(filing, token: token, key: "k-1").status == 202)

        let others = [
            try await client.act(["action": "file", "reason": "属实"], token: token, key: "k-1"),
            try await client.act(filing, on: "case-2", token: token, key: "k-1"),
            try await client.send("/v1/me/inbox/m-1/read", .null, token: token, key: "k-1"),
        ]

        for other in others {
            #expect(other.status == 422)
            #expect(other.wrongFields == ["Idempotency-Key"])
        }
        #expect(try await portal.commands().count == 1)
        #expect(try await portal.command().read(ActOnCase.self).data.caseId == "case-1")
    }
}

@Test func `a key is its sender's own`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())

        for subject in ["desk", "desk-2"] {
            let token = try await portal.token(subject, .dispatcher)
            #expect(try await client.act(["action": "file"], token: token, key: "k-1").status == 202)
        }

        #expect(Set(try await portal.commands().map(\.id)).count == 2)
    }
}

@Test func `without a key every request is a command of its own, and a wrong key is named`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)

        for _ in 1...2 { #expect(try await client.act(filing, token: token).status == 202) }
        let wrong = try await client.act(filing, token: token, key: "two words")

        #expect(wrong.status == 400)
        #expect(wrong.wrongFields == ["Idempotency-Key"])
        #expect(Set(try await portal.commands().map(\.id)).count == 2)
    }
}
