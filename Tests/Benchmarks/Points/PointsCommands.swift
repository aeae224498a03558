import Contracts
import EventProcessing
import Foundation

/// Commands that move points: grants to many riders, and gifts among them.
enum PointsCommands {
    static let log = "log-1"
    private static let ledger = LedgerID("nanchang")
    private static let riders = 1_000
    private static let start = Timestamp(milliseconds: 1_795_392_900_000)

    private static let pack = Pack(
        name: "benchmark", title: "样例", version: 1,
        calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
        communities: [], units: [], people: [], categories: [], routingRules: [], pointRules: [], templates: [],
        webhooks: [], mergeDistance: 3_000,
        points: PackPoints {
            $0.expiryMonths = 24
            $0.funders = [
                PackFunder(
                    id: "street", name: "街道", ledgerId: ledger, line: 1_000_000_000,
                    budgets: [.init(from: "2026-01-01", points: 1_000_000_000)])
            ]
        })

    /// How many of the records only prepare.
    static let preparation = 3

    static func records(_ count: Int) throws -> [InputRecord] {
        let (parts, activation) = try PackTransport.messages(for: pack)
        precondition(parts.count + 2 == preparation, "the pack is of one part")
        var values = try parts.map { try value($0, 0) } + [value(activation, 1)]
        values.append(try value(move(0, from: "issued:nanchang", to: rider(0)), 2))
        for number in 1...count {
            let command =
                number % 4 == 0
                ? move(number, from: rider(number / 4 % riders), to: rider((number / 4 + 7) % riders), points: 1)
                : move(number, from: "issued:nanchang", to: rider((number - number / 4) % riders))
            values.append(try value(command, number + 2))
        }
        return values.enumerated().map { offset, value in
            InputRecord(
                log: log, offset: Int64(offset), stamp: start.adding(milliseconds: Int64(offset)), value: value)
        }
    }

    private static func rider(_ number: Int) -> AccountID { AccountID("available:nanchang:rider-\(number)") }

    private static func move(_ number: Int, from: AccountID, to: AccountID, points: Int = 10) -> MovePoints {
        MovePoints(
            transferId: TransferID("transfer-\(number)"), ledgerId: ledger, from: from, to: to, points: points,
            reason: "夜间巡逻", actor: Actor(personId: "admin-1", roles: ["admin"]))
    }

    private static func value(_ message: some Message, _ number: Int) throws -> Data {
        try Envelope(
            message, id: MessageID(namespace: .suishoupai, name: "benchmark \(number)"), source: "/portal/1",
            time: start
        ).value()
    }
}
