import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport
import Testing

@Test(arguments: SeededGenerator.seeds(7, 8, 9, fresh: 3))
func `two runs over one history give the same machine and the same bytes`(seed: UInt64) async throws {
    let history = try History(seed: seed)

    let first = try await applied(history.records, batch: 1)
    let second = try await applied(history.records, batch: 64)

    #expect(first.digest == second.digest, "seed \(seed)")
    #expect(first.outputs == second.outputs, "seed \(seed)")
    #expect(first.deadLetters.isEmpty, "seed \(seed)")
}

@Test(arguments: SeededGenerator.seeds(7, 8, 9, fresh: 3))
func `the balances recounted from the published events are those of the accounts`(seed: UInt64) async throws {
    let history = try History(seed: seed)

    let run = try await applied(history.records, batch: 32)

    var recounted: [AccountID: Int] = [:]
    var versions: [AccountID: Int] = [:]
    for moved in try run.moved() {
        #expect(moved.postings.reduce(0) { $0 + $1.amount } == 0, "seed \(seed)")
        for posting in moved.postings {
            recounted[posting.accountId, default: 0] += posting.amount
            versions[posting.accountId, default: 0] += 1
        }
    }
    #expect(!recounted.isEmpty, "seed \(seed)")
    #expect(recounted.values.reduce(0, +) == 0, "seed \(seed)")
    #expect(run.balances == recounted, "seed \(seed)")
    let states = try run.states()
    #expect(states.mapValues(\.balance) == recounted, "seed \(seed)")
    #expect(states.mapValues(\.version) == versions, "seed \(seed)")
    #expect(states.values.allSatisfy { $0.kind == .funder || $0.balance >= 0 }, "seed \(seed)")
}

@Test func `a command that comes twice is booked once`() async throws {
    let history = try History(seed: 11)
    let doubled = history.values.flatMap { [$0, $0] } + history.values

    let once = try await applied(history.records, batch: 16)
    let twice = try await applied(History.records(of: doubled), batch: 16)

    #expect(try twice.moved().map(\.transferId) == once.moved().map(\.transferId))
    #expect(twice.balances == once.balances)
}

@Test func `an event that is translated anew under another id is booked once, too`() async throws {
    let filed = Envelope<CaseEvent>.filed("case-1")
    let values = try History.packValues() + [History.command(filed, id: "a"), History.command(filed, id: "b")]

    let run = try await applied(History.records(of: values), batch: 16)

    #expect(try run.moved().map(\.step) == [.funded, .pended])
    #expect(
        run.balances == [
            "funder:nanchang:street": -100_000, "issued:nanchang": 99_990, "pending:nanchang:rider-1": 10,
        ])
    #expect(run.deadLetters.isEmpty)
}

@Test func `before the first pack nothing is promised`() async throws {
    let run = try await applied(
        History.records(of: [History.command(.filed("case-1"), id: "a")]), batch: 16)

    #expect(run.outputs.isEmpty)
    #expect(run.balances.isEmpty)
}

@Test func `a command that is not for points is refused in words`() async throws {
    let stranger = Envelope(
        MarkRead(messageId: "m-1", actor: Actor(personId: "rider-1", roles: [])), id: .named("stranger"),
        source: "/portal/1", time: .morning)

    let run = try await applied(History.records(of: [stranger.value()]), batch: 16)

    let refusal = try Envelope<CommandRefused>(value: try #require(run.outputs.first).value).data
    #expect(refusal.code == "unknown-command")
    #expect(refusal.commandId == stranger.id)
}

@Test func `the table itself keeps a person's account from falling below zero`() async throws {
    let insert = """
        INSERT INTO account (id, ledgerId, kind, balance, version, hash) VALUES (?, 'nanchang', ?, -1, 1, '')
        """

    try await withStore { store in
        try await store.queue.write { db in
            try db.execute(sql: insert, arguments: ["funder:nanchang", "funder"])
            for kind in ["pending", "available", "issued", "held"] {
                #expect(throws: DatabaseError.self) {
                    try db.execute(sql: insert, arguments: ["\(kind):nanchang:rider-1", kind])
                }
            }
        }
    }
}
