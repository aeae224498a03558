import Contracts
import EventProcessing

/// Gives out the overview and its reports.
struct OverviewDesk: Sendable {
    /// Whether all was read that stood on the public topics when portal began: before, figures are too small.
    let isCaughtUp: @Sendable () -> Bool
    private let now: @Sendable () -> Timestamp
    private let desks: PeriodDesks

    /// - Parameter goodFor: Milliseconds for which figures are given out again.
    init(
        store: OverviewStore, goodFor: Int64 = 1_000, now: @escaping @Sendable () -> Timestamp,
        isCaughtUp: @escaping @Sendable () -> Bool
    ) {
        self.isCaughtUp = isCaughtUp
        self.now = now
        desks = PeriodDesks { period in
            FigureDesk(goodFor: goodFor, now: now) { try await store.report(period, at: $0) }
        }
    }

    /// A week or a month, or the last thirty days; nil where there is no such report.
    func report(_ period: OverviewPeriod?) async throws -> OverviewReport? { try await desks.report(period) }

    func moment() -> Timestamp { now() }
}

/// A desk for each report that there is: nobody makes it keep one for what is only asked for.
private actor PeriodDesks {
    private let make: @Sendable (OverviewPeriod?) -> FigureDesk<OverviewReport?>
    private var desks: [OverviewPeriod?: FigureDesk<OverviewReport?>] = [:]

    init(make: @escaping @Sendable (OverviewPeriod?) -> FigureDesk<OverviewReport?>) { self.make = make }

    func report(_ period: OverviewPeriod?) async throws -> OverviewReport? {
        let desk = desks[period] ?? make(period)
        desks.updateValue(desk, forKey: period)
        let report = try await desk.figures()
        if report == nil { desks.removeValue(forKey: period) }
        return report
    }
}
