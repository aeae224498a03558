import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// How much memory intake holds while one stream goes on and on.
struct LongStream {
    let minutes: Int
    /// Lines a second.
    let rate: Int

    /// Where intake is, and the process that it is.
    struct Intake {
        let url: String
        let pid: Int32
        let token: String
    }

    func measure(_ intake: Intake) async throws {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            try await stream(to: intake, through: http)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    private func stream(to intake: Intake, through http: HTTPClient) async throws {
        var request = HTTPClientRequest(url: intake.url + "/v1/reports/stream")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(intake.token)")
        request.headers.add(name: "Content-Type", value: "application/x-ndjson")
        let (lines, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
        request.body = .stream(lines, length: .unknown)
        let feeding = Task { try await send(feed) }
        write("| minute | lines answered | own memory of report-intake | files that it has mapped |\n|---|---|---|---|")
        // Nothing ends it but its own end: the time of the whole, and a minute for the last answers.
        let response = try await http.execute(request, timeout: .minutes(Int64(minutes) + 1))
        var answered = 0
        var minute = 0
        let begin = ContinuousClock.now
        for try await piece in response.body {
            answered += piece.readableBytesView.count { $0 == UInt8(ascii: "\n") }
            while ContinuousClock.now - begin >= .seconds(60 * (minute + 1)) {
                minute += 1
                say(minute, answered, try Self.memory(of: intake.pid))
            }
        }
        try await feeding.value
        say(minutes, answered, try Self.memory(of: intake.pid))
    }

    private func say(_ minute: Int, _ answered: Int, _ memory: Memory) {
        write("| \(minute) | \(answered) | \(memory.own / 1_024) MB | \(memory.files / 1_024) MB |")
    }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// Ten times a second what is due by then.
    private func send(_ feed: AsyncStream<ByteBuffer>.Continuation) async throws {
        defer { feed.finish() }
        let begin = ContinuousClock.now
        var sent = 0
        for tenth in 1...(minutes * 600) {
            try await Task.sleep(until: begin + .milliseconds(100 * tenth), clock: .continuous)
            let due = tenth * rate / 10
            let lines = (sent..<due).map { SampleReport.json($0) + "\n" }.joined()
            sent = due
            feed.yield(ByteBuffer(string: lines))
        }
    }

    /// What a process holds in memory, in kilobytes.
    private struct Memory {
        /// Heap and stacks.
        let own: Int
        /// The program itself and what it has mapped: the system takes that back whenever it needs room.
        let files: Int
    }

    private static func memory(of pid: Int32) throws -> Memory {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        func number(_ name: String) throws -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            guard let number = line?.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first else {
                throw BenchmarkError.notRunning("report-intake")
            }
            return number
        }
        return Memory(own: try number("RssAnon"), files: try number("RssFile"))
    }
}
