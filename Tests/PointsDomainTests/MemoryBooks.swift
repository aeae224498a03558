import Contracts
import PointsDomain
import TestSupport

/// Books in memory, to hold the rules against.
final class MemoryBooks: Books {
    private(set) var balances: [LedgerAccount: AccountBalance] = [:]
    private(set) var openLots: [LedgerAccount: [Int: LotPart]] = [:]
    private(set) var events: [Envelope<PointsMoved>] = []
    var lines: [LedgerAccount: Int]

    init(lines: [LedgerAccount: Int] = [:]) {
        self.lines = lines
    }

    func balance(of account: LedgerAccount) -> AccountBalance { balances[account] ?? .unused(account) }

    func lots(of account: LedgerAccount) -> [LotPart] {
        (openLots[account] ?? [:]).values.sorted { $0.number < $1.number }
    }

    func floor(of account: LedgerAccount) -> Int { -(lines[account] ?? 0) }

    @discardableResult
    func book(_ transfer: Transfer, at time: Timestamp = .morning) throws -> PointsMoved {
        let booked = try transfer.booked(at: time, in: self)
        for balance in booked.balances { balances[balance.account] = balance }
        for lot in booked.lots {
            openLots[lot.account, default: [:]][lot.part.number] = lot.part.points > 0 ? lot.part : nil
        }
        events.append(
            Envelope(
                booked.event, id: .named("event-\(events.count)"), source: "/points/0", time: time))
        return booked.event
    }
}

extension Transfer {
    /// A transfer between two accounts that says nothing of interest.
    static func sample(
        _ id: TransferID, _ movements: [Movement], step: PointsMoved.Step = .moved, points: Int = 1
    ) -> Transfer {
        Transfer(
            PointsMoved(
                step: step, transferId: id, ledgerId: "nanchang", points: points, causeEventId: .named("cause"),
                explanation: ""), movements)
    }
}
