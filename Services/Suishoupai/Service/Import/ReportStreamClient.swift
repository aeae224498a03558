import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

/// Brings all rows of a run to intake, over as many connections as it takes.
struct ReportStreamClient: Sendable {
    let http: HTTPClient
    let run: ImportRun
    /// Where intake is now; nil while it is nowhere.
    let address: @Sendable () throws -> String?
    let token: @Sendable () async throws -> String
    /// How long intake may take nothing before the import gives up.
    let patience: Duration
    /// An intake that answers nothing for so long, with rows to answer, is taken for gone.
    var silence = Duration.seconds(60)

    private static let shortestPause = Duration.milliseconds(200)
    private static let longestPause = Duration.seconds(5)

    /// Returns when every row has its answer.
    func sendAll() async throws -> ImportProgress {
        var pause = Self.shortestPause
        var lastProgress = ContinuousClock.now
        while true {
            let before = await run.progress.rows
            do {
                try await sendWatched()
                return try await run.finish()
            } catch let fault as ImportFault where fault.isMisuse {
                throw fault
            } catch {
                if let failure = await run.failure { throw failure }
                try Task.checkCancellation()
                if await run.progress.rows > before {
                    pause = Self.shortestPause
                    lastProgress = .now
                }
                let line = await run.lastLine
                guard ContinuousClock.now - lastProgress < patience else {
                    throw ImportFault.gaveUp(line: line, reason: Self.words(of: error))
                }
                await run.note("after line \(line): \(Self.words(of: error)); trying again in \(pause)")
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Sends on one connection, and leaves it when nothing comes back.
    ///
    /// The HTTP client times the answer to a request that was sent to its end, and this one may never end.
    private func sendWatched() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sendOnce() }
            group.addTask { try await watch() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func watch() async throws {
        var settled = await run.progress.rows
        while true {
            try await Task.sleep(for: silence)
            let now = await run.progress.rows
            guard now > settled else { throw NotNow(reason: "intake has answered nothing for \(silence)") }
            settled = now
        }
    }

    /// Sends until everything is answered, or the connection is lost.
    private func sendOnce() async throws {
        guard let address = try address() else { throw NotNow(reason: "report-intake is not running") }
        var request = HTTPClientRequest(url: "\(address)/v1/reports/stream")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(try await token())")
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        let connection = await run.connect()
        request.body = .stream(OutgoingLines(run: run, connection: connection), length: .unknown)
        let response = try await http.execute(request, deadline: .distantFuture)
        guard response.status == .ok else { throw try await Self.refusal(response) }
        var buffer = ByteBuffer()
        for try await piece in response.body {
            buffer.writeImmutableBuffer(piece)
            while let line = buffer.readLine() {
                try await run.take(try ContractCoding.decode(LineAnswer.self, from: line))
            }
            buffer.discardReadBytes()
        }
        guard await run.isFinished else { throw NotNow(reason: "the connection was closed") }
    }

    private static func refusal(_ response: HTTPClientResponse) async throws -> any Error {
        let body = try await response.body.collect(upTo: 64 * 1_024)
        let status = response.status
        let words = problemWords(Data(body.readableBytesView)) ?? status.reasonPhrase
        let canHelp = status.code >= 500 || status.code == 429 || status.code == 408
        return canHelp
            ? NotNow(reason: "\(status.code): \(words)") : ImportFault.refused(status: status.code, detail: words)
    }

    private static func problemWords(_ body: Data) -> String? {
        struct Problem: Decodable {
            let title: String?
            let detail: String?
        }
        do {
            let problem = try ContractCoding.decode(Problem.self, from: body)
            return problem.detail ?? problem.title
        } catch {
            return nil
        }
    }

    private static func words(of error: any Error) -> String {
        error is NotNow || error is ImportFault ? "\(error)" : "the connection was lost: \(error)"
    }
}

/// The body of a request: lines, as the run gives them out.
private struct OutgoingLines: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let run: ImportRun
    let connection: Int

    struct Iterator: AsyncIteratorProtocol {
        let run: ImportRun
        let connection: Int

        mutating func next() async throws -> ByteBuffer? {
            try await run.next(on: connection).map { ByteBuffer(bytes: $0) }
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(run: run, connection: connection) }
}

extension ByteBuffer {
    /// Takes the bytes up to the next line break, without it; nil where there is none yet.
    fileprivate mutating func readLine() -> Data? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let length = end - readerIndex
        let line = readBytes(length: length).map { Data($0) }
        moveReaderIndex(forwardBy: 1)
        return line
    }
}
