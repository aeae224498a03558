import Contracts
import Foundation
import GRDB
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let wanted = ProcessInfo.processInfo.environment["FIGURES_CASES"].flatMap(Int.init)

/// Prints how long figures of a year with so many cases take: `FIGURES_CASES=1000000 deploy/test --filter FigureScale`.
@Suite(.enabled(if: wanted != nil, "set FIGURES_CASES to how many cases there are to be"))
struct FigureScaleTests {
    @Test func `figures of very many cases are read at once`() async throws {
        let cases = try #require(wanted)
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(CitySample.pack())
            try await portal.readModel.write { db in
                try db.execute(sql: Self.cases, arguments: [cases, PortalUnderTest.noon.milliseconds])
                try FigureTables.recount(in: db)
                let counts = RateCount.allCases.map { "\($0.rawValue) = opened" }.joined(separator: ", ")
                try db.execute(
                    sql: """
                        UPDATE figureDay SET \(counts);
                        INSERT INTO overdueNow SELECT communityId, unitId, SUM(openOverdue) FROM figureDay GROUP BY 1, 2;
                        """)
            }
            let year = FigureScope(communityId: nil, unitId: nil, first: "2025-11-24", last: "2026-11-23")
            let all = try await portal.readModel.figures(year, at: PortalUnderTest.noon)
            #expect(all.opened() == cases && all.hours.joined().reduce(0, +) == cases)
            #expect(all.categories.count == 40 && all.counts.count == 360)
            for (community, unit) in [(nil, nil), ("community-1", nil), (nil, "unit-3")] as [(String?, String?)] {
                let scope = FigureScope(
                    communityId: community, unitId: unit, first: "2026-08-26", last: "2026-11-23")
                let times = try await Self.times {
                    _ = try await portal.readModel.figures(scope, at: PortalUnderTest.noon)
                }
                print("figures of 90 days, \(cases) cases, \(community ?? "all"), \(unit ?? "all"): \(times)")
            }
            let desk = try portal.browser(of: "desk", .dispatcher, on: client)
            let page = try await Self.times { _ = try await desk.open("/console/figures?period=90") }
            print("the page of 90 days, \(cases) cases: \(page)")
        }
    }

    private static func times(_ body: () async throws -> Void) async throws -> String {
        var times: [Duration] = []
        for _ in 0..<5 { times.append(try await ContinuousClock().measure { try await body() }) }
        return times.sorted().map { "\(Int($0 / .milliseconds(1))) ms" }.joined(separator: ", ")
    }

    /// Twelve communities, thirty units and forty categories; one case in twenty is open.
    private static let cases = """
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
        INSERT INTO caseState (caseId, version, communityId, stage, category, kind, ownerUnitId, isOverdue, latitudeE7,
            longitudeE7, openedAt, updated, body)
        SELECT printf('%016x', n), 9, 'community-' || (n % 12), CASE WHEN n % 20 = 0 THEN 'dispatched' ELSE 'closed' END,
            'E' || (n / 7 % 40), 'snapshot', 'unit-' || (n / 12 % 30), n % 3 = 0, 286829000, 1158582000,
            ?2 - n * 2654435761 % 31363200000, ?2, 'a body of a usual length' || printf('%.300c', 'x') FROM number
        """
}
