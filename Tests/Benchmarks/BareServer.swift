import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization

/// The ceiling of intake: a server that reads the same JSON and answers, and does nothing else.
///
/// A process of its own, as intake is: in the process that also sends the requests it would be measured by another rule.
enum BareServer {
    struct Report: Decodable {
        struct Location: Decodable {
            let latitude: Double
            let longitude: Double
        }

        let description: String
        let category: String?
        let location: Location
    }

    struct Answer: ResponseEncodable {
        let reportId: String
        let communityId: String
        let status: String
    }

    /// Serves until its standard input ends, and prints its port first.
    static func serve() async throws {
        let router = Router()
        router.post("/v1/reports") { request, context in
            let report = try await request.decode(as: Report.self, context: context)
            return Answer(
                reportId: UUID().uuidString, communityId: "\(report.location.latitude > 0)", status: "accepted")
        }
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(services: [app], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            FileHandle.standardOutput.write(Data("\(port)\n".utf8))
            tasks.addTask { while FileHandle.standardInput.availableData.count > 0 {} }
            try await tasks.next()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Requests that it answers in a second.
    static func measure(posts: Int) async throws -> Double {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["--bare"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError.notRunning("the bare server")
        }
        return try await PostLoad(url: "http://127.0.0.1:\(port)/v1/reports", token: nil).run(posts: posts)
    }
}

/// Posts reports over many connections at once and says how many were answered in a second.
struct PostLoad: Sendable {
    let url: String
    let token: String?
    /// Enough that the machine is what limits both servers, and not the waiting of their senders.
    private static let connections = 128

    func run(posts: Int) async throws -> Double {
        let begin = ContinuousClock.now
        try await eachConnection { connection, http in
            for number in stride(from: connection, to: posts, by: Self.connections) {
                try await post(number, through: http)
            }
        }
        return Double(posts) / ((ContinuousClock.now - begin) / .seconds(1))
    }

    /// How long each took at a steady rate, in milliseconds, from the moment when it was to be sent: one that waits for
    /// those before it is slow, too.
    func latencies(posts: Int, rate: Double) async throws -> [Double] {
        let begin = ContinuousClock.now
        let all = Mutex<[Double]>([])
        try await eachConnection { connection, http in
            for number in stride(from: connection, to: posts, by: Self.connections) {
                let due = begin + .seconds(Double(number) / rate)
                try await Task.sleep(until: due, clock: .continuous)
                try await post(number, through: http)
                let milliseconds = (ContinuousClock.now - due) / .milliseconds(1)
                all.withLock { $0.append(milliseconds) }
            }
        }
        return all.withLock { $0 }
    }

    private func eachConnection(_ body: @Sendable @escaping (Int, HTTPClient) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration()
        // By itself it opens eight, and all others wait in the sender.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connections
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<Self.connections { group.addTask { try await body(connection, http) } }
                try await group.waitForAll()
            }
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    private func post(_ number: Int, through http: HTTPClient) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(string: SampleReport.json(number)))
        let response = try await http.execute(request, timeout: .seconds(30))
        guard response.status == .ok || response.status == .created else {
            throw BenchmarkError.refused(status: Int(response.status.code))
        }
        _ = try await response.body.collect(upTo: 1 << 20)
    }
}

enum BenchmarkError: Error {
    case refused(status: Int)
    case notRunning(String)
    case answered(Int, String)
    case waitedInVain(for: String)
}

/// Reports all over the demo's communities.
enum SampleReport {
    static func json(_ number: Int) -> String {
        let latitude = 28.66 + Double(number * 7_919 % 4_000) / 100_000
        let longitude = 115.93 + Double(number * 104_729 % 4_000) / 100_000
        return """
            {"description": "第 \(number) 处：路边有一袋垃圾", "category": "E0102", "location": \
            {"latitude": \(latitude), "longitude": \(longitude)}}
            """
    }
}
