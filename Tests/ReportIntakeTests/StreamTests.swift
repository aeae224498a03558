import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ReportIntakeDomain
import ServiceKit
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestSupport
import Testing

@testable import ReportIntake

@Test func `a thousand lines are answered in order, good and bad`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let lines = (1...1_000).map { number in
            switch number % 10 {
            case 3: "{\"description\": "
            case 7: JSONValue.report(["kind": "rumour", "description": ""]).text()
            default: JSONValue.report(["idempotencyKey": .string("k-\(number)")]).text()
            }
        }

        let answer = try await client.stream(lines, token: try await intake.token("platform-a", .platform))

        #expect(answer.status == 200)
        #expect(answer.lines.map { $0["line"]?.integer } == (1...1_000).map { Int64($0) })
        for (index, line) in answer.lines.enumerated() {
            switch (index + 1) % 10 {
            case 3: #expect(line["status"] == "rejected")
            case 7:
                #expect(line["errors"]?.array?.compactMap { $0["field"]?.string } == ["kind", "description"])
            default:
                #expect(line["status"] == "accepted")
                #expect(line["communityId"] == "mingdu")
                #expect(line["reportId"]?.string != nil)
            }
        }
        #expect(try intake.count("report") == 800)
        #expect(try intake.count("edgeOutbox") == 800)
        #expect(intake.core.groupCommit.commitCount < 400, "lines that wait together are stored together")
    }
}

@Test func `a line that was sent before is a duplicate, other words under its key are not taken`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("platform-a", .platform)
        let single = try await client.report(.report(), token: token, key: "k-1")

        let answer = try await client.stream(
            [
                JSONValue.report(["idempotencyKey": "k-1"]).text(),
                JSONValue.report(["idempotencyKey": "k-1", "description": "别的事"]).text(),
                JSONValue.report(["externalId": "order-9"]).text(),
                JSONValue.report(["externalId": "order-9"]).text(),
            ], token: token)

        #expect(answer.lines.map { $0["status"] } == ["duplicate", "rejected", "accepted", "duplicate"])
        #expect(answer.lines[0]["reportId"] == single.json["reportId"])
        #expect(answer.lines[2]["reportId"] == answer.lines[3]["reportId"])
        #expect(try intake.count("report") == 2)
    }
}

@Test func `a line of more than 64 KB is refused and the next is read`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let long = JSONValue.report(["address": .string(String(repeating: "x", count: 70_000))]).text()

        let answer = try await client.stream(
            [JSONValue.report().text(), long, JSONValue.report().text()],
            token: try await intake.token("platform-a", .platform))

        #expect(answer.lines.map { $0["status"] } == ["accepted", "rejected", "accepted"])
        #expect(answer.lines[1]["errors"] == [["field": "", "message": "must be at most 65536 bytes long"]])
    }
}

@Test func `a backlog that grows too great ends the taking, not the answering`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 1)
    try await IntakeUnderTest.run(settings: settings) { intake, _ in
        let first = try await streamed([Array((JSONValue.report().text() + "\n").utf8)], to: intake)
        let second = try await streamed([Array((JSONValue.report().text() + "\n").utf8)], to: intake)

        #expect(try lines(first)[0]["status"] == "accepted")
        #expect(try lines(second)[0]["status"] == "rejected")
        #expect(try lines(second)[0]["retry"] == true)
        #expect(try intake.count("report") == 1)
    }
}

@Test func `where a stream is cut makes no difference`() async throws {
    var generator = SeededGenerator()
    for _ in 0..<8 {
        let count = Int.random(in: 1...60, using: &generator)
        var text = JSONValue.report(["idempotencyKey": "first"]).text() + "\n"
        text += (0..<count).map { randomLine($0, &generator) }.joined()
        if Bool.random(using: &generator) { text.removeLast() }
        let bytes = Array(text.utf8)
        let pieces = cut(bytes, &generator)
        let whole = KeptValue<[UInt8]>([])
        let split = KeptValue<[UInt8]>([])

        try await IntakeUnderTest.run(pack: .town) { intake, _ in whole.set(try await streamed([bytes], to: intake)) }
        try await IntakeUnderTest.run(pack: .town) { intake, _ in split.set(try await streamed(pieces, to: intake)) }

        #expect(!whole.value.isEmpty)
        let (first, second) = (try withoutLinks(whole.value), try withoutLinks(split.value))
        #expect(first.lines == second.lines && first.links == second.links, "pieces of \(pieces.map(\.count))")
    }
}

