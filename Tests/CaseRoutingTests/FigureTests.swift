import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

@Suite struct FigureTests {
    @Test func `open and overdue cases are counted, and a closed one no more`() async throws {
        let desk = try await Desk()
        #expect(try await desk.figures() == ["cases_open": 0, "cases_overdue": 0])
        let id = try await desk.register(CitySample.report()).state().caseId
        try await desk.act(.file, on: id)
        try await desk.act(.dispatch, on: id)
        #expect(try await desk.figures() == ["cases_open": 1, "cases_overdue": 0])

        let due = try #require(try await desk.timer(of: id))
        try await desk.wake(id, due: due, at: due)
        #expect(try await desk.figures() == ["cases_open": 1, "cases_overdue": 1])

        try await desk.act(.transfer, on: id, to: CitySample.longjiang, after: due.milliseconds - Desk.start + 1_000)
        #expect(try await desk.figures() == ["cases_open": 0, "cases_overdue": 0])
    }

    @Test func `a text that looks like it makes no case overdue`() async throws {
        let desk = try await Desk()
        try await desk.register(CitySample.report(saying: #"井盖坏了 "isOverdue":true"#))
        #expect(try await desk.figures() == ["cases_open": 1, "cases_overdue": 0])
    }

    @Test func `each figure comes from an index, however many cases are closed`() async throws {
        let desk = try await Desk()
        let plans = try await desk.store.store.queue.read { db in
            try [
                "SELECT COUNT(*) FROM casePlace WHERE closedAt IS NULL",
                """
                SELECT COUNT(*) FROM caseFile INDEXED BY caseFileLate CROSS JOIN casePlace ON caseId = id
                WHERE instr(body, '"isOverdue":true') > 0 AND closedAt IS NULL
                """,
            ].map { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
                    .joined(separator: "; ")
            }
        }
        #expect(plans[0].contains("casePlaceOpen"))
        #expect(plans[1].contains("SCAN caseFile USING INDEX caseFileLate"), "\(plans[1])")
    }
}

extension Desk {
    fileprivate func figures() async throws -> [String: Int] {
        try await store.store.values(of: CaseTables.figures)
    }
}
