import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func handled(by handler: PersonID = "worker-a", stage: CaseStage = .dispatched) -> CaseState {
    CaseState.sample(
        stage: stage, reporters: ["rider-1", "conf-7"], unit: CitySample.property, handler: handler,
        voiceNotes: [CitySample.voice(7)], deadline: .minutes(30), flagged: nil)
}

/// The actions that a page offers.
private func offered(_ page: Answer) -> Set<String> {
    Set(page.text.matches(of: /id="act-([a-z-]+)"/).map { String($0.1) })
}

@Test func `a page offers what role, unit and stage allow, and nothing else`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(handled())
        func actions(_ subject: String, _ role: Role) async throws -> Set<String> {
            offered(try await portal.browser(of: subject, role, on: client).open("/console/cases/case-1"))
        }
        let own: Set = ["handle", "return", "accept", "ask-extension", "ask-reporter"]

        #expect(try await actions("worker-a", .worker) == own)
        // A worker of another unit, by the pack's word.
        #expect(try await actions("worker-z", .worker).isEmpty)
        #expect(try await actions("checker", .verifier).isEmpty)
        let desk = try await actions("desk", .dispatcher)
        #expect(
            desk.isSuperset(of: ["dispatch", "refuse", "transfer", "reclassify", "park", "cancel", "merge", "adopt"]))
        #expect(desk.isDisjoint(with: ["handle", "verify", "file", "rate", "keep-apart", "check-in", "co-handle"]))
    }
}

@Test func `nobody is offered to verify their own work`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let state = handled(stage: .handled)
        try await portal.hear(state, state.step(.handled, by: "helper", reason: "清运了"))
        for (person, expected) in [("worker-a", false), ("helper", false), ("rider-1", false), ("checker", true)] {
            let page = try await portal.browser(of: person, .verifier, on: client).open("/console/cases/case-1")
            #expect(offered(page).contains("verify") == expected, "\(person)")
        }
    }
}

@Test func `who reported is on the page for a dispatcher alone`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let state = handled()
        try await portal.hear(state, state.opening, state.step(.informationGiven, by: "conf-7", reason: "在东门"))
        for (role, knows) in [(Role.dispatcher, true), (.admin, true), (.worker, false), (.verifier, false)] {
            let page = try await portal.browser(of: "somebody", role, on: client).open("/console/cases/case-1").text
            #expect(page.contains("conf-7") == knows && page.contains("rider-1") == knows, "\(role)")
            // A voice tells who speaks.
            #expect(page.contains("src=\"/v1/voice-notes/\(CitySample.voice(7).id)\"") == knows, "\(role)")
            #expect(page.contains("在东门") && page.contains("楼下一堆垃圾"), "\(role)")
        }
    }
}

@Test func `a form becomes the command that its owner is given, and the page says that it was done`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(handled())
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let page = try await browser.open("/console/cases/case-1")
        let fields = [
            "action": "park", "reason": "等雨季过后，电话 13812345678", "until": "2026-12-01T09:30",
            "formToken": try #require(page.hidden("formToken")), "key": "k-1",
        ]

        async let waiting = browser.send("/console/cases/case-1", fields)
        let command = try await portal.command()
        let parked = CaseState.sample(version: 2, stage: .parked, unit: CitySample.property, handler: "worker-a")
        try await portal.hear(parked.step(.parked), parked, cause: command.id)
        let answer = try await waiting

        let act = try command.read(ActOnCase.self).data
        #expect(act.action == .park && act.actor.personId == "desk")
        #expect(act.details?.until == CitySample.moment("2026-12-01T09:30:00.000+08:00"))
        #expect(act.reason?.contains("13812345678") == false)
        #expect(answer.status == 303 && answer.headers[.location] == "/console/cases/case-1?done=1")
        #expect(try await browser.open("/console/cases/case-1?done=1").text.contains("已办理。"))
    }
}

