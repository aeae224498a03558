package import Contracts
package import Foundation

/// Which lots of an account a movement opens, fills up or takes.
///
/// Only accounts to spend from have lots.
package enum LotUse: Sendable, Equatable {
    /// The account has none.
    case none
    /// A new lot, which expires then; nil for never.
    case opens(expiresAt: Timestamp?)
    /// First in, first out.
    case oldest
    /// These: taken where points leave, filled up again where they come back.
    case these([LotPart])
}

/// One side of a transfer, by the account's full name.
package struct Movement: Sendable, Equatable {
    package let account: LedgerAccount
    /// Whole points, negative where they leave.
    package let amount: Int
    package let lots: LotUse

    package init(_ account: LedgerAccount, _ amount: Int, lots: LotUse = .none) {
        self.account = account
        self.amount = amount
        self.lots = lots
    }
}

/// Points that are to move, and the event that will say so.
package struct Transfer: Sendable, Equatable {
    /// Without its postings: they come with the booking.
    package let event: PointsMoved
    /// Empty where something held everything back.
    package let movements: [Movement]

    package init(_ event: PointsMoved, _ movements: [Movement]) {
        self.event = event
        self.movements = movements
    }
}

/// What the books hold, wherever they are kept.
package protocol Books {
    func balance(of account: LedgerAccount) throws -> AccountBalance
    /// The open lots of an account, the oldest first.
    func lots(of account: LedgerAccount) throws -> [LotPart]
    /// How far below zero an account may go: zero for all but a funder's.
    func floor(of account: LedgerAccount) throws -> Int
}

/// A transfer that was booked, and what the books hold after it.
package struct Booked: Sendable, Equatable {
    /// A lot as it now is; closed where no point is left.
    package struct Lot: Sendable, Equatable {
        package let account: LedgerAccount
        package let part: LotPart
    }

    package let event: PointsMoved
    /// The event without its postings, as JSON.
    package let content: Data
    /// One for each account that was posted to, in the order of its first posting.
    package let balances: [AccountBalance]
    package let lots: [Lot]
}

extension Transfer {
    /// Books the transfer: the event with each posting in the chain of its account, and what follows from it.
    ///
    /// - Throws: `LedgerError` where the postings do not sum to zero or an account does not allow its own.
    package func booked(at time: Timestamp, in books: some Books) throws -> Booked {
        let content = try event.content()
        var desk = BookingDesk(
            books: books, transferId: event.transferId, content: ContentHash.sha256(content), time: time)
        var sum = 0
        for movement in movements {
            let (next, overflowed) = sum.addingReportingOverflow(movement.amount)
            guard !overflowed else { throw LedgerError.tooLarge(movement.account.id) }
            sum = next
            try desk.post(movement)
        }
        guard sum == 0 else { throw LedgerError.unbalanced(event.transferId) }
        return Booked(
            event: event.with(desk.postings), content: content, balances: desk.balances, lots: desk.changedLots)
    }
}

/// Posts movement after movement; an account may come more than once.
private struct BookingDesk<B: Books> {
    let books: B
    let transferId: TransferID
    let content: String
    let time: Timestamp
    private(set) var postings: [Posting] = []
    private(set) var balances: [AccountBalance] = []
    private(set) var changedLots: [Booked.Lot] = []

    init(books: B, transferId: TransferID, content: String, time: Timestamp) {
        self.books = books
        self.transferId = transferId
        self.content = content
        self.time = time
    }

    mutating func post(_ movement: Movement) throws {
        let account = movement.account
        let index = balances.firstIndex { $0.account == account }
        let before = try index.map { balances[$0] } ?? books.balance(of: account)
        let parts = try self.parts(of: movement, number: before.version + 1)
        let (after, posting) = try before.adding(
            movement.amount, lots: parts, by: transferId, content: content, at: time, floor: books.floor(of: account))
        if case .opens = movement.lots {
            changedLots += (parts ?? []).map { Booked.Lot(account: account, part: $0) }
        } else {
            try change(parts ?? [], of: account, by: movement.amount > 0 ? 1 : -1)
        }
        postings.append(posting)
        if let index { balances[index] = after } else { balances.append(after) }
    }

    private func parts(of movement: Movement, number: Int) throws -> [LotPart]? {
        let (account, amount) = (movement.account, movement.amount)
        guard account.kind == .available else { return nil }
        switch movement.lots {
        case .opens(let expiresAt) where amount > 0:
            return [LotPart(number: number, points: amount, expiresAt: expiresAt)]
        case .oldest where amount < 0:
            let parts = try openLots(of: account).taking(-amount)
            // A balance without lots to cover it would be a mistake of ours; without balance it is a person's wish.
            guard let parts else {
                throw LedgerError.belowFloor(
                    account.id, balance: try books.balance(of: account).balance, amount: amount, floor: 0)
            }
            return parts
        case .these(let parts) where parts.reduce(0, { $0 + $1.points }) == abs(amount):
            return parts
        default:
            throw LedgerError.lotsDiffer(account.id, amount: amount)
        }
    }

    private func openLots(of account: LedgerAccount) throws -> [LotPart] {
        var lots = try books.lots(of: account)
        for changed in changedLots where changed.account == account {
            lots.removeAll { $0.number == changed.part.number }
            if changed.part.points > 0 { lots.append(changed.part) }
        }
        return lots.sorted { $0.number < $1.number }
    }

    private mutating func change(_ parts: [LotPart], of account: LedgerAccount, by sign: Int) throws {
        guard !parts.isEmpty else { return }
        let open = try openLots(of: account)
        for part in parts {
            let points = (open.first { $0.number == part.number }?.points ?? 0) + sign * part.points
            guard points >= 0 else { throw LedgerError.lotsDiffer(account.id, amount: sign * part.points) }
            changedLots.removeAll { $0.account == account && $0.part.number == part.number }
            changedLots.append(Booked.Lot(account: account, part: part.with(points: points)))
        }
    }
}

extension [LotPart] {
    /// So many points from the first lots on; nil where there are not so many.
    package func taking(_ points: Int) -> [LotPart]? {
        var rest = points
        var taken: [LotPart] = []
        for lot in self where rest > 0 {
            let part = Swift.min(rest, lot.points)
            taken.append(lot.with(points: part))
            rest -= part
        }
        return rest == 0 ? taken : nil
    }

    /// What is left of these after so many points were taken from the first on.
    package func leaving(after points: Int) -> [LotPart] {
        var rest = points
        return compactMap { lot in
            let part = Swift.min(rest, lot.points)
            rest -= part
            return lot.points > part ? lot.with(points: lot.points - part) : nil
        }
    }

    package var sum: Int { reduce(0) { $0 + $1.points } }
}
