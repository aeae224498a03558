import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// One case of each that waits for somebody, each named by what it waits for.
private func keepTown(_ portal: PortalUnderTest) async throws {
    try await portal.putInForce(.town())
    try await portal.hear(
        CaseState.sample("to-file", flagged: nil),
        CaseState.sample(
            "to-dispatch", kind: .request, stage: .filed, saying: "路灯不亮", unit: CitySample.property, flagged: nil),
        CaseState.sample("strange", stage: .dispatched, unit: CitySample.sanitation, handler: "worker-b"),
        CaseState.sample(
            "late", stage: .dispatched, unit: CitySample.property, handler: "worker-a", isOverdue: true,
            deadline: .minutes(-3_000), flagged: nil),
        CaseState.sample(
            "asking", stage: .dispatched, unit: CitySample.property, handler: "worker-c",
            course: CaseCourse { $0.extensionAsked = "2d" }, deadline: .minutes(200), flagged: nil),
        CaseState.sample("to-verify", stage: .handled, unit: CitySample.property, handler: "worker-a", flagged: nil),
        CaseState.sample("done", stage: .closed, unit: CitySample.property, handler: "worker-a", flagged: nil))
}

/// The cases that a page of the queue lists, in order.
private func listed(_ page: Answer) -> [String] {
    page.text.matches(of: /<tr role="row" data-case="([^"]+)"/).map { String($0.1) }
}

@Test(
    arguments: [
        (Role.dispatcher, "file", ["to-file"]), (.dispatcher, "dispatch", ["to-dispatch"]),
        (.dispatcher, "flagged", ["strange"]), (.dispatcher, "extensions", ["asking"]),
        (.dispatcher, "overdue", ["late"]),
        (.worker, "mine", ["late"]), (.worker, "unit", ["late", "asking"]), (.worker, "overdue", ["late"]),
        (.verifier, "check", ["to-file"]), (.verifier, "verify", ["to-verify"]), (.admin, "verify", ["to-verify"]),
        // What is not theirs leads to the first that is.
        (.worker, "file", ["late"]), (.verifier, "mine", ["to-file"]),
    ] as [(Role, String, [String])])
func `each finds in the queue what waits for them`(role: Role, tab: String, expected: [String]) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let page = try await portal.browser(of: "worker-a", role, on: client).open("/console?tab=\(tab)")

        #expect(page.status == 200)
        #expect(listed(page) == expected)
    }
}

@Test func `tabs count what waits, and deadlines are told in words as well as in colours`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let page = try await portal.browser(of: "desk", .dispatcher, on: client).open("/console?tab=all").text

        let counts = page.matches(of: /<span class="count[^"]*">(\d+)<\/span><\/a>/).map { String($0.1) }
        // To file, to dispatch, extensions, flagged, overdue, all.
        #expect(counts == ["1", "1", "1", "1", "1", "7"])
        #expect(page.contains(#"<span class="due" data-tone="late">超时 2 天</span>"#))
        #expect(page.contains(#"<span class="due" data-tone="soon">还剩 3 小时</span>"#))
        #expect(page.contains("申请延期 2 工作日"))
    }
}

@Test func `what is looked for stays in the address, of every link on the page`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let address = "/console?tab=all&communityId=mingdu&kind=request&q=%E8%B7%AF%E7%81%AF"
        let page = try await browser.open(address)

        #expect(listed(page) == ["to-dispatch"])
        let links = page.text.matches(of: /href="(\/console\?[^"]+)"/).map {
            String($0.1).replacing("&amp;", with: "&")
        }
        let others = links.filter { $0.contains("tab=file") }
        #expect(others.count == 1 && others[0].contains("communityId=mingdu") && others[0].contains("kind=request"))
        // The chip of the text leads to the page without it.
        #expect(links.contains("/console?tab=all&communityId=mingdu&kind=request"))
        #expect(page.text.contains("/console/cases.csv?q=%E8%B7%AF%E7%81%AF&amp;communityId=mingdu"))
        let inEnglish = try #require(page.text.firstMatch(of: /href="(\/language\?to=en[^"]+)"/)?.1)
        let switched = try await browser.open(String(inEnglish).replacing("&amp;", with: "&"))
        #expect(switched.headers[.location] == address)
        #expect(try await browser.open("/console?tab=all&stage=weather").status == 400)
    }
}

