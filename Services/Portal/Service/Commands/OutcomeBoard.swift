import Contracts
import EventProcessing
import Synchronization

/// Tells waiting requests that the read model has taken in what came of their command.
final class OutcomeBoard: Sendable {
    /// What has come of a command.
    enum News: Hashable, Sendable {
        /// Its outcome: an event that it caused, or its refusal.
        case outcome
        /// The state of a case, message or campaign after it.
        case state
        /// An order after it.
        case order
        /// A station's stock after it.
        case stock
        /// An account after it.
        case account
        /// A person's settings after it.
        case settings

        /// What a record of this type tells; hours, notices and signals have no state beside their events.
        static func told(by type: String) -> [News] {
            switch type {
            case CaseState.type, InboxMessageState.type, CampaignState.type: [.state]
            case OrderState.type: [.order]
            case StockState.type: [.stock]
            case AccountState.type: [.account]
            case PersonSettingsState.type: [.settings]
            case HoursRecorded.type, SignalReviewed.type: [.outcome, .state]
            case _ where NoticeChanged.Step(rawValue: type) != nil: [.outcome, .state]
            default: [.outcome]
            }
        }
    }

    private struct State {
        var nextID = 0
        var waiting: [MessageID: [Int: AsyncStream<News>.Continuation]] = [:]
    }

    private let state = Mutex(State())

    /// Lends the news of one command for as long as `body` runs.
    ///
    /// Begin before the command is sent: what comes earlier is not told.
    func withNews<Value>(
        of command: MessageID, _ body: (AsyncStream<News>) async throws -> Value
    ) async rethrows -> Value {
        let (news, continuation) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingOldest(16))
        let id = state.withLock { state in
            state.nextID += 1
            state.waiting[command, default: [:]][state.nextID] = continuation
            return state.nextID
        }
        defer {
            state.withLock { state in
                state.waiting[command]?[id] = nil
                if state.waiting[command]?.isEmpty == true { state.waiting[command] = nil }
            }
            continuation.finish()
        }
        return try await body(news)
    }

    /// Takes note of records that are committed to the read model.
    func note(_ records: [IncomingRecord]) {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return }
            for record in records {
                guard let cause = record.attributes.causationID, let waiting = state.waiting[cause] else { continue }
                for continuation in waiting.values {
                    for news in News.told(by: record.attributes.type) { continuation.yield(news) }
                }
            }
        }
    }
}

extension AsyncStream<OutcomeBoard.News> {
    /// Waits until all of `wanted` has been told, counting what was `heard` before.
    ///
    /// - Returns: What has been told by then, or by the deadline. After a deadline the stream tells no more.
    func heard(
        _ wanted: Set<OutcomeBoard.News>, after heard: Set<OutcomeBoard.News> = [],
        until deadline: ContinuousClock.Instant
    ) async -> Set<OutcomeBoard.News> {
        guard !wanted.isSubset(of: heard) else { return heard }
        return await withTaskGroup(of: Set<OutcomeBoard.News>?.self) { group in
            group.addTask {
                var heard = heard
                for await item in self {
                    heard.insert(item)
                    if wanted.isSubset(of: heard) { break }
                }
                return heard
            }
            group.addTask {
                // A cancelled wait is over, too.
                do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return nil }
                return nil
            }
            var result = heard
            for await finished in group {
                group.cancelAll()
                if let finished { result.formUnion(finished) }
            }
            return result
        }
    }
}
