import Contracts
import PointsDomain
import TestSupport
import Testing

/// What may happen to a ledger, at random, held against the laws of double entry after every step.
@Suite struct LedgerWalkTests {
    @Test(arguments: SeededGenerator.seeds(1, fresh: 1))
    func `a hundred thousand acts in any order keep every law`(seed: UInt64) throws {
        var walk = LedgerWalk(seed: seed)
        for step in 0..<100_000 {
            try walk.act()
            if step % 500 == 0 { try walk.checkAll("seed \(seed), step \(step)") }
        }
        try walk.checkAll("seed \(seed)")
        #expect(walk.counts.count == LedgerWalk.Act.allCases.count, "seed \(seed): \(walk.counts)")
        #expect(walk.refused > 1_000 && walk.refused < 60_000, "seed \(seed): \(walk.refused) refused")
    }
}

private struct LedgerWalk {
    enum Act: CaseIterable {
        case fund, award, promise, release, void, spend, hold, post, giveBack, timeOut, expire, correct
    }

    private var random: SeededGenerator
    private let books: MemoryBooks
    private var clock = Timestamp.morning
    private var holds: [Hold] = []
    private var promises: [(account: LedgerAccount, points: Int)] = []
    private var corrected: Set<TransferID> = []
    private var checked = 0
    private var recount: [AccountID: Int] = [:]
    private(set) var counts: [Act: Int] = [:]
    private(set) var refused = 0

    private static let ledger = LedgerID("nanchang")
    private static let street = LedgerAccount.funder("street", of: ledger)
    private static let issued = LedgerAccount.issued(of: ledger)
    private static let prizes = LedgerAccount.prizes(of: ledger)

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        books = MemoryBooks(lines: [Self.street: 200_000])
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    private mutating func holder() -> Holder {
        number(0...9) == 0 ? .team(TeamID("team-\(number(0...2))")) : .person(PersonID("rider-\(number(0...20))"))
    }
    private mutating func id() -> TransferID { TransferID("t-\(books.events.count)-\(number(0...1_000_000))") }
    private mutating func expiry() -> Timestamp? {
        number(0...3) == 0 ? nil : clock.adding(milliseconds: Int64(number(1...400)) * 86_400_000)
    }

    mutating func act() throws {
        clock = clock.adding(milliseconds: Int64(number(0...3_600_000)))
        let act = Act.allCases.randomElement(using: &random) ?? .fund
        do {
            if try take(act) { counts[act, default: 0] += 1 }
        } catch is LedgerError {
            refused += 1
        }
    }

    /// Returns whether there was something to do.
    private mutating func take(_ act: Act) throws -> Bool {
        switch act {
        case .fund:
            let points = number(1...500)
            try book([Movement(Self.street, -points), Movement(Self.issued, points)])
        case .award:
            let points = number(1...60)
            try book(
                [
                    Movement(Self.issued, -points),
                    Movement(.available(of: holder(), in: Self.ledger), points, lots: .opens(expiresAt: expiry())),
                ], step: .awarded)
        case .promise:
            let points = number(1...60)
            let account = LedgerAccount.pending(of: holder(), in: Self.ledger)
            try book([Movement(Self.issued, -points), Movement(account, points)])
            promises.append((account, points))
        case .release, .void:
            guard let index = promises.indices.randomElement(using: &random) else { return false }
            let (account, points) = promises.remove(at: index)
            guard let holder = account.holder else { return false }
            let target =
                act == .release
                ? Movement(.available(of: holder, in: Self.ledger), points, lots: .opens(expiresAt: expiry()))
                : Movement(Self.issued, points)
            try book([Movement(account, -points), target])
        case .spend:
            let points = number(1...80)
            try expire(.available(of: holder(), in: Self.ledger))
            try book(
                [
                    Movement(.available(of: holder(), in: Self.ledger), -points, lots: .oldest),
                    Movement(Self.prizes, points),
                ])
        case .hold:
            let source = LedgerAccount.available(of: holder(), in: Self.ledger)
            let target = number(0...1) == 0 ? Self.prizes : .available(of: holder(), in: Self.ledger)
            let (id, points) = (id(), number(1...80))
            let event = try books.book(
                Hold.transfer(id, from: source, points: points, timeoutAt: clock, cause: .named("h"), explanation: "") {
                    _ in
                },
                at: clock)
            holds.append(
                Hold(
                    transferId: id, source: source, target: target, points: points,
                    lots: event.postings[0].lots ?? [], timeoutAt: clock, orderId: nil))
        case .post, .giveBack, .timeOut:
            return try end(by: act)
        case .expire:
            try expire(.available(of: holder(), in: Self.ledger))
        case .correct:
            guard let event = books.events.randomElement(using: &random)?.data, event.step == .awarded,
                !corrected.contains(event.transferId)
            else { return false }
            try books.book(try event.reversed(as: id(), by: "admin", cause: .named("c"), reason: ""), at: clock)
            corrected.insert(event.transferId)
        }
        return true
    }

    private mutating func end(by act: Act) throws -> Bool {
        guard let index = holds.indices.randomElement(using: &random) else { return false }
        var hold = holds[index]
        let transfer: Transfer
        switch act {
        case .post:
            transfer = hold.post(number(1...hold.points), expiresAt: expiry(), cause: .named("p"), explanation: "")
        case .giveBack where number(0...1) == 0:
            transfer = hold.giveBack(part: number(1...hold.points), cause: .named("g"), explanation: "")
        default:
            transfer = hold.giveBack(act == .timeOut ? .timedOut : .voided, cause: .named("g"), explanation: "")
        }
        try books.book(transfer, at: clock)
        if hold.state == .open { holds[index] = hold } else { holds.remove(at: index) }
        return true
    }

    private func expire(_ account: LedgerAccount) throws {
        guard let expiry = account.expiry(of: books.lots(of: account), at: clock, cause: .named("e")) else { return }
        try books.book(expiry, at: clock)
    }

    private mutating func book(_ movements: [Movement], step: PointsMoved.Step = .moved) throws {
        try books.book(.sample(id(), movements, step: step), at: clock)
    }

    /// Every law, on the books as they stand and on what was published since the last time.
    mutating func checkAll(_ place: String) throws {
        for event in books.events[checked...] {
            #expect(event.data.postings.reduce(0) { $0 + $1.amount } == 0, "\(place)")
            for posting in event.data.postings { recount[posting.accountId, default: 0] += posting.amount }
        }
        checked = books.events.count
        var held = 0
        for (account, balance) in books.balances {
            #expect(balance.balance >= books.floor(of: account), "\(place): \(account.id)")
            #expect(balance.balance == recount[account.id], "\(place): \(account.id)")
            if account.kind == .available {
                #expect(books.lots(of: account).sum == balance.balance, "\(place): \(account.id)")
            }
            if account.kind == .held { held += balance.balance }
        }
        #expect(books.balances.values.reduce(0) { $0 + $1.balance } == 0, "\(place)")
        #expect(held == holds.reduce(0) { $0 + $1.points }, "\(place)")
        #expect(holds.allSatisfy { $0.source.kind != .available || $0.lots.sum == $0.points }, "\(place)")
        #expect(Set(books.events.map(\.data.transferId)).count == books.events.count, "\(place): a transfer twice")
    }
}
