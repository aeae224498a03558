import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `administration says which pack is in force, since when, and what is in it`() async throws {
    try await PortalUnderTest.run { portal, client in
        let boss = try portal.browser(of: "boss", .admin, on: client)
        #expect(try await boss.open("/console/admin").text.contains("suishoupai pack apply"))
        try await portal.putInForce(.town())
        let page = try await boss.open("/console/admin").text
        let (_, activation) = try PackTransport.messages(for: .town())
        #expect(page.contains(activation.packHash) && page.contains("2026-11-23 12:00"))
        #expect(page.contains("1 个社区，1 个责任单位，1 人，1 个类别"))
        let people = try await boss.open("/console/admin/people?role=worker").text
        #expect(people.contains("worker-a") && people.contains("名都物业"))
        #expect(try await boss.open("/console/admin/people?role=verifier").text.contains("没有此角色"))
    }
}

@Test func `keys are shown by name, endpoints by host, and never what is secret of them`() async throws {
    try await PortalUnderTest.run { portal, client in
        let hash = String(repeating: "ab", count: 32)
        try await portal.hear(
            PlatformKeyRevoked(keyId: "old", from: .minutes(-60)),
            PlatformKeyGranted(keyId: "old", platform: "meituan", hash: hash, perMinute: nil),
            PlatformKeyGranted(keyId: "new", platform: "meituan", hash: hash, perMinute: 90))
        func endpoint(_ version: Int, because reason: String?) -> EndpointState {
            EndpointState(
                endpointId: "city-hall", version: version,
                address: EndpointAddress(url: "https://hook.example/very-secret"), channel: .webhook,
                events: ["case.closed"], communities: [], disabledReason: reason,
                disabledAt: reason.map { _ in .minutes(0) })
        }
        try await portal.hear(endpoint(2, because: "410 gone"), endpoint(1, because: nil))
        let page = try await portal.browser(of: "boss", .admin, on: client).open("/console/admin").text
        #expect(page.contains("已收回，自 2026-11-23 11:00") && page.contains(">90<"))
        #expect(page.contains("hook.example") && page.contains("410 gone") && page.contains("已停用"))
        #expect(!page.contains("very-secret") && !page.contains(hash))
    }
}

@Test func `what could not be processed is listed, with the command that can do more`() async throws {
    try await PortalUnderTest.run { portal, client in
        let boss = try portal.browser(of: "boss", .admin, on: client)
        #expect(try await boss.open("/console/admin").text.contains("没有失败的命令"))
        let command = MessageID.random()
        try await portal.hear(
            CommandFailed(commandId: command, commandType: ActOnCase.type, reason: "no such <field>"), cause: command)
        try await portal.readModel.write { db in
            try db.execute(
                sql: "INSERT INTO projectionFailure VALUES ('portal', 'cases.v1', 2, 'log', 17, 'cannot be read')")
        }
        let page = try await boss.open("/console/admin").text
        #expect(page.contains(command.description) && page.contains("no such &lt;field&gt;"))
        #expect(page.contains("suishoupai dead-letters retry STORE#NUMBER") && page.contains("cases.v1/2 #17"))
    }
}

@Test func `commands that nobody takes are told of as waiting, and for how long`() async throws {
    try await PortalUnderTest.run(clock: { PortalUnderTest.today.addingTimeInterval(90) }) { portal, client in
        try await portal.readModel.write { [portal] db in
            try portal.readModel.outbox.append(
                id: .random(), topic: TopicCatalogue.caseCommands, key: "mingdu", value: Data(), at: .minutes(0), in: db
            )
        }
        portal.progress.read(to: 42)
        let page = try await portal.browser(of: "boss", .admin, on: client).open("/console/admin").text
        #expect(page.contains("最早的已等 90 秒") && page.contains("data-tone=\"bad\">最早"))
        #expect(page.contains("cases.v1") && page.contains("<td>42</td>"))
    }
}
