import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let pages = ["/report", "/me", "/me/cases/case-1", "/wallet", "/inbox", "/settings", "/wall", "/wall/live"]

@Test func `both languages say everything, and templates ask only for words that there are`() async throws {
    let words = try Words()
    // Of the topics the catalogue speaks English.
    let ofCatalogue: Set = ["topic-what", "topic-reason", "catalogue"]
    let chinese = words.table(.chinese).filter { !ofCatalogue.contains($0.key) }
    let english = words.table(.english)
    #expect(Set(chinese.keys) == Set(english.keys))
    for (group, table) in chinese {
        #expect(Set(table.keys) == Set(english[group, default: [:]].keys), "\(group)")
        for (name, text) in table.merging(english[group, default: [:]], uniquingKeysWith: { "\($0)\n\($1)" }) {
            #expect(!text.split(separator: "\n", omittingEmptySubsequences: false).contains(""), "\(group).\(name)")
        }
    }
    let folder = PageFiles.folder("Templates")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        for found in text.matches(of: /\{\{words\.([a-z-]+)\.([a-z-]+)\}\}/) {
            #expect(chinese[String(found.1)]?[String(found.2)] != nil, "\(name): \(found.0)")
        }
    }
}

@Test func `every stage, step and movement of points has words in both languages`() throws {
    let words = try Words()
    let steps =
        CaseChanged.Step.allCases.map(\.rawValue)
        + [CaseOpened.type, ReportJoined.type, CaseTransferred.type, CaseReportAmended.type, CaseReclassified.type]
    let keys =
        steps.flatMap { ["step.\($0)", "wall-step.\($0)"] } + CaseStage.allCases.map { "stage.\($0.rawValue)" }
        + PointsMoved.Step.allCases.map { "moved.\($0.rawValue)" } + Role.allCases.map { "role.\($0.rawValue)" }
        + OrderStage.allCases.map { "order.\($0.rawValue)" }
        + NotificationKind.allCases.map { "settings.kind.\($0.rawValue)" }
        + Channel.ofPersons.flatMap { ["settings.channel.\($0.rawValue)", "settings.wrong.\($0.rawValue)"] }
    for language in Language.allCases {
        for key in keys { #expect(words.text(key, language) != key, "\(language.rawValue) \(key)") }
    }
}

@Test func `pages let nothing run but what comes from here`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample(reporters: ["rider-1"]))
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        for page in pages + ["/sign-in", "/me/cases/none"] {
            let answer = try await browser.open(page)
            let policy = answer.headers[.contentSecurityPolicy] ?? ""
            for part in [
                "default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'",
                "form-action 'self'",
            ] {
                #expect(policy.contains(part), "\(page) \(part)")
            }
            #expect(!policy.contains("unsafe"))
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.referrerPolicy] == "same-origin")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.text.firstMatch(of: /<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=/) == nil, "\(page)")
        }
    }
}

@Test func `words that people wrote are text, not markup`() async throws {
    try await PortalUnderTest.run { portal, client in
        let evil = "<script>alert(1)</script>\"'&"
        let state = CaseState.sample(saying: evil, reporters: ["rider-1"])
        try await portal.hear(state)
        try await portal.hear(state.step(.refused, reason: evil))
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        for page in ["/me", "/me/cases/case-1"] {
            let text = try await browser.open(page).text
            #expect(!text.contains("<script>alert"))
            #expect(text.contains("&lt;script&gt;alert(1)"))
        }
    }
}

@Test func `a wallet says why points moved in its reader's language, and as it was written where somebody wrote it`()
    async throws
{
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let written = PointsMoved(
            step: .awarded, transferId: "transfer-9", ledgerId: "gaoxin", points: 5,
            causeEventId: MessageID(namespace: .suishoupai, name: "an order"), explanation: Explanation(written: "帮助老人")
        ) { $0.personId = "rider-1" }
        try await portal.hear(PointsMoved.sample(.released, 1), written)
        let browser = try portal.browser(of: "rider-1", .rider, on: client)

        let chinese = try await browser.open("/wallet").text
        #expect(chinese.contains("规则「立案」") && chinese.contains("帮助老人") && !chinese.contains("Rule filed"))
        _ = try await browser.open("/language?to=en&back=/wallet")
        let english = try await browser.open("/wallet").text
        #expect(english.contains("Rule filed") && english.contains("帮助老人") && !english.contains("规则「立案」"))
    }
}

