import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport
import Testing

private let rider = LedgerLog.available(1)
private let friend = LedgerAccountNames.friend

private enum LedgerAccountNames {
    static let friend = LedgerLog.available(2)
    static let held = AccountID("held:nanchang:rider-1")
}

/// Commands one after the other, a second apart unless said otherwise, and what came of them.
private func run(_ commands: [any Message], gap: Int64 = 1_000) async throws -> Run {
    var values = try History.packValues()
    for (number, command) in commands.enumerated() { values.append(try LedgerLog.value(command, number)) }
    let records = values.enumerated().map { offset, value in
        InputRecord(
            log: "log-1", offset: Int64(offset), stamp: Timestamp.morning.adding(milliseconds: Int64(offset) * gap),
            value: value)
    }
    return try await applied(records, batch: 8)
}

extension Run {
    fileprivate func refusals() throws -> [String] {
        try outputs.compactMap { output in
            guard try MessageAttributes(value: output.value).type == CommandRefused.type else { return nil }
            return try Envelope<CommandRefused>(value: output.value).data.code
        }
    }
}

private func grant(_ id: TransferID, _ points: Int = 30, to account: AccountID = rider) -> MovePoints {
    LedgerLog.move(id, from: LedgerLog.issued, to: account, points)
}

@Test func `a grant is booked once, and its id stands for nothing else`() async throws {
    let run = try await run([grant("a"), grant("a"), grant("a", 31), grant("a", to: friend)])

    #expect(try run.moved().map(\.step) == [.funded, .awarded])
    #expect(run.balances[rider] == 30)
    #expect(try run.refusals() == ["conflict", "conflict"])
    // The repetition is answered as the first was: it was done.
    let applied = try run.outputs.filter { try MessageAttributes(value: $0.value).type == CommandApplied.type }
        .map { try Envelope<CommandApplied>(value: $0.value).data.commandType }
    #expect(applied.filter { $0 == MovePoints.type }.count == 1)
}

@Test func `only an admin moves points, and only between accounts that allow it`() async throws {
    let stranger = MovePoints(
        transferId: "x", ledgerId: LedgerLog.ledger, from: LedgerLog.issued, to: rider, points: 1, reason: "",
        actor: Actor(personId: "rider-1", roles: ["rider"]))
    let late = MovePoints(
        transferId: "l", ledgerId: LedgerLog.ledger, from: LedgerLog.issued, to: rider, points: 1, reason: "",
        actor: LedgerLog.admin, notAfter: .morning)
    let run = try await run([
        stranger, late, LedgerLog.move("p", from: "pending:nanchang:rider-1", to: rider, 1),
        LedgerLog.move("o", from: LedgerLog.issued, to: "available:elsewhere:rider-1", 1),
        LedgerLog.move("n", from: LedgerLog.issued, to: "available:nanchang:anon:7f3a", 1),
        LedgerLog.move("z", from: LedgerLog.issued, to: rider, 0), LedgerLog.move("s", from: rider, to: rider, 1),
        LedgerLog.move("b", from: rider, to: friend, 1),
    ])

    #expect(
        try run.refusals() == [
            "not-allowed", "too-late", "no-such-move", "no-such-move", "no-such-move", "not-positive", "no-such-move",
            "not-enough",
        ])
    // The budget was put in by a command that was refused later: then that is rolled back, too.
    #expect(try run.moved().isEmpty && run.balances.isEmpty)
}

@Test func `a hold is posted in part, and the rest comes back, exactly once`() async throws {
    func end(_ outcome: EndPending.Outcome, _ points: Int? = nil) -> EndPending {
        EndPending(
            pendingTransferId: "h", ledgerId: LedgerLog.ledger, outcome: outcome, points: points, reason: "已核实",
            actor: LedgerLog.admin)
    }
    let hold = LedgerLog.move(
        "h", from: rider, to: friend, 20, until: Timestamp.morning.adding(milliseconds: 3_600_000))

    let run = try await run([grant("a"), hold, end(.post, 25), end(.post, 12), end(.post), end(.void), hold])

    #expect(try run.moved().map(\.step) == [.funded, .awarded, .held, .posted, .unheld])
    #expect(run.balances[rider] == 18 && run.balances[friend] == 12 && run.balances[LedgerAccountNames.held] == 0)
    #expect(try run.refusals() == ["more-than-held", "hold-ended", "hold-ended"])
}

