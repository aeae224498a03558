import Contracts
import EventProcessing

/// Gives out the overview and its reports.
struct OverviewDesk: Sendable {
    let store: OverviewStore
    /// Whether all was read that stood on the public topics when portal began: before, figures are too small.
    let isCaughtUp: @Sendable () -> Bool
    private let newest: FigureDesk<OverviewReport?>

    /// - Parameter goodFor: Milliseconds for which the newest figures are given out again.
    init(
        store: OverviewStore, goodFor: Int64 = 1_000, now: @escaping @Sendable () -> Timestamp,
        isCaughtUp: @escaping @Sendable () -> Bool
    ) {
        self.store = store
        self.isCaughtUp = isCaughtUp
        newest = FigureDesk(goodFor: goodFor, now: now) { try await store.report(nil, at: $0) }
    }

    /// A week or a month, or the last thirty days; nil where there is no such report.
    func report(_ period: OverviewPeriod?) async throws -> OverviewReport? {
        guard let period else { return try await newest.figures() }
        return try await store.report(period, at: newest.moment())
    }

    func moment() -> Timestamp { newest.moment() }
}
