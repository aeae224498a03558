import Contracts
import Foundation
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func keepPerson(_ portal: PortalUnderTest) async throws {
    try await portal.putInForce(.town())
    try await portal.hear(
        CaseState.sample(saying: "楼下一堆垃圾", reporters: ["rider-1"]), PointsMoved.sample(.awarded, 1, points: 12),
        AccountState.sample(.available, 12))
}

@Test func `who looks at a person says why first, and the look is kept before anything is shown`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepPerson(portal)
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)

        let door = try await browser.open("/console/people/rider-1")
        #expect(door.status == 200 && !door.text.contains("楼下一堆垃圾"))
        let token = try #require(door.hidden("formToken"))
        let mute = try await browser.send("/console/people/rider-1", ["formToken": token, "key": "k-0", "reason": " "])
        #expect(mute.status == 422 && !mute.text.contains("楼下一堆垃圾"))
        #expect(try await portal.count("personLook") == 0)

        let fields = ["formToken": token, "key": "k-1", "reason": "核对重复上报 13812345678"]
        let shown = try await browser.send("/console/people/rider-1", fields)
        #expect(shown.text.contains("楼下一堆垃圾") && shown.text.contains("规则「立案」") && shown.text.contains("核对重复上报"))
        // The same form once more is the same look.
        _ = try await browser.send("/console/people/rider-1", fields)
        let command = try await portal.command()
        let looks = try await portal.commands()
        let look = try command.read(PersonLookedUp.self)
        #expect(looks.count == 1 && command.topic == "access-log.v1" && command.key == "rider-1")
        #expect(look.data.personId == "rider-1" && look.data.actor.personId == "desk")
        #expect(look.data.actor.roles == ["dispatcher"] && look.data.at == PortalUnderTest.noon)
        #expect(look.data.reason.hasPrefix("核对重复上报") && !look.data.reason.contains("13812345678"))
    }
}

@Test(arguments: [Role.worker, .verifier, .rider, .station])
func `handlers and verifiers look at nobody`(role: Role) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepPerson(portal)
        let browser = try portal.browser(of: "worker-a", role, on: client)
        #expect(try await browser.open("/console/people/rider-1").status == 403)
        let token = portal.front.sessions.formToken(
            of: try #require(try browser.session(portal)))
        let answer = try await browser.send(
            "/console/people/rider-1", ["formToken": token, "key": "k-1", "reason": "只是看看"])
        #expect(answer.status == 403 && !answer.text.contains("楼下一堆垃圾"))
        #expect(try await portal.count("personLook") == 0)
    }
}

@Test func `a look is on the log once it is read back, is known at every instance, and tells the person`() async throws
{
    try await PortalUnderTest.run { portal, client in
        try await keepPerson(portal)
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let token = try #require(try await browser.open("/console/people/rider-1").hidden("formToken"))
        _ = try await browser.send("/console/people/rider-1", ["formToken": token, "key": "k-1", "reason": "核对重复上报"])
        #expect(try await portal.unanswered() == 1)
        let command = try await portal.command()
        try await portal.hear([.of(command.value, from: TopicCatalogue.accessLog)])
        #expect(try await portal.unanswered() == 0)
        // One that another instance noted.
        let other = PersonLookedUp(
            personId: "rider-1", actor: Actor(personId: "boss", roles: ["admin"]), reason: "投诉核查", at: .minutes(9))
        try await portal.hear(other)

        let mine = try await portal.browser(of: "rider-1", .rider, on: client).open("/me").text
        #expect(mine.contains("工作人员查看您的资料： 2") || mine.contains("工作人员查看您的资料：2"))
        #expect(mine.contains("核对重复上报") && mine.contains("desk") && mine.contains("投诉核查"))
        let export = try await client.ask("/v1/me/export", token: try await portal.token("rider-1", .rider)).json
        #expect(export["looks"]?.array?.map { $0["actorId"]?.string } == ["boss", "desk"])
        let others = try await portal.browser(of: "rider-2", .rider, on: client).open("/me").text
        #expect(!others.contains("核对重复上报"))
    }
}
