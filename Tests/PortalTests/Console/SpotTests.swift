import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func keepSpots(_ portal: PortalUnderTest) async throws {
    try await portal.putInForce(.town())
    for (id, north) in [("near", 100), ("far", 90_000), ("middle", 9_000)] {
        try await portal.hear(
            CaseState.sample(
                CaseID(id), stage: .handled, reporters: ["rider-1"], unit: CitySample.property, handler: "worker-a",
                openedAt: .minutes(Int64(north)), at: CitySample.townHall.north(north)))
    }
    try await portal.hear(CaseState.sample("to-check", stage: .opened))
}

private func shown(_ page: Answer) -> String? { page.hidden("case") }

@Test func `who stands at the spot sees what is nearest, and goes on to the next`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepSpots(portal)
        let browser = try portal.browser(of: "checker", .verifier, on: client)
        let place = "latitude=\(CitySample.townHall.latitude)&longitude=\(CitySample.townHall.longitude)"

        var seen: [String?] = []
        for skip in 0...2 { seen.append(shown(try await browser.open("/console/verify?\(place)&skip=\(skip)"))) }
        #expect(seen == ["near", "middle", "far"])
        #expect(try await browser.open("/console/verify?\(place)&skip=3").text.contains("已经到最后一件"))
        #expect(shown(try await browser.open("/console/verify?what=check")) == "to-check")
        #expect(try await browser.open("/console/verify?communityId=longjiang").text.contains("没有等待核查"))
        // Nobody verifies their own work, nor what they reported.
        for person in ["worker-a", "rider-1"] {
            let page = try await portal.browser(of: person, .verifier, on: client).open("/console/verify")
            #expect(shown(page) == nil, "\(person)")
        }
    }
}

@Test func `not in order needs a reason, and what was judged makes way for the next`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepSpots(portal)
        let browser = try portal.browser(of: "checker", .verifier, on: client)
        let page = try await browser.open("/console/verify")
        let id = try #require(shown(page))
        var fields = [
            "formToken": try #require(page.hidden("formToken")), "key": "k-1", "action": "verify", "case": id,
            "agrees": "no",
        ]
        let mute = try await browser.send("/console/verify", fields)
        #expect(mute.status == 409 && mute.text.contains("请写明理由。") && shown(mute) == id)

        fields["reason"] = "地上还有"
        async let waiting = browser.send("/console/verify", fields)
        let command = try await portal.command()
        let back = CaseState.sample(CaseID(id), version: 2, stage: .dispatched)
        try await portal.hear(back.step(.verified, by: "checker", agrees: false), back, cause: command.id)
        let answer = try await waiting
        let act = try command.read(ActOnCase.self).data
        #expect(act.action == .verify && act.agrees == false && act.reason == "地上还有")
        #expect(answer.headers[.location] == "/console/verify?what=verify&done=1")
        let next = try await browser.open("/console/verify?what=verify&done=1")
        #expect(next.text.contains("已记录") && shown(next) != id && shown(next) != nil)
    }
}
