import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import ServiceLifecycleTestKit
import Synchronization
import Testing

@Test func `an event is framed line by line`() {
    #expect(
        ServerSentEvent(id: "7", event: "case", data: "a\nb\r\nc\rd").frame
            == "id: 7\nevent: case\ndata: a\ndata: b\ndata: c\ndata: d\n\n")
    #expect(ServerSentEvent(data: "").frame == "data: \n\n")
    #expect(ServerSentEvent(id: "1\ndata: forged", data: "x").frame == "id: 1data: forged\ndata: x\n\n")
}

@Test func `events are sent as they come, and the answer ends with them`() async throws {
    let program = TestProgram()
    program.router.get("/live") { request, _ in
        let start = request.lastEventID.flatMap(Int.init) ?? 0
        let (events, queue) = AsyncStream.makeStream(of: ServerSentEvent.self)
        for id in (start + 1)...(start + 2) { queue.yield(ServerSentEvent(id: "\(id)", data: "x")) }
        queue.finish()
        return ServerSentEvents.response(events)
    }
    let response = try await program.ask(.get, "/live", headers: [.lastEventID: "4"])
    #expect(response.headers[.contentType] == "text/event-stream; charset=utf-8")
    #expect(response.text == "id: 5\ndata: x\n\nid: 6\ndata: x\n\n")
}

private struct KeepingWriter: ResponseBodyWriter {
    let onWrite: @Sendable (String) throws -> Void
    mutating func write(_ buffer: ByteBuffer) async throws { try onWrite(String(buffer: buffer)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try onWrite("end") }
}

private func write(_ response: Response, _ onWrite: @escaping @Sendable (String) throws -> Void) async throws {
    try await response.body.write(KeepingWriter(onWrite: onWrite))
}

@Test func `a silent stream sends signs of life`() async throws {
    let (events, queue) = AsyncStream.makeStream(of: ServerSentEvent.self)
    let lines = Mutex<[String]>([])
    try await write(ServerSentEvents.response(events, heartbeat: .milliseconds(1))) { line in
        lines.withLock { $0.append(line) }
        if line.hasPrefix(":") { queue.finish() }
    }
    #expect(lines.withLock { $0.first } == ": still here\n\n")
    #expect(lines.withLock { $0.last } == "end")
}

@Test func `a stream ends when the program is asked to stop`() async throws {
    let (events, queue) = AsyncStream.makeStream(of: ServerSentEvent.self)
    queue.yield(ServerSentEvent(data: "first"))
    let lines = Mutex<[String]>([])
    try await testGracefulShutdown { trigger in
        let stop = { @Sendable in trigger.triggerGracefulShutdown() }
        try await write(ServerSentEvents.response(events, heartbeat: .seconds(60))) { line in
            lines.withLock { $0.append(line) }
            if line.contains("first") { stop() }
        }
    }
    #expect(lines.withLock { $0 } == ["data: first\n\n", "end"])
}

private struct Broken: Error {}

@Test func `a source that fails and a reader who left end the stream with an error`() async throws {
    let failing = AsyncThrowingStream<ServerSentEvent, any Error> { $0.finish(throwing: Broken()) }
    await #expect(throws: Broken.self) { try await write(ServerSentEvents.response(failing)) { _ in } }
    let (endless, queue) = AsyncStream.makeStream(of: ServerSentEvent.self)
    queue.yield(ServerSentEvent(data: "x"))
    await #expect(throws: Broken.self) {
        try await write(ServerSentEvents.response(endless)) { _ in throw Broken() }
    }
}

private struct Place: Codable, Equatable {
    let after: Int
}

private func numbers(_ request: Request) throws -> Page<Int> {
    let page = try PageRequest<Place>(request)
    let start = page.after?.after ?? 0
    let fetched = Array((1...120).filter { $0 > start }.prefix(page.limit + 1))
    return try Page(fetched: fetched, limit: page.limit) { Place(after: $0) }
}

@Test func `a list is read page by page to its end`() async throws {
    let program = TestProgram()
    program.router.get("/numbers") { request, _ in try numbers(request) }
    var seen: [Int64] = []
    var uri = "/numbers"
    while true {
        let json = try await program.ask(.get, uri).json()
        seen += json["items"]?.array?.compactMap(\.integer) ?? []
        #expect(json.object?.keys.contains("nextCursor") == true)
        guard let cursor = json["nextCursor"]?.string else { break }
        uri = "/numbers?cursor=\(cursor)"
    }
    #expect(seen == Array(1...120))
    #expect(try await program.ask(.get, "/numbers?limit=200").json()["nextCursor"] == .null)
    #expect(try await program.ask(.get, "/numbers?limit=120").json()["nextCursor"] == .null)
}

@Test(arguments: ["limit=0", "limit=201", "limit=x", "cursor=%21", "cursor=e30", "cursor=AAAA"])
func `a wrong page is named`(query: String) async throws {
    let program = TestProgram()
    program.router.get("/numbers") { request, _ in try numbers(request) }
    let response = try await program.ask(.get, "/numbers?\(query)")
    #expect(response.status == .badRequest)
    let field = try #require(query.split(separator: "=").first)
    #expect(try response.json()["errors"]?.array?.first?["field"] == .string(String(field)))
}

@Test func `an idempotency key is read with and without quotes`() {
    #expect(IdempotencyKey("abc")?.value == "abc")
    #expect(IdempotencyKey("\"8e03978e-40d5\"")?.value == "8e03978e-40d5")
    #expect(IdempotencyKey(String(repeating: "k", count: 255)) != nil)
    for wrong in ["", "\"\"", "a b", "é", String(repeating: "k", count: 256)] { #expect(IdempotencyKey(wrong) == nil) }
}

@Test func `a missing or wrong idempotency key is named`() async throws {
    let program = TestProgram()
    program.router.post("/optional") { request, _ in try request.idempotencyKey()?.value ?? "none" }
    program.router.post("/required") { request, _ in try request.requiredIdempotencyKey().value }
    #expect(try await program.ask(.post, "/optional").text == "none")
    #expect(try await program.ask(.post, "/required", headers: [.idempotencyKey: "k-1"]).text == "k-1")
    #expect(try await program.ask(.post, "/required").status == .badRequest)
    let wrong = try await program.ask(.post, "/optional", headers: [.idempotencyKey: "a b"])
    #expect(wrong.status == .badRequest)
    #expect(try wrong.json()["errors"]?.array?.first?["field"] == "Idempotency-Key")
}
