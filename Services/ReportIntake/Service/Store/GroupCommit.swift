import Contracts
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Why a report was not stored just now.
///
/// It is no fault of the sender, who should come again.
enum NotStored: Error, Hashable, Sendable {
    /// Too many reports wait for an answer from the other side.
    case backlog
    /// The store refused the transaction.
    case storeFailed
    /// The program is about to end.
    case stopping
    /// It has only begun and does not know the boundaries yet.
    case notReady
}

/// Lets all who want to store something at the same time share one transaction.
///
/// Making a commit durable costs the same for one report as for hundreds. So requests queue, one loop takes all that
/// wait, commits once, and answers each. Nobody waits on purpose: while one commit runs the next group gathers.
final class GroupCommit: Service {
    /// Reports in one transaction: more would only make the first of them wait longer.
    static let mostInOne = 500

    private struct Request {
        let entries: [ReportEntry]
        let answer: CheckedContinuation<Result<[StoringOutcome], NotStored>, Never>
    }

    private struct State {
        var waiting: [Request] = []
        /// How many requests are in the transaction that runs.
        var inHand = 0
        var isClosed = false
        var isWritable = true
        var commits = 0
    }

    private let store: IntakeStore
    private let publishing: Publishing
    private let metrics: IntakeMetrics
    private let heartbeat: Heartbeat
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(
        store: IntakeStore, publishing: Publishing, metrics: IntakeMetrics, heartbeat: Heartbeat,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = store
        self.publishing = publishing
        self.metrics = metrics
        self.heartbeat = heartbeat
        self.now = now
        self.logger = logger
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Whether the last write succeeded.
    var isWritable: Bool { state.withLock { $0.isWritable } }

    /// Requests that were not answered yet.
    var openCount: Int { state.withLock { $0.waiting.count + $0.inHand } }

    /// Transactions that were committed since the start.
    var commitCount: Int { state.withLock { $0.commits } }

    /// Stores reports, together with those of others, and returns when they are on the disk.
    ///
    /// Entries of one call stay together and in order. Answers only while ``run()`` is running.
    func add(_ entries: [ReportEntry]) async throws(NotStored) -> [StoringOutcome] {
        guard !entries.isEmpty else { return [] }
        let result = await withCheckedContinuation { continuation in
            let isQueued = state.withLock { state in
                guard !state.isClosed else { return false }
                state.waiting.append(Request(entries: entries, answer: continuation))
                return true
            }
            if isQueued { wake.yield() } else { continuation.resume(returning: .failure(.stopping)) }
        }
        return try result.get()
    }

    /// Commits until it is asked to stop, then what still waits.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.wakeEverySecond() }
                for await _ in wakes {
                    heartbeat.beat()
                    while let group = takeGroup() { await commit(group) }
                    if !isWritable { await probe() }
                }
                group.cancelAll()
            }
            close()
            while let group = takeGroup() { await commit(group) }
        } onGracefulShutdown: {
            self.close()
        }
    }

    private func close() {
        state.withLock { $0.isClosed = true }
        wake.finish()
    }

    /// So that the loop shows that it lives, and asks a failing disk again, also when nobody reports anything.
    private func wakeEverySecond() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
            wake.yield()
        }
    }

    /// As many waiting requests as fit into one transaction, at least one; nil when none waits.
    private func takeGroup() -> [Request]? {
        state.withLock { state in
            var count = 0
            var entries = 0
            for request in state.waiting {
                guard count == 0 || entries + request.entries.count <= Self.mostInOne else { break }
                count += 1
                entries += request.entries.count
            }
            state.inHand = count
            guard count > 0 else { return nil }
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
    }

    private func commit(_ group: [Request]) async {
        let entries = group.count == 1 ? group[0].entries : group.flatMap(\.entries)
        do {
            let outcomes = try await store.add(entries)
            state.withLock { state in
                state.isWritable = true
                state.commits += 1
            }
            publishing.nudge()
            metrics.count(entries, outcomes)
            var rest = outcomes[...]
            for request in group {
                request.answer.resume(returning: .success(Array(rest.prefix(request.entries.count))))
                rest = rest.dropFirst(request.entries.count)
            }
        } catch {
            state.withLock { $0.isWritable = false }
            logger.error(
                "Reports could not be stored", metadata: ["count": "\(entries.count)", "error": "\(error)"])
            for request in group { request.answer.resume(returning: .failure(.storeFailed)) }
        }
    }

    private func probe() async {
        do {
            try await store.probe(at: now())
            state.withLock { $0.isWritable = true }
            logger.notice("The store takes writes again")
        } catch {
            logger.error("The store still takes no writes", metadata: ["error": "\(error)"])
        }
    }
}
