import Contracts
import EventProcessing
import Foundation
import GRDB
import PointsDomain

/// The books while one command is decided: every point that moves goes through ``book(_:content:)``.
///
/// Before anything is booked the months that are over are closed, so that a root is over just what was booked before its end.
struct Ledger {
    let transaction: Transaction

    static let periodTimer = "ledger-period"
    static let expiryTimer = "lot-expiry"
    static let holdTimer = "hold-timeout"

    private var database: Database { transaction.database }
    private var clock: Timestamp { transaction.clock }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    // MARK: Booking

    /// Books a transfer and tells of it; one that was booked before is not booked again.
    ///
    /// - Parameter content: the fingerprint of what somebody asked for; nil where nobody did.
    /// - Throws: `LedgerError` where the books do not allow it.
    @discardableResult
    func book(_ transfer: Transfer, content: String? = nil) throws -> PointsMoved? {
        guard try !TransferRow.exists(transfer.event.transferId, in: database) else { return nil }
        try closePeriods(of: transfer.event.ledgerId)
        for movement in transfer.movements where movement.lots == .oldest { try expire(movement.account) }
        let booked = try transfer.booked(at: clock, in: self)
        try TransferRow.insert(booked, content: content, at: clock, in: database)
        for balance in booked.balances { try AccountRow.save(balance, in: database) }
        for lot in booked.lots { try LotRow.save(lot, in: database) }
        try transaction.emit(booked.event, to: TopicCatalogue.pointsEvents, key: booked.event.ledgerId.rawValue)
        for balance in booked.balances {
            try transaction.emit(balance.state, to: TopicCatalogue.accounts, key: balance.account.id.rawValue)
        }
        for account in Set(booked.lots.map(\.account)).sorted(by: { $0.id < $1.id }) { try watchExpiry(of: account) }
        return booked.event
    }

    // MARK: Holds

    /// Sets points aside; they go on to the target, come back, or time out.
    @discardableResult
    func hold(
        _ id: TransferID, from source: LedgerAccount, to target: LedgerAccount, points: Int, timeoutAt: Timestamp?,
        explanation: Explanation, orderId: OrderID? = nil, content: String? = nil,
        _ fill: (inout PointsMoved) -> Void = { _ in }
    ) throws -> Hold? {
        let transfer = Hold.transfer(
            id, from: source, points: points, timeoutAt: timeoutAt, cause: transaction.causeID,
            explanation: explanation
        ) {
            $0.orderId = orderId
            fill(&$0)
        }
        guard let event = try book(transfer, content: content) else { return nil }
        let lots = event.postings.first { $0.accountId == source.id }?.lots ?? []
        let hold = Hold(
            transferId: id, source: source, target: target, points: points, lots: lots, timeoutAt: timeoutAt,
            orderId: orderId)
        try HoldRow.save(hold, in: database)
        if let timeoutAt {
            try transaction.setTimer(timerID(of: id), kind: Self.holdTimer, about: id.rawValue, due: timeoutAt)
        }
        return hold
    }

    func findHold(_ id: TransferID) throws -> Hold? { try HoldRow.find(id, in: database) }

    /// Books what became of a hold.
    func carryOut(_ transfer: Transfer, on hold: Hold) throws {
        try book(transfer)
        try HoldRow.save(hold, in: database)
        if hold.state != .open { try transaction.cancelTimer(timerID(of: hold.transferId)) }
    }

    private func timerID(of hold: TransferID) -> String { "\(Self.holdTimer)|\(hold)" }

    // MARK: Funding and expiry

    /// Puts in what the pack's funders owe by today, as far as their lines reach.
    func fund(_ ledger: LedgerID, by pack: Pack) throws {
        let today = pack.calendar.day(of: clock)
        for funder in pack.points?.funders ?? [] where funder.ledgerId == ledger {
            for (id, budget) in funder.dueBudgets(on: today) {
                // All but once it was put in long ago.
                guard try !TransferRow.exists(id, in: database) else { continue }
                do {
                    try book(funder.funding(budget, as: id, cause: transaction.causeID))
                } catch LedgerError.belowFloor {
                    // Beyond its line a budget waits until the line is wider, or was paid back.
                    break
                }
            }
        }
    }

    /// Lets the lots of an account expire whose time is over.
    func expire(_ account: LedgerAccount) throws {
        let lots = try LotRow.open(of: account.id, in: database)
        guard let expiry = account.expiry(of: lots, at: clock, cause: transaction.causeID) else { return }
        try book(expiry)
    }

    func expire(accountNamed id: AccountID) throws {
        // `available:LEDGER:HOLDER`: a ledger's id holds no colon.
        let parts = id.rawValue.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, let account = LedgerAccount(id, in: LedgerID(String(parts[1]))) else { return }
        try expire(account)
    }

    private func watchExpiry(of account: LedgerAccount) throws {
        let id = "\(Self.expiryTimer)|\(account.id)"
        if let next = try LotRow.firstExpiry(of: account.id, in: database) {
            try transaction.setTimer(id, kind: Self.expiryTimer, about: account.id.rawValue, due: next)
        } else {
            try transaction.cancelTimer(id)
        }
    }

    // MARK: Months

    /// Closes every month of the ledger that is over 月结, each with the root over all its accounts.
    func closePeriods(of ledger: LedgerID) throws {
        guard let open = try PeriodRow.find(ledger, in: database) else {
            guard let pack = try transaction.pack() else { return }
            let month = pack.calendar.month(of: clock)
            try begin(PeriodRow.Open(name: month.name, endsAt: month.end, previous: ""), of: ledger)
            return
        }
        guard clock >= open.endsAt, let pack = try transaction.pack() else { return }
        let root = try close(open, of: ledger)
        let next = pack.calendar.month(of: open.endsAt)
        try begin(PeriodRow.Open(name: next.name, endsAt: next.end, previous: root), of: ledger)
        try closePeriods(of: ledger)
    }

    private func begin(_ open: PeriodRow.Open, of ledger: LedgerID) throws {
        try PeriodRow.save(open, of: ledger, in: database)
        try transaction.setTimer(
            "\(Self.periodTimer)|\(ledger)", kind: Self.periodTimer, about: ledger.rawValue, due: open.endsAt)
    }

    private func close(_ open: PeriodRow.Open, of ledger: LedgerID) throws -> String {
        var root = PeriodRoot()
        var totals: [String: Int] = [:]
        try AccountRow.each(of: ledger, in: database) { id, kind, sum in
            root.add(accountId: id, version: sum.version, balance: sum.balance, hash: sum.hash)
            totals[kind, default: 0] += sum.balance
        }
        let closed = PeriodClosed(
            ledgerId: ledger, period: open.name, endedAt: open.endsAt, accounts: root.count, root: root.hex,
            previous: open.previous,
            totals: totals.sorted { $0.key < $1.key }.map { PeriodClosed.Total(kind: $0.key, points: $0.value) })
        try transaction.emit(closed, to: TopicCatalogue.pointsEvents, key: ledger.rawValue)
        return closed.root
    }
}

extension Ledger: Books {
    func balance(of account: LedgerAccount) throws -> AccountBalance { try AccountRow.find(account, in: database) }

    func lots(of account: LedgerAccount) throws -> [LotPart] { try LotRow.open(of: account.id, in: database) }

    func floor(of account: LedgerAccount) throws -> Int {
        guard case .funder(let id) = account.holder else { return 0 }
        let funders = try transaction.pack()?.points?.funders ?? []
        return -(funders.first { $0.id == id && $0.ledgerId == account.ledgerId }?.line ?? 0)
    }
}