@Test func `a long queue goes on by a cursor, with nothing lost and nothing twice`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        for number in 0..<120 {
            try await portal.hear(CaseState.sample(CaseID("c-\(number)"), openedAt: .minutes(Int64(-number))))
        }
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        var seen: [String] = []
        var next: String? = "/console?tab=file"
        while let address = next, seen.count < 500 {
            let page = try await browser.open(address)
            seen += listed(page)
            next = page.text.firstMatch(of: /href="([^"]+)" rel="next"/).map {
                String($0.1).replacing("&amp;", with: "&")
            }
        }
        #expect(seen == (0..<120).map { "c-\($0)" })
    }
}

@Test func `a batch is a command for each case, with a key of its own, and tells what came of each`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let other = CaseState.sample("other", stage: .filed, unit: CitySample.property)
        try await portal.hear(other)
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)
        let page = try await browser.open("/console?tab=dispatch")
        let form = "action=dispatch&unitId=mingdu-property&case=to-dispatch&case=other&case=none"
        let token = try #require(page.hidden("formToken"))
        let key = try #require(page.hidden("key"))

        async let waiting = browser.post("/console?tab=dispatch", "\(form)&formToken=\(token)&key=\(key)")
        _ = try await portal.command(2)
        let commands = try await portal.commands()
        for command in commands {
            let act = try command.read(ActOnCase.self).data
            #expect(act.action == .dispatch && act.unitId == CitySample.property && act.actor.personId == "desk")
            if act.caseId == "other" {
                try await portal.hear(
                    CommandRefused(
                        commandId: command.id, commandType: ActOnCase.type, code: "wrong-stage", reason: "已结案 / closed",
                        allowed: []),
                    cause: command.id)
            } else {
                let moved = CaseState.sample("to-dispatch", version: 2, stage: .dispatched, unit: CitySample.property)
                try await portal.hear(moved.step(.dispatched), moved, cause: command.id)
            }
        }
        let answer = try await waiting

        #expect(Set(commands.map(\.id)).count == 2)
        #expect(answer.status == 200)
        #expect(answer.text.contains("MD-to-dispatch</a> 已办理"))
        #expect(answer.text.contains("MD-other</a> 未办理: 已结案") && !answer.text.contains("/ closed"))
        #expect(answer.text.contains("none</a> 没有这个案件"))
        // Sent twice it is done once.
        _ = try await browser.post("/console?tab=dispatch", "\(form)&formToken=\(token)&key=\(key)")
        #expect(try await portal.commands().count == 2)
    }
}

@Test func `who does not file or dispatch has no batch, and cannot send one`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let browser = try portal.browser(of: "worker-a", .worker, on: client)
        let page = try await browser.open("/console?tab=all")
        #expect(!page.text.contains("id=\"batch\""))
        let token = try #require(page.hidden("formToken"))
        let answer = try await browser.post("/console", "action=dispatch&case=to-dispatch&formToken=\(token)&key=k-1")
        #expect(answer.status == 403)
        #expect(try await portal.commands().isEmpty)
    }
}

@Test(arguments: ["/console", "/console/cases/to-file", "/console/verify", "/console/people/rider-1"])
func `the console is for staff`(page: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        #expect(try await portal.browser(of: "rider-1", .rider, on: client).open(page).status == 403)
        #expect(try await Browsing(client).open(page).status == 303)
        let answer = try await portal.browser(of: "boss", .admin, on: client).open(page)
        #expect(answer.status == 200)
        #expect(answer.text.firstMatch(of: /<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=/) == nil)
    }
}
