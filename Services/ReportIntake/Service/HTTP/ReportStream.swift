import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit
import ServiceLifecycle

/// Takes many reports in one request: a JSON object on each line in, one on each line out, in the same order.
///
/// Two tasks work side by side: one reads and checks lines, the other stores what was read in the meantime in one
/// transaction and writes the answers. When the sender is faster than the disk, or does not read the answers, its own
/// sending is slowed; the memory used stays the same however long the stream is.
struct ReportStream: Sendable {
    static let longestLine = 64 * 1_024
    /// What may wait between the two tasks.
    static let mostLines = GroupCommit.mostInOne
    static let mostBytes = 1_024 * 1_024

    let desk: ReportDesk
    let sender: Sender

    /// A line that was read.
    private enum Line: Sendable {
        case report(Int, ReportEntry)
        case wrong(Int, [ProblemDetails.FieldError])
        /// It may be right, but that cannot be seen just now.
        case unclear(Int, String)
    }

    func response(to request: Request) -> Response {
        let body = request.body
        let traceParent = TraceParent.of(request)
        let route = RequestRoute.current
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                // The body is written when the request's own task is over.
                try await RequestRoute.$current.withValue(route) { try await answer(body, traceParent, to: &writer) }
                try await writer.finish(nil)
            })
    }

    private func answer(
        _ body: RequestBody, _ traceParent: String?, to writer: inout any ResponseBodyWriter
    ) async throws {
        let queue = LineQueue<Line>(most: Self.mostLines, mostBytes: Self.mostBytes)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await read(body, traceParent, into: queue)
                } catch {
                    await queue.end()
                    throw error
                }
                await queue.end()
            }
            do {
                while let lines = await queue.take() {
                    try await writer.write(ByteBuffer(bytes: await results(of: lines)))
                }
            } catch {
                // The one who sends does not listen any more: what it still sends is not read.
                await queue.close()
                throw error
            }
            try await group.waitForAll()
        }
    }

    // MARK: - In

    /// Reads until the sender ends, or until this program shall stop: then what was read is still answered, and the
    /// sender, who misses the other answers, sends those lines again.
    private func read(_ body: RequestBody, _ traceParent: String?, into queue: LineQueue<Line>) async throws {
        do {
            try await cancelWhenGracefulShutdown { try await readLines(body, traceParent, into: queue) }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            return
        }
    }

    private func readLines(_ body: RequestBody, _ traceParent: String?, into queue: LineQueue<Line>) async throws {
        var splitter = LineSplitter(limit: Self.longestLine)
        for try await piece in body {
            for line in splitter.lines(of: piece.readableBytesView) {
                try await desk.quotas.wait(.reports, by: Quotas.Payer(sender))
                guard await queue.put(try await parsed(line, traceParent), bytes: line.bytes?.count ?? 0) else {
                    return
                }
            }
        }
        // What was cut off is no line.
        try Task.checkCancellation()
        if let line = splitter.lastLine() {
            _ = await queue.put(try await parsed(line, traceParent), bytes: line.bytes?.count ?? 0)
        }
    }

    private func parsed(_ line: LineSplitter.Line, _ traceParent: String?) async throws -> Line {
        guard let bytes = line.bytes else {
            return wrong(line, "must be at most \(Self.longestLine) bytes long")
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            return wrong(line, "is not JSON: \(error)")
        }
        let guidance: Guidance
        do { guidance = try desk.guidance() } catch { return .unclear(line.number, error.advice) }
        switch ReportReading(json, from: sender, hasKey: true, guidance: guidance) {
        case .wrong(let errors):
            desk.metrics.countRejected(.stream, from: sender.id)
            return .wrong(line.number, errors)
        case .form(let form, let key):
            do {
                let entry = try await desk.entry(form, from: sender, key: key, json: json, traceParent: traceParent)
                return .report(line.number, entry)
            } catch let problem as ProblemDetails {
                guard !problem.errors.isEmpty else { return .unclear(line.number, problem.detail ?? problem.title) }
                desk.metrics.countRejected(.stream, from: sender.id)
                return .wrong(line.number, problem.errors)
            }
        }
    }

    private func wrong(_ line: LineSplitter.Line, _ message: String) -> Line {
        desk.metrics.countRejected(.stream, from: sender.id)
        return .wrong(line.number, [.init(field: "", message: message)])
    }

    // MARK: - Out

    /// Stores the reports among these lines and writes down what became of each line.
    private func results(of lines: [Line]) async -> [UInt8] {
        let entries = lines.compactMap { line -> ReportEntry? in
            guard case .report(_, let entry) = line else { return nil }
            return entry
        }
        var outcomes: ArraySlice<StoringOutcome> = []
        var notStored: NotStored?
        do {
            outcomes = try await desk.add(entries)[...]
        } catch {
            notStored = error
        }
        var bytes: [UInt8] = []
        for line in lines {
            let result: JSONValue =
                switch line {
                case .wrong(let number, let errors): Self.rejected(number, errors)
                case .unclear(let number, let words):
                    Self.rejected(number, [.init(field: "", message: words)], canRetry: true)
                case .report(let number, let entry):
                    result(number, outcomes.popFirst(), notStored, entry)
                }
            bytes += result.bytes()
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private func result(
        _ number: Int, _ outcome: StoringOutcome?, _ notStored: NotStored?, _ entry: ReportEntry
    ) -> JSONValue {
        switch outcome {
        case .accepted(let receipt): return taken(number, "accepted", receipt, entry)
        case .repeated(let receipt): return taken(number, "duplicate", receipt, entry)
        case .conflict:
            return Self.rejected(
                number, [.init(field: "idempotencyKey", message: "was used before for another report")])
        case nil:
            let reason = notStored ?? .storeFailed
            return Self.rejected(number, [.init(field: "", message: reason.advice)], canRetry: true)
        }
    }

    private func taken(_ number: Int, _ status: String, _ receipt: Receipt, _ entry: ReportEntry) -> JSONValue {
        var members: [String: JSONValue] = [
            "line": .integer(Int64(number)), "status": .string(status),
            "reportId": .string(receipt.reportId.description), "communityId": .string(receipt.communityId.rawValue),
        ]
        desk.tidings(of: entry, receipt).add(to: &members)
        return .object(members)
    }

    /// - Parameter canRetry: whether the same line may be taken when it is sent again.
    private static func rejected(
        _ number: Int, _ errors: [ProblemDetails.FieldError], canRetry: Bool = false
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "line": .integer(Int64(number)), "status": "rejected",
            "errors": .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] }),
        ]
        if canRetry { members["retry"] = true }
        return .object(members)
    }
}
