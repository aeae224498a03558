import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test(arguments: ["/v1/cases", "/v1/cases/case-1", "/v1/cases/case-1/timeline", "/v1/board", "/open/cases.csv"])
func `who has an answer already is told so, until it changes`(uri: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let desk = try await portal.token("desk", .dispatcher)
        let first = try await client.ask(uri, token: desk)
        let tag = try #require(first.headers[.eTag])

        for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let again = try await client.ask(uri, token: desk, [.ifNoneMatch: known])
            #expect(again.status == 304, "\(known)")
            #expect(again.headers[.eTag] == tag)
            #expect(again.text == "")
        }
        #expect(try await client.ask(uri, token: desk, [.ifNoneMatch: "\"other\""]).text == first.text)
        let state = CaseState.sample(version: 2, category: CitySample.parking, stage: .filed)
        try await portal.hear(state, state.step(.filed))
        let changed = try await client.ask(uri, token: desk, [.ifNoneMatch: tag])
        #expect(changed.status == 200)
        #expect(changed.headers[.eTag] != tag)
    }
}

@Test func `what is for one person is kept by no proxy, and a stream has no tag`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let desk = try await portal.token("desk", .dispatcher)

        #expect(try await client.ask("/v1/cases", token: desk).headers[.cacheControl] == "private, no-cache")
        #expect(try await client.ask("/v1/cases/none", token: desk, [.ifNoneMatch: "*"]).status == 404)
        #expect(try await client.ask("/console/cases.csv", token: desk).headers[.eTag] == nil)
    }
}

@Test func `the header of a page leads to the next, with the same query`() async throws {
    try await PortalUnderTest.run { portal, client in
        let desk = try await portal.token("desk", .dispatcher)
        try await portal.hear(
            (0..<5).map { try .of(CaseState.sample(CaseID("n\($0)"), openedAt: .minutes(Int64($0)))) })
        var uri: String? = "/v1/cases?kind=snapshot&limit=2&q=%E5%9E%83%E5%9C%BE"
        var found: [String] = []

        for _ in 0..<9 {
            guard let asked = uri else { break }
            let answer = try await client.ask(asked, token: desk)
            found += answer.items("caseId")
            let link = answer.headers[.link]
            #expect((link == nil) == (answer.json["nextCursor"] == .null))
            uri = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect(link.map { $0.hasSuffix("; rel=\"next\"") } ?? true)
        }

        #expect(found == ["n4", "n3", "n2", "n1", "n0"])
    }
}

@Test(arguments: [
    (["wait=3"], 3, "wait=3"), (["respond-async"], 0, "respond-async"), (["wait=99"], 30, "wait=30"),
    (["Respond-Async, WAIT = 7"], 7, "respond-async, wait=7"),
    (["respond-async", "wait=\"2\""], 2, "respond-async, wait=2"),
    (["return=minimal, wait=0; x=1"], 0, "wait=0"),
])
func `what a caller prefers is read`(headers: [String], seconds: Int, applied: String) throws {
    let preference = try #require(CommandPreference(headers))
    #expect(preference.wait == .seconds(seconds))
    #expect(preference.applied == applied)
}

@Test(arguments: [[], ["wait=soon"], ["wait=-1"], ["return=minimal"], ["wait"]])
func `what cannot be read is passed over`(headers: [String]) {
    #expect(CommandPreference(headers) == nil)
}

@Test func `who does not want to wait is told at once where to ask, and that it was heard`() async throws {
    // Nothing ever comes of the command: who waited would wait for the whole patience, longer than any test runs.
    try await PortalUnderTest.run(patience: .seconds(100_000)) { portal, client in
        try await portal.hear(CaseState.sample())
        let desk = try await portal.token("desk", .dispatcher)
        let body = ByteBuffer(string: #"{"action":"file"}"#)

        for (preference, applied) in [("respond-async", "respond-async"), ("wait=0", "wait=0")] {
            let answer = try await client.execute(
                uri: "/v1/cases/case-1/actions", method: .post,
                headers: [.authorization: "Bearer \(desk)", .prefer: preference], body: body
            ) { Answer($0) }
            #expect(answer.status == 202)
            #expect(answer.headers[.preferenceApplied] == applied)
            #expect(answer.headers[.location]?.hasPrefix("/v1/commands/") == true)
        }
    }
}

@Test(arguments: [
    ("gzip", true), ("br, gzip;q=0.5", true), ("*", true), ("gzip;q=0", false), ("identity", false), ("", false),
])
func `pages are compressed for whoever takes it`(coding: String, isPacked: Bool) async throws {
    try await PortalUnderTest.run { portal, client in
        let plain = try await client.ask("/open")
        let headers: HTTPFields = [.acceptEncoding: coding]
        try await client.execute(uri: "/open", method: .get, headers: headers) { response in
            #expect(response.headers[.contentEncoding] == (isPacked ? "gzip" : nil))
            #expect(response.headers[.vary] == "Accept-Encoding")
            let body = Data(response.body.readableBytesView)
            let program =
                isPacked
                ? "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"
                : "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
            #expect(!isPacked || body.count < plain.text.utf8.count / 2)
            let unpacked = try await PythonScript(program: program).run(input: body)
            #expect(unpacked.output == plain.text)
        }
    }
}
