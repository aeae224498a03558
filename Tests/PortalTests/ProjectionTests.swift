import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `a row is replaced by a higher version only`() async throws {
    try await PortalUnderTest.run { portal, _ in
        func hear(_ version: Int, _ stage: CaseStage, reporters: [PersonID], unread: Bool, balance: Int) async throws {
            try await portal.hear(
                CaseState.sample(version: version, stage: stage, reporters: reporters),
                AccountState.sample(.available, version: version, balance),
                InboxMessageState.sample("m-1", version: version, readAt: unread ? nil : .minutes(1)))
        }
        func stands(_ stage: CaseStage, version: Int, mine: String, unread: Int, balance: Int) async throws {
            let state = try #require(try await portal.readModel.caseState("case-1"))
            #expect(state.version == version && state.stage == stage)
            #expect(try await portal.readModel.cases(CaseFilter(reporter: [mine]), after: nil, limit: 9).count == 1)
            #expect(try await portal.readModel.balance(of: ["rider-1"]).available == balance)
            #expect(try await portal.readModel.inbox(of: ["rider-1"], after: nil, limit: 9).unread == unread)
        }

        try await hear(2, .filed, reporters: ["rider-2"], unread: true, balance: 20)
        try await hear(1, .opened, reporters: ["rider-1"], unread: false, balance: 10)
        try await stands(.filed, version: 2, mine: "rider-2", unread: 1, balance: 20)
        try await hear(2, .opened, reporters: ["rider-1"], unread: false, balance: 10)
        try await stands(.filed, version: 2, mine: "rider-2", unread: 1, balance: 20)
        try await hear(3, .dispatched, reporters: ["rider-1"], unread: false, balance: 30)
        try await stands(.dispatched, version: 3, mine: "rider-1", unread: 0, balance: 30)

        #expect(try await portal.readModel.cases(CaseFilter(reporter: ["rider-2"]), after: nil, limit: 9).isEmpty)
        #expect(try await portal.count("caseState") == 1)
    }
}

/// Records of every kind that portal reads, several of one case, one account and one message.
private func everything() throws -> [IncomingRecord] {
    let command = MessageID.random()
    let (parts, activation) = try PackTransport.messages(for: .town())
    let states = try (1...4).flatMap { version in
        [
            try IncomingRecord.of(
                CaseState.sample(version: version, reporters: [PersonID("rider-\(version)")])),
            try .of(AccountState.sample(.available, version: version, version * 10)),
            try .of(InboxMessageState.sample("m-1", version: version)),
        ]
    }
    let steps = try CaseChanged.Step.allCases.enumerated().map { number, step in
        try IncomingRecord.of(CaseState.sample().step(step), at: .minutes(Int64(number)))
    }
    let words = try [
        CaseState.sample().amended(.added, by: "rider-1", text: "又一堆"),
        CaseState.sample().reclassified(from: "P0101", reason: "是垃圾"),
    ].map { try IncomingRecord.of($0) }
    let others: [any Payload] = [
        PointsMoved.sample(.pended, 1), PointsMoved.sample(.released, 1), activation,
        CommandRefused(commandId: command, commandType: ActOnCase.type, code: "too-late", reason: "太晚"),
    ]
    return try states + steps + words + others.map { try .of($0, cause: command) } + parts.map { try .of($0) }
}

/// Days of which something is counted.
let figureDays =
    "SELECT * FROM figureDay WHERE opened <> 0"
    + RateCount.allCases.map { " OR \($0.rawValue) <> 0" }.joined()

/// What stands in the tables, but for the order in which events came.
private func tables(_ portal: PortalUnderTest) async throws -> [String] {
    try await portal.readModel.read { db in
        try [
            "SELECT * FROM caseState", "SELECT * FROM caseReporter", "SELECT id, caseId, at, type, body FROM caseEvent",
            "SELECT * FROM pointsEvent", "SELECT * FROM account", "SELECT * FROM inboxMessage", "SELECT * FROM pack",
            "SELECT * FROM packActivation", "SELECT * FROM commandOutcome",
            figureDays, "SELECT * FROM rateTally",
            "SELECT * FROM openedHour WHERE value <> 0", "SELECT * FROM openedCategory WHERE value <> 0",
        ].map { sql in try Row.fetchAll(db, sql: sql).map { "\($0)" }.sorted().joined(separator: "\n") }
    }
}

@Test func `the same records give the same tables, in whatever order and however often they come`() async throws {
    var generator = SeededGenerator()
    let records = try everything()
    let shuffled = (0..<6).map { _ in
        (records + records.filter { _ in Bool.random(using: &generator) }).shuffled(using: &generator)
    }
    try await PortalUnderTest.run { first, _ in
        try await first.hear(records)
        let expected = try await tables(first)
        #expect(expected.allSatisfy { !$0.isEmpty })

        for order in shuffled {
            try await PortalUnderTest.run { second, _ in
                try await second.hear(order)
                #expect(try await tables(second) == expected)
            }
        }
    }
}

@Test func `an event that comes twice is one step`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let step = try IncomingRecord.of(CaseState.sample().step(.filed))

        try await portal.hear([step, step])
        try await portal.hear([step])

        #expect(try await portal.readModel.timeline(of: "case-1").count == 1)
    }
}

@Test func `a type that is not known is passed over`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let unheardOf = [
            try IncomingRecord.of(CaseState.sample().step(.filed)).replacing("case.filed", with: "case.photographed"),
            try .of(CaseState.sample()).replacing("case.state", with: "case.picture"),
            try .of(PointsMoved.sample(.pended, 1)).replacing("points.pended", with: "points.given"),
        ]
        for record in unheardOf {
            await #expect(throws: ContractError.unknownType(record.attributes.type)) {
                try await portal.hear([record])
            }
        }

        #expect(try await portal.count("caseEvent") == 0)
        #expect(try await portal.count("pointsEvent") == 0)
    }
}

@Test func `a newer version of a type, or one that cannot be read, leaves everything as it was`() async throws {
    try await PortalUnderTest.run { portal, _ in
        for record in try everything() {
            let type = record.attributes.type
            let newer = try record.replacing(
                "\(SchemaReference.prefix)\(type):1", with: "\(SchemaReference.prefix)\(type):2")
            let broken = try record.replacing("\"data\":{", with: "\"data\":{},\"dat\":{")

            await #expect(throws: ContractError.newerVersion(type: type, found: 2, known: 1), "\(type)") {
                try await portal.hear([newer])
            }
            await #expect(throws: ContractError.self, "\(type)") { try await portal.hear([broken]) }
        }

        #expect(try await tables(portal).allSatisfy(\.isEmpty))
    }
}

@Test func `an answer frees the command that it is about, and no other`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let ids = (1...5).map { MessageID(namespace: .suishoupai, name: "command \($0)") }
        try await portal.readModel.write { [portal] db in
            for id in ids {
                try portal.readModel.outbox.append(
                    id: id, topic: TopicCatalogue.caseCommands, key: "mingdu", value: Data(), at: .minutes(0), in: db)
            }
        }

        try await portal.hear(CaseState.sample().step(.filed), cause: ids[0])
        try await portal.hear(
            CommandRefused(commandId: ids[1], commandType: "", code: "", reason: ""), cause: ids[1])
        try await portal.hear(CommandFailed(commandId: ids[2], commandType: "", reason: ""), cause: ids[2])
        try await portal.hear(CommandApplied(commandId: ids[3], commandType: ""), cause: ids[3])
        try await portal.hear(CaseState.sample(), cause: ids[4])

        #expect(try await portal.unanswered() == 1, "a state is no answer")
    }
}
