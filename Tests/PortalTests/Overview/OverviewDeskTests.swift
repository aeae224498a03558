import Contracts
import EventProcessing
import Synchronization
import TestSupport
import Testing

@testable import Portal

@Test func `a report is counted once in a while, however many ask for it`() async throws {
    try await PortalUnderTest.run { portal, _ in
        func hear(_ id: CaseID) async throws {
            try await portal.hear([
                IncomingRecord.of(
                    OpenCaseState(.sample(id, stage: .filed, openedAt: PortalUnderTest.noon.adding(milliseconds: -1))))
            ])
        }
        let clock = Mutex(PortalUnderTest.noon)
        let desk = OverviewDesk(
            store: portal.overview, goodFor: 1_000, now: { clock.withLock { $0 } }, isCaughtUp: { true })
        let month = try #require(OverviewPeriod("2026-11"))
        func opened(_ period: OverviewPeriod?) async throws -> Int? {
            try await desk.report(period)?.figures.counts.opened
        }
        try await hear("first")
        let first = try await (opened(month), opened(nil))
        try await hear("second")
        let again = try await (opened(month), opened(nil))
        clock.withLock { $0 = $0.adding(milliseconds: 1_000) }
        let later = try await (opened(month), opened(nil))

        #expect(first == (1, 1) && again == (1, 1) && later == (2, 2))
        let unknown = try await desk.report(OverviewPeriod("2031-01"))
        #expect(unknown == nil)
    }
}