@Test func `what is wrong or refused is said at the form, in words, with what was written kept`() async throws {
    try await PortalUnderTest.run(patience: .seconds(20)) { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(handled())
        let browser = try portal.browser(of: "worker-a", .worker, on: client)
        let page = try await browser.open("/console/cases/case-1")
        let token = try #require(page.hidden("formToken"))
        func send(_ fields: [String: String], _ key: String) async throws -> Answer {
            try await browser.send(
                "/console/cases/case-1", fields.merging(["formToken": token, "key": key]) { $1 })
        }

        let missing = try await send(["action": "handle"], "k-1")
        #expect(missing.status == 409 && missing.text.contains("请写明理由。"))
        #expect(try await send(["action": "weather"], "k-2").text.contains("请求有误"))
        #expect(try await send(["action": "verify", "agrees": "yes"], "k-3").status == 403)
        #expect(try await portal.commands().isEmpty)

        async let waiting = send(["action": "handle", "reason": "清运了三车"], "k-4")
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: ActOnCase.type, code: "details-needed",
                reason: "请附处置后的照片。 / Add photos.", allowed: ["handle"]), cause: command.id)
        let refused = try await waiting
        #expect(refused.status == 409 && refused.text.contains("请附处置后的照片。") && !refused.text.contains("Add photos."))
        #expect(refused.text.contains("清运了三车</textarea>"))
    }
}

@Test func `the owner's silence is said, too`() async throws {
    try await PortalUnderTest.run(patience: .zero) { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(CaseState.sample())
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let token = try #require(try await browser.open("/console/cases/case-1").hidden("formToken"))
        let answer = try await browser.send(
            "/console/cases/case-1", ["action": "file", "formToken": token, "key": "k-1"])
        #expect(answer.headers[.location] == "/console/cases/case-1?pending=1")
        #expect(try await browser.open("/console/cases/case-1?pending=1").text.contains("正在处理"))
    }
}

@Test func `cases that may be the same stand there with what speaks for it, and can be merged or kept apart`()
    async throws
{
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let match = CaseMatch(score: 870, reasons: ["距离 8 米 +460 / 8 m apart +460"])
        try await portal.hear(
            CaseState.sample(course: CaseCourse { $0.proposedSame = [.init(caseId: "twin", match: match)] }),
            CaseState.sample("twin", saying: "一样的垃圾"), CaseState.sample("far", saying: "别处的事"))
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let page = try await browser.open("/console/cases/case-1")

        #expect(page.text.contains("87 %") && page.text.contains("距离 8 米 +460") && !page.text.contains("8 m apart"))
        #expect(offered(page).isSuperset(of: ["merge", "keep-apart"]))
        // Looked for by words.
        let found = try await browser.open("/console/cases/case-1?find=%E5%88%AB%E5%A4%84").text
        #expect(found.contains("name=\"otherCaseId\" value=\"far\""))
        let token = try #require(page.hidden("formToken"))
        async let waiting = browser.send(
            "/console/cases/case-1",
            ["action": "merge", "otherCaseId": "twin", "reason": "同一堆", "formToken": token, "key": "k-1"])
        let command = try await portal.command()
        let merged = CaseState.sample(version: 2, stage: .merged)
        try await portal.hear(merged.step(.merged), merged, cause: command.id)
        _ = try await waiting
        #expect(try command.read(ActOnCase.self).data.details?.otherCaseId == "twin")
    }
}

@Test func `where nothing can be merged with, the form says so and has no button`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(CaseState.sample())
        let page = try await portal.browser(of: "desk", .dispatcher, on: client).open("/console/cases/case-1")

        let form = try #require(page.text.firstMatch(of: /id="act-merge"[\s\S]*?<\/form>/)?.0)
        #expect(form.contains("附近没有同类的未结案件") && !form.contains("<button"))
    }
}

@Test func `the page says whether the log is whole`() async throws {
    try await PortalUnderTest.run { portal, client in
        let state = CaseState.sample()
        let link = try CaseLink(state.opening, after: nil, at: .minutes(1))
        try await portal.hear(state)
        try await portal.hear(CaseLogEntry(state.opening, chain: link), at: .minutes(1))
        let browser = try portal.browser(of: "worker-a", .worker, on: client)
        #expect(try await browser.open("/console/cases/case-1").text.contains("过程记录完整：共 1 步"))

        try await portal.hear(state.step(.filed), at: .minutes(2))
        let broken = try await browser.open("/console/cases/case-1").text
        #expect(broken.contains("过程记录有断点") && !broken.contains("过程记录完整"))
    }
}