/// The lines, and which of them had a link: the two intakes have secrets of their own, so their links differ.
private func withoutLinks(_ bytes: [UInt8]) throws -> (lines: [JSONValue], links: [Bool]) {
    let answers = try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
    let lines = answers.map { answer -> JSONValue in
        guard case .object(var members) = answer else { return answer }
        members["follow"] = nil
        return .object(members)
    }
    return (lines, answers.map { $0["follow"] != nil })
}

@Test func `a stream that goes on for ever does not hold up a stop`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let (body, sender) = AsyncStream.makeStream(of: ByteBuffer.self)
        let answered = KeptValue<[UInt8]>([])
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream(body, to: intake, into: answered) }
                sender.yield(ByteBuffer(string: JSONValue.report().text() + "\n{\"half\""))
                try await eventually("a line is answered") { !answered.value.isEmpty }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }

        #expect(try lines(answered.value).map { $0["status"] } == ["accepted"])
        #expect(try intake.count("report") == 1)
    }
}

@Test func `a sender who stops listening is not read any more`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let (body, sender) = AsyncStream.makeStream(of: ByteBuffer.self)
        sender.yield(ByteBuffer(string: JSONValue.report().text() + "\n"))

        await #expect(throws: GoneAway.self) { try await stream(body, to: intake, into: nil) }
    }
}

/// A line with its end; every good one has a key, so that its id is the same on every run.
private func randomLine(_ number: Int, _ generator: inout SeededGenerator) -> String {
    let end = Bool.random(using: &generator) ? "\n" : "\r\n"
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: return end
    case 1: return "{]" + end
    case 2: return JSONValue.report(["description": ""]).text() + end
    case 3:
        let size = 65_536 + Int.random(in: -1...2, using: &generator)
        let report = JSONValue.report(["idempotencyKey": .string("k-\(number)")]).text()
        return report + String(repeating: " ", count: size - report.utf8.count) + end
    case 4: return JSONValue.report(["idempotencyKey": .string("k-\(max(0, number - 1))")]).text() + end
    default: return JSONValue.report(["idempotencyKey": .string("k-\(number)")]).text() + end
    }
}

private func cut(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    let most = [1, 3, 40, 5_000, 70_000].randomElement(using: &generator) ?? 40
    while !rest.isEmpty {
        // Single bytes only for a while: a long body of them would test nothing more.
        let size = Int.random(in: 1...(pieces.count < 3_000 ? most : 70_000), using: &generator)
        pieces.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
    }
    return pieces
}

/// Sends a body in these pieces and gives the bytes of the answer.
private func streamed(_ pieces: [[UInt8]], to intake: IntakeUnderTest) async throws -> [UInt8] {
    let body = AsyncStream<ByteBuffer> { continuation in
        for piece in pieces { continuation.yield(ByteBuffer(bytes: piece)) }
        continuation.finish()
    }
    let written = KeptValue<[UInt8]>([])
    try await stream(body, to: intake, into: written)
    return written.value
}

/// Sends a body; the answer goes to `written`, or fails where there is none.
private func stream(
    _ body: AsyncStream<ByteBuffer>, to intake: IntakeUnderTest, into written: KeptValue<[UInt8]>?
) async throws {
    let request = Request(
        head: HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/v1/reports/stream"),
        body: RequestBody(asyncSequence: body))
    let stream = ReportStream(desk: intake.core.desk, sender: Sender(id: "platform-a", maySpeakForOthers: true))
    try await stream.response(to: request).body.write(CollectingWriter(written: written))
}

private struct GoneAway: Error {}

private struct CollectingWriter: ResponseBodyWriter {
    let written: KeptValue<[UInt8]>?

    func write(_ buffer: ByteBuffer) async throws {
        guard let written else { throw GoneAway() }
        written.set(written.value + Array(buffer.readableBytesView))
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

private func lines(_ bytes: [UInt8]) throws -> [JSONValue] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
}
