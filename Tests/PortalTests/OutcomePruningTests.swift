import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Portal

/// Outcomes of commands that others took do not stay for ever.
@Suite struct OutcomePruningTests {
    private static func outcome(_ number: Int, at moment: Timestamp) throws -> IncomingRecord {
        let command = MessageID(namespace: .suishoupai, name: "command \(number)")
        return try .of(
            CommandRefused(commandId: command, commandType: ActOnCase.type, code: "too-late", reason: "太晚"),
            cause: command, at: moment)
    }

    private static func day(_ count: Int64) -> Timestamp { .minutes(count * 1_440) }

    /// Takes note of a command as if somebody had given it here.
    private static func take(_ number: Int, _ portal: PortalUnderTest) async throws {
        let id = MessageID(namespace: .suishoupai, name: "command \(number)")
        _ = try await portal.readModel.take(
            TakenCommand(id: id, subject: "worker-a", action: "file", about: "case-1", fingerprint: "f"),
            at: day(0), topic: TopicCatalogue.caseCommands, key: "mingdu", value: Data("{}".utf8))
    }

    private static func kept(_ portal: PortalUnderTest) async throws -> Set<MessageID> {
        try await portal.readModel.read { db in
            Set(try String.fetchAll(db, sql: "SELECT commandId FROM commandOutcome").compactMap { MessageID($0) })
        }
    }

    private static func ids(_ numbers: some Sequence<Int>) -> Set<MessageID> {
        Set(numbers.map { MessageID(namespace: .suishoupai, name: "command \($0)") })
    }

    @Test func `outcomes older than a week go bit by bit, but for those of commands that were given here`()
        async throws
    {
        try await PortalUnderTest.run { portal, _ in
            let projection = PortalProjection(outbox: portal.readModel.outbox)
            let hear = { (records: [IncomingRecord]) in
                try await portal.readModel.write { db in for record in records { try projection.apply(record, in: db) }
                }
            }
            for number in [3, 7] { try await Self.take(number, portal) }
            try await hear(try (0..<250).map { try Self.outcome($0, at: Self.day(0)) })
            try await hear([try Self.outcome(300, at: Self.day(2))])
            #expect(try await Self.kept(portal).count == 251)

            try await hear([try Self.outcome(301, at: Self.day(8))])
            #expect(try await portal.count("commandOutcome") > 100, "not all at once")
            try await hear([try Self.outcome(302, at: Self.day(8)), try Self.outcome(303, at: Self.day(8))])
            #expect(try await Self.kept(portal) == Self.ids([3, 7, 300, 301, 302, 303]))

            // The whole history comes once more, as from a broker that had lost everything.
            try await hear(try (0..<250).map { try Self.outcome($0, at: Self.day(0)) })
            try await hear(try (304..<308).map { try Self.outcome($0, at: Self.day(8)) })
            #expect(try await Self.kept(portal) == Self.ids([3, 7] + Array(300..<308)))
        }
    }
}
