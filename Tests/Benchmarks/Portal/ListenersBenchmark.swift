import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport

/// How long a step takes to the last of many who follow the feed, what they cost portal, and how big first views are.
struct ListenersBenchmark {
    let listeners: Int
    /// Reports that are sent, each of which makes steps.
    let steps: Int

    /// What is measured.
    struct Doors: Sendable {
        let intake: String
        let platform: String
        let portal: String
        let portalPID: Int32
        let rider: String
        let desk: String
    }

    func measure(_ doors: Doors) async throws {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            try await views(doors, http)
            try await follow(doors, http)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    // MARK: - Live

    private func follow(_ doors: Doors, _ http: HTTPClient) async throws {
        guard let url = URL(string: doors.portal), let port = url.port else { return }
        let before = try memory(of: doors.portalPID)
        let tally = StepTally()
        let opened = ContinuousClock.now
        var channels: [any Channel] = []
        for first in stride(from: 0, to: listeners, by: 100) {
            let some = try await withThrowingTaskGroup(of: (any Channel).self) { group in
                for _ in first..<min(first + 100, listeners) {
                    group.addTask { try await listener(port, tally) }
                }
                return try await group.reduce(into: [any Channel]()) { $0.append($1) }
            }
            channels += some
        }
        try await eventually("every listener was greeted", within: .seconds(60)) { tally.greeted >= listeners }
        let took = (ContinuousClock.now - opened) / .seconds(1)
        let idle = try memory(of: doors.portalPID)
        for number in 0..<steps {
            var request = HTTPClientRequest(url: "\(doors.intake)/v1/reports")
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(doors.platform)")
            request.headers.add(name: "Content-Type", value: "application/json")
            request.headers.add(name: "Idempotency-Key", value: "listeners-\(number)")
            request.body = .bytes(ByteBuffer(string: SampleReport.json(number + 1)))
            let answer = try await http.execute(request, timeout: .seconds(30))
            guard answer.status == .created else {
                throw BenchmarkError.answered(Int(answer.status.code), "a report")
            }
            try await eventually("step \(number) at every listener", within: .seconds(60)) {
                tally.heardByAll(listeners) > number
            }
        }
        let waits = tally.waits(listeners)
        let after = try memory(of: doors.portalPID)
        for channel in channels { try await channel.close() }
        print("\n| listeners | greeted in | step to the last of them, p50 / p99 | portal before / idle / after |")
        print("|---|---|---|---|")
        print(
            "| \(listeners) | \(Int(took * 10) / 10) s | \(waits.quantile(0.5)) / \(waits.quantile(0.99)) ms of \(waits.count) steps | "
                + "\(before) / \(idle) / \(after) MiB |")
    }

    private func listener(_ port: Int, _ tally: StepTally) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StepListener(tally))
                }
            }.connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(
            ByteBuffer(string: "GET /v1/feed/board HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        return channel
    }

    /// Resident memory in MiB.
    private func memory(of pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.split { !$0.isNumber }.first ?? "") ?? 0) / 1_024
    }

    // MARK: - First views

    private func views(_ doors: Doors, _ http: HTTPClient) async throws {
        print("| first view | files | plain | gzip | time of all, one after the other |\n|---|---|---|---|---|")
        for (path, token) in [
            ("/report", doors.rider), ("/console", doors.desk), ("/", doors.rider), ("/open", doors.rider),
        ] {
            let start = ContinuousClock.now
            let packed = try await view(doors.portal, path, token, coding: "gzip", http)
            let time = (ContinuousClock.now - start) / .milliseconds(1)
            let plain = try await view(doors.portal, path, token, coding: "identity", http)
            print(
                "| \(path) | \(packed.count) | \(plain.reduce(0, +) / 1_000) KB | \(packed.reduce(0, +) / 1_000) KB | \(Int(time)) ms |"
            )
        }
    }

    /// The sizes of a page and of everything that it asks for by itself.
    private func view(
        _ portal: String, _ path: String, _ token: String, coding: String, _ http: HTTPClient
    ) async throws -> [Int] {
        let (size, text) = try await get(portal + path, token, coding, http)
        // Compressed it cannot be read here: the same page in plain says what belongs to it.
        let html = coding == "gzip" ? try await get(portal + path, token, "identity", http).text : text
        let places = html.matches(of: #/(?:src|<link[^>]*href)="(\/(?:static|assets)\/[^"#]+)/#).map { String($0.1) }
        var sizes = [size]
        for place in Set(places).sorted() { sizes.append(try await get(portal + place, token, coding, http).size) }
        return sizes
    }

    private func get(
        _ url: String, _ token: String, _ coding: String, _ http: HTTPClient
    ) async throws -> (size: Int, text: String) {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        request.headers.add(name: "Accept-Encoding", value: coding)
        request.headers.add(name: "Accept", value: "text/html")
        let answer = try await http.execute(request, timeout: .seconds(30))
        let body = try await answer.body.collect(upTo: 16 << 20)
        return (body.readableBytes, String(buffer: body))
    }

    private func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
