import AsyncHTTPClient
import Contracts
import EventProcessing
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// A reader of a feed, as a browser is one.
private struct FeedReader {
    let response: HTTPClientResponse
    private var parts: HTTPClientResponse.Body.AsyncIterator
    private var text = ""

    init(_ uri: String, at port: Int?, token: String? = nil, after last: String? = nil) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port ?? 0)\(uri)")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let last { request.headers.add(name: "last-event-id", value: last) }
        response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        parts = response.body.makeAsyncIterator()
    }

    /// The lines of the next event; none at the end of the stream.
    mutating func next() async throws -> [String] {
        while true {
            if let end = text.firstRange(of: "\n\n") {
                let event = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                return event.split(separator: "\n").map(String.init)
            }
            guard let part = try await parts.next() else { return [] }
            text += String(buffer: part)
        }
    }
}

private let feeds = ["/v1/feed", "/v1/feed/board"]

@Test(arguments: feeds)
func `a feed is an event stream that goes on where the reader was`(uri: String) async throws {
    try await PortalUnderTest.run(.live) { portal, client in
        let steps = try (0..<3).map { _ in try IncomingRecord.of(CaseState.sample().step(.filed)) }
        try await portal.hear(steps)
        let ids = steps.map { $0.attributes.id.description }

        var reader = try await FeedReader(
            uri, at: client.port, token: try await portal.token("desk", .dispatcher), after: ids[0])
        let events = [try await reader.next(), try await reader.next()]

        #expect(reader.response.headers.first(name: "content-type") == "text/event-stream; charset=utf-8")
        #expect(reader.response.headers.first(name: "cache-control") == "no-store")
        for (lines, id) in zip(events, ids.dropFirst()) {
            #expect(lines.prefix(2) == ["id: \(id)", "event: step"])
            let data = try JSONValue(parsing: Array(try #require(lines.last).utf8.dropFirst("data: ".utf8.count)))
            #expect(data["type"] == "case.filed")
            #expect(data["caseNumber"] == "MD-case-1")
        }
    }
}

@Test func `a reader of the board hears of a step as it comes, and of no person`() async throws {
    try await PortalUnderTest.run(.live) { portal, client in
        var reader = try await FeedReader("/v1/feed/board", at: client.port)
        #expect(try await reader.next() == ["event: ready", "data: {}"])

        try await portal.hear(
            CaseState.sample(handler: "worker-a").step(.returned, by: "worker-a", reason: "不归我们管"))
        let seen = try await reader.next().joined()

        #expect(seen.contains("case.returned"))
        for secret in ["worker-a", "rider-1", "不归我们管"] { #expect(!seen.contains(secret), "\(secret)") }
    }
}
