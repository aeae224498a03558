import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import ReportIntake

private let noon = IntakeUnderTest.noon

@Test func `a case's row is replaced by a higher version only`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        try await intake.read([.sample(version: 2, stage: .filed, unit: "property")], at: noon.later(minutes: 2))
        try await intake.read([.sample(version: 1, stage: .opened)], at: noon.later(minutes: 3))
        try await intake.read([.sample(version: 2, stage: .closed)], at: noon.later(minutes: 4))

        let known = try #require(try await intake.core.store.cases(["case-1"]).first)

        #expect(known.version == 2)
        #expect(known.stage == .filed)
        #expect(known.ownerUnitId == "property")
        #expect(known.updatedAt == noon.later(minutes: 2))
        #expect(known.location == CaseState.spot)

        try await intake.read([.sample(version: 3, stage: .closed, closedAt: noon.later(minutes: 9))])
        #expect(try await intake.core.store.cases(["case-1"]).first?.closedAt == noon.later(minutes: 9))
        #expect(try intake.count("caseState") == 1)
    }
}

@Test func `states give the same rows in whatever order and however often they come`() async throws {
    let states: [CaseState] = [
        .sample("a", version: 1), .sample("a", version: 2, stage: .filed, reports: ["report-1", "report-2"]),
        .sample("a", version: 3, stage: .transferred, reports: ["report-1", "report-2"]),
        .sample("b", version: 1, reports: ["report-2"], openedAt: noon.later(minutes: 5)),
        .sample(
            "b", version: 2, stage: .dispatched, reports: ["report-2", "report-3"], openedAt: noon.later(minutes: 5)),
    ]
    var generator = SeededGenerator()
    let orders = [states] + (0..<5).map { _ in (states + states).shuffled(using: &generator) }
    var tables: Set<[String]> = []
    for order in orders {
        let rows = KeptValue<[String]>([])
        try await IntakeUnderTest.run { intake, _ in
            try await intake.read(order)
            rows.set(
                try await intake.core.store.pool.read { db in
                    try Row.fetchAll(db, sql: "SELECT * FROM caseState ORDER BY caseId").map(\.description)
                        + Row.fetchAll(db, sql: "SELECT * FROM reportCase ORDER BY reportId, caseId").map(\.description)
                })
        }
        tables.insert(rows.value)
    }

    #expect(tables.count == 1)
    #expect(tables.first?.count == 6)
}

@Test func `a report that was transferred is in the case where it went`() async throws {
    let report = MessageID.random()
    let old = CaseState.sample("a", version: 2, stage: .transferred, reports: [ReportID(report.description)])
    let new = CaseState.sample("b", reports: [ReportID(report.description)], openedAt: noon.later(minutes: 5))
    for order in [[old, new], [new, old]] {
        try await IntakeUnderTest.run { intake, _ in
            try await intake.read(order)

            #expect(try await intake.core.store.caseId(of: report) == "b")
            #expect(try await intake.core.store.caseId(of: .random()) == nil)
        }
    }
}

@Test func `what else comes on the topic is passed over`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, _ in
        let record = try IntakeUnderTest.record(
            CommandRefused(commandId: .random(), commandType: "case.close", code: "x", reason: "y"), at: noon)
        try await intake.core.store.pool.write { db in try CaseStates().apply(record, in: db) }

        #expect(try intake.count("caseState") == 0)
    }
}

@Test(arguments: [
    (286_829_123, 286_830_000), (286_825_000, 286_830_000), (286_824_999, 286_820_000), (-286_825_000, -286_830_000),
    (-4_999, 0), (0, 0),
])
func `everybody may know a place to a thousandth of a degree`(value: Int, rounded: Int) {
    let location = Location(latitudeE7: value, longitudeE7: -value).rounded

    #expect(location == Location(latitudeE7: rounded, longitudeE7: -rounded))
}
