import Contracts
import EventProcessing
import Foundation
import TestSupport

/// A random log of a treasurer's commands: grants, gifts, holds, ends and corrections, over some months.
struct LedgerLog {
    let records: [InputRecord]

    static let admin = Actor(personId: "admin-1", roles: ["admin"])
    static let ledger = LedgerID("nanchang")
    static let issued = AccountID("issued:nanchang")

    static func available(_ number: Int) -> AccountID { AccountID("available:nanchang:rider-\(number)") }

    /// - Parameter days: how much time the log takes, so that months end and lots expire in it.
    init(seed: UInt64, commands: Int, days: Int64 = 120) throws {
        var random = SeededGenerator(seed: seed)
        var values = try History.packValues()
        var ids: [TransferID] = []
        for number in 0..<commands {
            let command = try Self.command(number, known: ids, at: Self.time(number, of: commands, days: days), &random)
            if case .move(let id) = command.kind { ids.append(id) }
            values.append(command.value)
            // Some come twice, under the same id or as a new command with the same content.
            if Int.random(in: 0..<10, using: &random) == 0 { values.append(command.value) }
        }
        let step = max(1, days * 86_400_000 / Int64(values.count))
        records = values.enumerated().map { offset, value in
            InputRecord(
                log: "log-1", offset: Int64(offset),
                stamp: Timestamp.morning.adding(milliseconds: Int64(offset) * step), value: value)
        }
    }

    private static func time(_ number: Int, of commands: Int, days: Int64) -> Timestamp {
        Timestamp.morning.adding(milliseconds: Int64(number) * max(1, days * 86_400_000 / Int64(commands)))
    }

    private enum Kind {
        case move(TransferID)
        case other
    }

    private static func command(
        _ number: Int, known: [TransferID], at time: Timestamp, _ random: inout SeededGenerator
    ) throws -> (kind: Kind, value: Data) {
        func pick(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
        let known = known.suffix(200).randomElement(using: &random) ?? "nothing"
        let points = pick(1...50)
        let person = available(pick(0...15))
        switch pick(0...9) {
        case 0...3:
            let id = TransferID("move-\(number)")
            return (.move(id), try value(move(id, from: issued, to: person, points), number))
        case 4:
            let id = TransferID("gift-\(number)")
            return (.move(id), try value(move(id, from: person, to: available(pick(0...15)), points), number))
        case 5, 6:
            let id = TransferID("hold-\(number)")
            let timeout = time.adding(milliseconds: Int64(pick(1...20)) * 86_400_000)
            return (
                .move(id),
                try value(move(id, from: person, to: available(pick(0...15)), points, until: timeout), number)
            )
        case 7:
            let end = EndPending(
                pendingTransferId: known, ledgerId: ledger, outcome: pick(0...1) == 0 ? .post : .void,
                points: pick(0...2) == 0 ? pick(1...20) : nil, reason: "已核实", actor: admin)
            return (.other, try value(end, number))
        case 8:
            return (
                .other,
                try value(
                    CorrectTransfer(
                        transferId: TransferID("fix-\(number)"), ledgerId: ledger, corrects: known, reason: "给错了人",
                        actor: admin), number)
            )
        default:
            // A timer that may or may not stand: the owner says so again until it does not.
            return (
                .other,
                try value(
                    TimerDue(
                        timerId: "hold-timeout|\(known)", kind: "hold-timeout", about: known.rawValue, dueAt: time),
                    number)
            )
        }
    }

    static func move(
        _ id: TransferID, from: AccountID, to: AccountID, _ points: Int, until timeoutAt: Timestamp? = nil
    ) -> MovePoints {
        MovePoints(
            transferId: id, ledgerId: ledger, from: from, to: to, points: points, reason: "夜间巡逻", timeoutAt: timeoutAt,
            actor: admin)
    }

    static func value(_ command: some Message, _ number: Int) throws -> Data {
        try Envelope(command, id: .named("command-\(number)"), source: "/portal/1", time: .morning).value()
    }
}
