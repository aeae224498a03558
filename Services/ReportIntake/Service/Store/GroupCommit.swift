import Contracts
import Dispatch
import Foundation
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
/// Making a commit durable costs the same for one report as for hundreds. So requests queue, one thread takes all that
/// wait, commits once, and answers each. While one commit runs the next group gathers; where many come it is given a
/// moment more, so that fewer commits leave more of the machine to the reports. A report that comes alone never waits.
/// The thread is its own, since one of the pool's would stand in line with all requests before it could begin the next
/// commit.
final class GroupCommit: Service {
    /// Reports in one transaction: more would only make the first of them wait longer.
    static let mostInOne = 500

    /// Requests in one transaction from which on many come, and how long the next group may then gather.
    private static let many = 4
    private static let gathering: TimeInterval = 0.002

    private struct Request {
        let entries: [ReportEntry]
        let answer: CheckedContinuation<Result<[StoringOutcome], NotStored>, Never>
    }

    private struct State {
        var waiting: [Request] = []
        /// How many requests are in the transaction that runs.
        var inHand = 0
        var isRunning = false
        /// Whether the thread will look for those that wait, so that nobody need wake it.
        var isAwake = false
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
    private let thread = DispatchQueue(label: "report-intake.group-commit", qos: .userInitiated)

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
            if isQueued { wake() } else { continuation.resume(returning: .failure(.stopping)) }
        }
        return try result.get()
    }

    /// Commits until it is asked to stop, then what still waits.
    func run() async throws {
        state.withLock { $0.isRunning = true }
        wake()
        await withGracefulShutdownHandler {
            while !state.withLock({ $0.isClosed }) {
                thread.async { self.look() }
                do { try await Task.sleep(for: .seconds(1)) } catch { break }
            }
        } onGracefulShutdown: {
            self.close()
        }
        close()
        await withCheckedContinuation { done in
            thread.async {
                self.commitAll()
                done.resume()
            }
        }
    }

    private func close() { state.withLock { $0.isClosed = true } }

    private func wake() {
        let isAsleep = state.withLock { state in
            guard state.isRunning, !state.isAwake else { return false }
            state.isAwake = true
            return true
        }
        if isAsleep { thread.async { self.commitAll() } }
    }

    // MARK: - On the thread

    /// Shows that the thread lives, and asks a failing disk again, also when nobody reports anything.
    private func look() {
        heartbeat.beat()
        if !isWritable { probe() }
    }

    private func commitAll() {
        while let group = takeGroup() {
            commit(group)
            if group.count >= Self.many { Thread.sleep(forTimeInterval: Self.gathering) }
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
            state.isAwake = count > 0
            guard count > 0 else { return nil }
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
    }

    private func commit(_ group: [Request]) {
        let entries = group.count == 1 ? group[0].entries : group.flatMap(\.entries)
        do {
            let outcomes = try store.add(entries)
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
        heartbeat.beat()
    }

    private func probe() {
        do {
            try store.probe(at: now())
            state.withLock { $0.isWritable = true }
            logger.notice("The store takes writes again")
        } catch {
            logger.error("The store still takes no writes", metadata: ["error": "\(error)"])
        }
    }
}
