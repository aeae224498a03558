import Contracts
import EventProcessing
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `an answer says how far was read, and who sends that back sees no less`() async throws {
    try await PortalUnderTest.run { portal, client in
        portal.progress.read(to: 7)
        let token = try await portal.token("desk", .dispatcher)
        let first = try await client.ask("/v1/cases", token: token)
        let position = try #require(first.headers[.readPosition])
        #expect(position == "log:cases.v1/0=7")

        let again = try await client.ask("/v1/cases", token: token, [.readPosition: position])

        #expect(again.status == 200)
        #expect(portal.progress.asked == [ReadPosition(log: "log", offsets: ["cases.v1/0": 7])])
    }
}

@Test func `an instance that has not read so far says so, and answers once it has`() async throws {
    try await PortalUnderTest.run { portal, client in
        portal.progress.read(to: 7)
        let token = try await portal.token("desk", .dispatcher)
        let fields: HTTPFields = [.readPosition: "log:cases.v1/0=8"]

        let early = try await client.ask("/v1/cases", token: token, fields)
        #expect(early.status == 503)
        #expect(early.headers[.retryAfter] == "1")

        portal.progress.read(to: 8)
        #expect(try await client.ask("/v1/cases", token: token, fields).status == 200)
    }
}

@Test func `a position of another log holds nobody up`() async throws {
    try await PortalUnderTest.run { portal, client in
        let answer = try await client.ask("/v1/board", [.readPosition: "lost-log:cases.v1/0=999"])

        #expect(answer.status == 200)
    }
}

@Test(arguments: ["", "nonsense", "log:cases.v1/0", "log:cases.v1/0=x", "log:=1"])
func `what is no position is named`(text: String) async throws {
    try await PortalUnderTest.run { portal, client in
        let long = "log:" + String(repeating: "a=1,", count: 3_000)
        for text in [text, long] {
            let answer = try await client.ask("/v1/board", [.readPosition: text])

            #expect(answer.status == 400, "\(text.prefix(20))")
            #expect(answer.wrongFields == ["Read-Position"])
        }
        #expect(portal.progress.asked.isEmpty)
    }
}

@Test func `a position as text is the same position`() {
    var generator = SeededGenerator()
    for _ in 0..<200 {
        let offsets = (0..<Int.random(in: 0...9, using: &generator)).map { number in
            (
                "topic-\(number).v1/\(Int.random(in: 0...3, using: &generator))",
                Int64.random(in: 0...Int64.max, using: &generator)
            )
        }
        let position = ReadPosition(
            log: "log-\(UInt64.random(in: 0...UInt64.max, using: &generator))",
            offsets: Dictionary(offsets, uniquingKeysWith: { $1 }))

        #expect(ReadPosition(text: position.text) == position)
    }
}