@Test func `a hold that nobody ends times out by its timer, and then cannot be ended`() async throws {
    let hold = LedgerLog.move("h", from: rider, to: friend, 20, until: Timestamp.morning.adding(milliseconds: 60_000))
    let timer = TimerDue(timerId: "hold-timeout|h", kind: "hold-timeout", about: "h", dueAt: .morning)
    let end = EndPending(
        pendingTransferId: "h", ledgerId: LedgerLog.ledger, outcome: .post, reason: "", actor: LedgerLog.admin)

    let early = try await run([grant("a"), hold, timer])
    #expect(try early.moved().map(\.step) == [.funded, .awarded, .held])
    let late = try await run([grant("a"), hold, timer, timer, end], gap: 15_000)
    #expect(try late.moved().map(\.step) == [.funded, .awarded, .held, .timedOut])
    #expect(try late.refusals() == ["hold-ended"])
    #expect(late.balances[rider] == 30)
}

@Test func `a transfer is corrected once, and only while its points are there`() async throws {
    func correct(_ id: TransferID, _ wrong: TransferID) -> CorrectTransfer {
        CorrectTransfer(
            transferId: id, ledgerId: LedgerLog.ledger, corrects: wrong, reason: "给错了人", actor: LedgerLog.admin)
    }
    let run = try await run([
        grant("a"), correct("c1", "a"), correct("c1", "a"), correct("c2", "a"), correct("c3", "c1"), correct("c4", "?"),
        grant("b"), LedgerLog.move("g", from: rider, to: friend, 30), correct("c5", "b"),
    ])

    let moves = try run.moved()
    #expect(moves.map(\.step) == [.funded, .awarded, .corrected, .awarded, .moved])
    #expect(moves[2].correctsTransferId == "a" && moves[2].explanation.contains("给错了人"))
    #expect(try run.refusals() == ["already-corrected", "not-correctable", "not-found", "already-spent"])
    #expect(run.balances[friend] == 30)
}

@Test func `a budget goes in on its day, and waits where the line does not reach`() async throws {
    let run = try await run([grant("a", 100_000), grant("b", 1)])

    #expect(try run.moved().first?.points == 100_000)
    #expect(try run.refusals() == ["not-enough"])
    #expect(run.balances["funder:nanchang:street"] == -100_000)
}

@Test(arguments: SeededGenerator.seeds(3, fresh: 1))
func `months are closed by the first command after them, and the published script agrees`(seed: UInt64) async throws {
    let log = try LedgerLog(seed: seed, commands: 400)
    let run = try await applied(log.records, batch: 32)

    let lines = try run.lines()
    let months = lines.filter { $0.contains(PeriodClosed.type) }
    #expect(months.count == 4, "seed \(seed)")
    #expect(run.deadLetters.isEmpty, "seed \(seed)")
    let answer = try await PythonScript("deploy/verify-points.py").run(
        input: Data((lines.reversed() + lines).joined(separator: "\n").utf8))
    #expect(answer.status == 0 && answer.output.contains("; 4 months"), "seed \(seed): \(answer.output)")
    // Any one byte of a month, a hash, an amount, a lot or a day.
    var random = SeededGenerator(seed: seed)
    for what in [
        "\"root\":\"", "\"hash\":\"", "\"amount\":", "\"points\":1", "\"number\":", "\"endedAt\":\"202",
        "\"expiresAt\":\"202", "\"transferId\":\"", "\"timeoutAt\":\"202", "\"actorId\":\"",
    ] {
        guard
            let index = lines.indices.filter({ lines[$0].contains(what) && !lines[$0].contains("account.state") })
                .randomElement(using: &random)
        else { continue }
        var changed = lines
        changed[index] = changed[index].flippingDigit(after: what)
        let broken = try await PythonScript("deploy/verify-points.py").run(
            input: Data(changed.joined(separator: "\n").utf8))
        #expect(broken.status == 1, "seed \(seed): \(what) at \(index)")
    }
}

extension Run {
    /// What anyone can read, a record a line.
    fileprivate func lines() throws -> [String] {
        try outputs.filter { output in
            let type = try MessageAttributes(value: output.value).type
            return type.hasPrefix("points.") || type == AccountState.type
        }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}

extension String {
    /// With the digit after a mark another one.
    fileprivate func flippingDigit(after mark: String) -> String {
        guard let start = range(of: mark)?.upperBound,
            let digit = self[start...].firstIndex(where: { $0.isHexDigit && $0.isASCII })
        else { return self }
        return replacingCharacters(in: digit...digit, with: self[digit] == "7" ? "8" : "7")
    }
}
