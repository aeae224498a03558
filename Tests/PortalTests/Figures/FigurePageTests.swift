import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let inEnglish = "en"

extension PortalUnderTest {
    /// So many closed cases of a unit, of whose reporters so many were satisfied.
    fileprivate func close(_ count: Int, satisfied: Int, of unit: UnitID) async throws {
        for number in 0..<count {
            let state = CaseState.sample(
                CaseID("case-\(unit)-\(number)"), version: 5, stage: .closed, unit: unit, closedAt: .minutes(5))
            try await hear(state)
            try await hear(state.step(.dispatched), at: .minutes(-30))
            try await hear(state.step(.accepted), at: .minutes(-20))
            try await hear(state.step(.closed), at: .minutes(-10))
            let answer = CaseEvent.changed(
                CaseChanged(
                    step: .rated, case: state.reference, at: .minutes(0), actorId: "rider-1",
                    details: StepDetails {
                        $0.solved = true
                        $0.satisfied = number < satisfied
                    }))
            try await hear(answer, at: .minutes(0))
        }
    }
}

@Test func `rates stand with their samples, and too small a sample is said to be one`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(CitySample.pack())
        try await portal.close(12, satisfied: 9, of: CitySample.property)
        try await portal.close(3, satisfied: 3, of: CitySample.sanitation)
        let desk = try portal.browser(of: "desk", .dispatcher, on: client)
        desk.setCookie(Language.cookieName, inEnglish)

        let all = try await desk.open("/console/figures").text
        #expect(all.contains("80.0%") && all.contains("12 of 15"), "three quarters of one and all of the other")
        let property = try await desk.open("/console/figures?unit=mingdu-property&period=7").text
        #expect(property.contains("75.0%") && property.contains("9 of 12"))
        let sanitation = try await desk.open("/console/figures?unit=sanitation&period=2026-11").text
        #expect(sanitation.contains("too few (3)") && !sanitation.contains("value\">100.0%"))
        // Ranked stands above what is not.
        let ranked = try #require(all.range(of: "unit=mingdu-property"))
        let small = try #require(all.range(of: "unit=sanitation"))
        #expect(ranked.lowerBound < small.lowerBound)
    }
}

@Test func `a day before anything happened says so, and a wrong period names the field`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(CitySample.pack())
        let desk = try portal.browser(of: "desk", .verifier, on: client)
        #expect(try await desk.open("/console/figures?period=2026-01").text.contains("没有上报"))
        for query in ["period=8", "period=2026-13", "community=nowhere", "unit=nobody"] {
            let answer = try await desk.open("/console/figures?\(query)", [.accept: "application/json"])
            #expect(answer.status == 400 && answer.wrongFields == [String(query.prefix { $0 != "=" })], "\(query)")
        }
    }
}

private let pages = [
    "/console/figures", "/console/campaigns", "/console/campaigns/campaign-1", "/console/station",
    "/console/station/mingdu-station", "/console/admin", "/console/admin/people",
]

@Test func `each part of the console is for its roles alone`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(CampaignState.sample("campaign-1"))
        let allowed: [Role: Set<String>] = [
            .rider: [], .resident: [], .platform: [], .worker: Set(pages.prefix(3)), .verifier: Set(pages.prefix(3)),
            .dispatcher: Set(pages.prefix(3)), .station: ["/console/station", "/console/station/mingdu-station"],
            .admin: Set(pages),
        ]
        for (role, open) in allowed {
            let browser = try portal.browser(of: "station-1", role, on: client)
            for page in pages {
                let answer = try await browser.open(page)
                let wanted = open.contains(page) ? [200, 303] : [403]
                #expect(wanted.contains(answer.status), "\(role.rawValue) \(page) \(answer.status)")
            }
        }
        let stranger = Browsing(client)
        #expect(try await stranger.open("/console/admin").headers[.location]?.hasPrefix("/sign-in") == true)
        let elsewhere = try portal.browser(of: "station-2", .station, on: client)
        #expect(try await elsewhere.open("/console/station/mingdu-station").status == 403)
    }
}

@Test func `the pages of the console have nothing inline and say all in words`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.close(11, satisfied: 5, of: CitySample.property)
        try await portal.hear(CampaignState.sample("campaign-1"))
        let boss = try portal.browser(of: "boss", .admin, on: client)
        for language in Language.allCases {
            boss.setCookie(Language.cookieName, language.rawValue)
            for page in pages {
                let text = try await boss.open(page).text
                #expect(text.firstMatch(of: /<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=/) == nil, "\(page)")
                // A key that has no words stands as it is.
                let keys = text.matches(of: /\b(figures|campaigns|counter|counter-move|admin)\.[a-z]+[a-z-]*/)
                    .map { String($0.0) }.filter { !["figures.css", "figures.js"].contains($0) }
                #expect(keys.isEmpty, "\(language) \(page) \(keys)")
            }
        }
    }
}