@Test func `a person sees their own cases alone, in their language`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let state = CaseState.sample(stage: .dispatched, reporters: ["rider-1"], unit: CitySample.property)
        try await portal.hear(state)
        try await portal.hear(state.opening)
        try await portal.hear(state.step(.dispatched))
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let chinese = try await browser.open("/me/cases/case-1").text
        #expect(chinese.contains("收到您的上报") && chinese.contains("已派给名都物业"))
        let english = try await browser.open("/me/cases/case-1", [.acceptLanguage: "en-GB,zh;q=0.5"]).text
        #expect(english.contains("Given to 名都物业") && english.contains("lang=\"en\""))
        #expect(try await browser.open("/language?to=en&back=//evil.example").headers[.location] == "/me")
        #expect(try await browser.open("/me").text.contains("My reports"))
        let neighbour = try portal.browser(of: "rider-2", .rider, on: client)
        #expect(try await neighbour.open("/me/cases/case-1").status == 404)
        #expect(!(try await neighbour.open("/me").text.contains("MD-case-1")))
    }
}

@Test func `who joined a case sees neither the words of a request nor others' photos`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            CaseState.sample(
                kind: .request, saying: "楼上漏水", reporters: ["resident-1", "rider-1"],
                photos: [CitySample.photo(1).id]))
        let first = try await portal.browser(of: "resident-1", .resident, on: client).open("/me/cases/case-1").text
        let second = try await portal.browser(of: "rider-1", .rider, on: client).open("/me/cases/case-1").text
        #expect(first.contains("楼上漏水") && first.contains("/v1/photos/"))
        #expect(!second.contains("楼上漏水") && !second.contains("/v1/photos/") && !second.contains("3 栋"))
    }
}

@Test func `files of pages have names that follow from what they are, and are kept for good`() async throws {
    try await PortalUnderTest.run { portal, client in
        let page = try await portal.browser(of: "rider-1", .rider, on: client).open("/report").text
        let paths = page.matches(of: /"(\/static\/[^"#]+)/).map { String($0.1) }
        #expect(paths.count > 5)
        for path in paths {
            let file = try await client.ask(path)
            #expect(file.status == 200 && file.headers[.cacheControl]?.contains("immutable") == true, "\(path)")
            let tag = try #require(file.headers[.eTag])
            #expect(try await client.ask(path, [.ifNoneMatch: tag]).status == 304)
        }
        let stale = try await client.ask("/static/0000/pages.css")
        #expect(stale.status == 200 && stale.headers[.cacheControl] == "no-cache")
        #expect(try await client.ask("/static/0000/none.css").status == 404)
        #expect(try await client.ask("/service-worker.js").headers[.cacheControl] == "no-cache")
        #expect(try await client.ask("/manifest.webmanifest").json["start_url"] == "/report")
    }
}

@Test func `without Leaflet the report page says what to install, and works`() async throws {
    var settings = PageSettings()
    settings.libraries = try TemporaryFolder().url
    try await PortalUnderTest.run(pages: settings) { portal, client in
        let page = try await portal.browser(of: "rider-1", .rider, on: client).open("/report").text
        #expect(page.contains("libjs-leaflet") && !page.contains("id=\"map\""))
    }
}

@Test func `the first view needs less than 200 kB without tiles`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let page = try await portal.browser(of: "rider-1", .rider, on: client).open("/report")
        var sum = page.text.utf8.count
        for path in Set(page.text.matches(of: /"(\/static\/[^"#]+)/).map { String($0.1) }) {
            sum += try await client.execute(uri: path, method: .get, headers: [.acceptEncoding: "gzip, br"], body: nil)
            {
                $0.body.readableBytes
            }
        }
        #expect(sum < 200_000, "\(sum) bytes")
    }
}
