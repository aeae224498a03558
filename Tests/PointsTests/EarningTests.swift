import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport
import Testing

/// One second later for each record, as `History` stamps them.
private func records(_ values: [Data], later days: Int64 = 0, from offset: Int64 = 0) -> [InputRecord] {
    values.enumerated().map { number, value in
        InputRecord(
            log: "log-1", offset: offset + Int64(number),
            stamp: Timestamp.morning.adding(milliseconds: days * 86_400_000 + (offset + Int64(number)) * 1_000),
            value: value)
    }
}

private func timers(of store: PartitionStore) async throws -> [TimerDue] {
    try await store.queue.read { db in
        try Row.fetchAll(db, sql: "SELECT id, kind, about, dueAt FROM timer WHERE kind = 'release' ORDER BY id").map {
            TimerDue(
                timerId: $0["id"], kind: $0["kind"], about: $0["about"], dueAt: Timestamp(milliseconds: $0["dueAt"]))
        }
    }
}

private func balances(_ store: PartitionStore) async throws -> [AccountID: Int] {
    try await store.queue.read { db in
        try Row.fetchAll(db, sql: "SELECT id, balance FROM account ORDER BY id").reduce(into: [:]) { sums, row in
            sums[AccountID(row["id"] as String)] = row["balance"] as Int
        }
    }
}

@Test func `a timer releases what a closed case promised, into lots that expire`() async throws {
    let closed = Envelope<CaseEvent>.step(.closed, of: "case-1", reporter: "rider-1", at: .morning, id: 1)
    let joined = Envelope<CaseEvent>.joined("case-1", by: "rider-2", after: ["rider-1"])
    let values =
        try History.packValues(releaseDays: 1, expiryMonths: 2)
        + [.filed("case-1"), joined, closed].map { try History.command($0, id: "a") }

    try await withStore { store in
        _ = try await store.enter(log: "log-1")
        _ = try await store.apply(records(values))
        let timer = try #require(try await timers(of: store).first)
        #expect(timer.about == "case-1" && timer.dueAt == Timestamp.morning.adding(milliseconds: 86_400_000))
        let before = try await balances(store)
        #expect(before["pending:nanchang:rider-1"] == 7 && before["pending:nanchang:rider-2"] == 3)

        let due = Envelope(timer, id: .named("due"), source: "/points/0", time: timer.dueAt)
        let again = Envelope(timer, id: .named("due again"), source: "/points/0", time: timer.dueAt)
        let start = Int64(values.count)
        _ = try await store.apply(records([due.value(), again.value()], later: 1, from: start))

        let after = try await balances(store)
        #expect(after["available:nanchang:rider-1"] == 7 && after["available:nanchang:rider-2"] == 3)
        #expect(after["pending:nanchang:rider-1"] == 0 && after["pending:nanchang:rider-2"] == 0)
        let lots = try await store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT points, expiresAt FROM lot ORDER BY accountId").map {
                [$0["points"] as Int64, $0["expiresAt"] as Int64]
            }
        }
        // Released on the 24th of November: good until the end of the 24th of January.
        let end = try #require(Timestamp("2027-01-25T00:00:00+08:00")).milliseconds
        #expect(lots == [[7, end], [3, end]])
        #expect(try await timers(of: store).isEmpty)
    }
}

@Test func `a case that is reopened before its time waits`() async throws {
    let steps: [CaseChanged.Step] = [.filed, .closed, .reopened]
    let values =
        try History.packValues(releaseDays: 1, expiryMonths: 2)
        + steps.enumerated().map { number, step in
            try History.command(
                .step(step, of: "case-1", reporter: "rider-1", at: .morning, id: number), id: "\(number)")
        }

    try await withStore { store in
        _ = try await store.enter(log: "log-1")
        _ = try await store.apply(records(values))

        #expect(try await timers(of: store).isEmpty)
        #expect(try await balances(store)["pending:nanchang:rider-1"] == 10)
    }
}

@Test func `what the funder has not put in is not promised`() async throws {
    let filed = try (0..<3).map { number in
        try History.command(
            .step(
                .filed, of: CaseID("case-\(number)"), reporter: PersonID("rider-\(number)"), at: .morning, id: number),
            id: "\(number)")
    }

    let run = try await applied(History.records(of: History.packValues(funding: 25) + filed), batch: 16)

    #expect(try run.moved().map(\.step) == [.funded, .pended, .pended, .pended])
    #expect(try run.moved().map(\.points) == [25, 10, 10, 5])
    #expect(try run.moved().last?.explanation.contains("预算不足") == true)
    #expect(run.balances["issued:nanchang"] == 0)
    #expect(run.deadLetters.isEmpty)
}
