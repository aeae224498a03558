import Contracts
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Portal

/// Every combination of what the console offers, with a value that may be there.
private func everyFilter() -> [CaseFilter] {
    let parts: [@Sendable (inout CaseFilter) -> Void] = [
        { $0.communityId = "a" }, { $0.gridId = "g" }, { $0.category = "E" }, { $0.ownerUnitId = "u" },
        { $0.handlerId = "h" }, { $0.kind = .request }, { $0.isOverdue = true }, { $0.isFlagged = true },
        { $0.dueBefore = .minutes(1) }, { $0.openedFrom = .minutes(0) },
    ]
    let stages: [@Sendable (inout CaseFilter) -> Void] = [
        { _ in }, { $0.isOpen = true }, { $0.isOpen = false }, { $0.stages = [.closed] },
        { $0.stages = [.filed, .dispatched] }, { $0.stages = [.refused] }, { $0.stages = [.closed, .filed] },
    ]
    return (0..<(1 << parts.count)).flatMap { chosen in
        stages.map { stage in
            var filter = CaseFilter.all
            stage(&filter)
            for (number, part) in parts.enumerated() where chosen >> number & 1 == 1 { part(&filter) }
            return filter
        }
    }
}

/// What was asked of the rows of cases while `body` ran.
private func questions(_ db: Database, _ body: () throws -> Void) rethrows -> [String] {
    let asked = Mutex<[String]>([])
    db.trace { event in
        let sql = event.expandedDescription
        if sql.contains("FROM caseFacet") { asked.withLock { $0.append(sql) } }
    }
    defer { db.trace(options: []) }
    try body()
    return asked.withLock(\.self)
}

@Test func `no filter sorts many cases or reads more of them than their index`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let end = CaseState.sample(deadline: .minutes(9))
        let faults = try await portal.readModel.write { db in
            var plans: Set<String> = []
            var faults: [String] = []
            for filter in everyFilter() {
                for order in CaseOrder.allCases {
                    var filter = filter
                    filter.order = order
                    let isSorted = order == .newest || (filter.handlerId == nil && filter.gridId == nil)
                    let isCovered = filter.handlerId == nil || filter.gridId == nil
                    let asked = try questions(db) {
                        _ = try CaseSearch(filter).places(after: nil, limit: 5, in: db)
                        _ = try CaseSearch(filter).places(after: CasePlace(end, in: order), limit: 5, in: db)
                        _ = try CaseSearch(filter).count(atMost: 5, in: db)
                    }
                    for sql in asked {
                        let steps = try String.fetchAll(
                            db, sql: "EXPLAIN QUERY PLAN \(sql)", adapter: SuffixRowAdapter(fromIndex: 3))
                        let plan = steps.joined(separator: "; ")
                        plans.insert(plan)
                        let isDirect =
                            plan.contains("COVERING INDEX") || plan.contains("INTEGER PRIMARY KEY")
                            || steps.contains("SCAN caseFacet")
                        if (isSorted && plan.contains("TEMP B-TREE")) || (isCovered && !isDirect) {
                            faults.append("\(sql): \(plan)")
                        }
                    }
                }
            }
            #expect(plans.count > 12)
            return faults
        }
        #expect(faults.prefix(5) == [])
    }
}
