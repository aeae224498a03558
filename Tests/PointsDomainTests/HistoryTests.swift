import Contracts
import PointsDomain
import TestSupport
import Testing

/// The books in memory: what the store keeps, without a store.
private struct Books {
    var accounts: [AccountID: AccountBalance] = [:]
    var promises: [CaseID: Promise] = [:]
    var promised: [PersonDay: Int] = [:]
    var events: [PointsMoved] = []

    mutating func observe(_ event: Envelope<CaseEvent>, pack: Pack) throws {
        let decision = weigh(
            event, promise: promises[event.data.reference.caseId], pack: pack, logic: 2,
            promised: { promised[$0] ?? 0 })
        guard case .moved(let transfer) = decision else { return }
        let booked = try transfer.booked(at: event.time) { accounts[$0.id] ?? .unused($0) }
        for balance in booked.balances { accounts[balance.account.id] = balance }
        let promise = transfer.promise
        promises[promise.caseId] = promise
        promised[promise.personDay, default: 0] += transfer.newlyPromised
        events.append(booked.event)
    }
}

/// Steps of random cases of a few people over three days, as case-routing may publish them and worse.
private struct RandomHistory {
    let pack: Pack
    let steps: [Envelope<CaseEvent>]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rules = (0..<Int.random(in: 1...3, using: &random)).map { number in
            PackPointRule(
                id: "rule-\(number)", name: "规则\(number)",
                categories: number == 2 ? [] : [CategoryCode("E010\(number)")], kind: nil,
                points: .random(in: 1...30, using: &random))
        }
        pack = .sample(rules: rules, cap: Bool.random(using: &random) ? nil : .random(in: 0...60, using: &random))
        steps = (0..<200).map { number in
            let caseNumber = Int.random(in: 0..<30, using: &random)
            let reference = CaseReference.sample(
                CaseID("case-\(caseNumber)"), ledger: caseNumber % 5 == 0 ? "ganzhou" : "nanchang",
                category: CategoryCode("E010\(caseNumber % 3)"),
                reporters: [caseNumber % 7 == 0 ? .anonymous("\(caseNumber)") : PersonID("rider-\(caseNumber % 4)")])
            let time = Timestamp.morning.adding(milliseconds: .random(in: 0..<259_200_000, using: &random))
            let step = CaseChanged.Step.allCases.randomElement(using: &random)
            guard let step, Int.random(in: 0..<10, using: &random) > 0 else { return .transferred(reference, at: time) }
            return .sample(step, of: reference, at: time, id: "event-\(number)")
        }
    }
}

private let seeds = SeededGenerator.seeds(1, 2, 3, fresh: 27)

@Test(arguments: seeds)
func `the books balance after any history`(seed: UInt64) throws {
    let history = RandomHistory(seed: seed)
    var books = Books()
    var recounted: [AccountID: Int] = [:]

    for step in history.steps {
        let known = books.events.count
        try books.observe(step, pack: history.pack)
        guard books.events.count > known else { continue }
        for event in books.events[known...] {
            #expect(event.postings.reduce(0) { $0 + $1.amount } == 0, "seed \(seed)")
            for posting in event.postings { recounted[posting.accountId, default: 0] += posting.amount }
        }
        #expect(books.accounts.mapValues(\.balance) == recounted, "seed \(seed)")
        #expect(books.accounts.values.reduce(0) { $0 + $1.balance } == 0, "seed \(seed)")
        #expect(books.accounts.values.allSatisfy { $0.account.kind == .funder || $0.balance >= 0 }, "seed \(seed)")
    }
}

@Test(arguments: seeds)
func `a case is paid at most once and its promise ends at most once`(seed: UInt64) throws {
    let history = RandomHistory(seed: seed)
    var books = Books()
    for step in history.steps { try books.observe(step, pack: history.pack) }

    let ids = books.events.map(\.transferId)
    #expect(Set(ids).count == ids.count, "seed \(seed)")
    for (caseId, promise) in books.promises {
        let steps = books.events.filter { $0.caseId == caseId }.map(\.step)
        let expected: [PointsMoved.Step] =
            switch promise.state {
            case .pending: [.pended]
            case .released: [.pended, .released]
            case .voided: [.pended, .voided]
            case .capped: [.capped]
            }
        #expect(steps == expected, "seed \(seed)")
    }
}

@Test(arguments: seeds)
func `nobody is promised more than the cap on one day`(seed: UInt64) throws {
    let history = RandomHistory(seed: seed)
    guard let cap = history.pack.dailyPointCap else { return }
    var books = Books()
    for step in history.steps { try books.observe(step, pack: history.pack) }

    var sums: [String: Int] = [:]
    for event in books.events where event.step == .pended {
        let filing = try #require(history.steps.first { $0.id == event.causeEventId })
        let day = filing.time.compactDay(utcOffsetMinutes: 480)
        sums["\(event.ledgerId) \(event.personId) \(day)", default: 0] += event.points
    }
    #expect(sums.values.allSatisfy { $0 <= cap }, "seed \(seed)")
}

@Test(arguments: seeds)
func `nobody without a name is ever promised anything`(seed: UInt64) throws {
    let history = RandomHistory(seed: seed)
    var books = Books()
    for step in history.steps { try books.observe(step, pack: history.pack) }

    let promised = Set(books.events.map(\.personId))
    let reporters = Set(history.steps.flatMap(\.data.reference.reporterIds))
    #expect(promised.filter(\.isAnonymous) == [], "seed \(seed)")
    #expect(!reporters.filter(\.isAnonymous).isEmpty, "seed \(seed)")
}

@Test(arguments: seeds)
func `saying everything again changes nothing`(seed: UInt64) throws {
    let history = RandomHistory(seed: seed)
    var once = Books()
    var twice = Books()

    for step in history.steps {
        try once.observe(step, pack: history.pack)
        for _ in 0..<2 { try twice.observe(step, pack: history.pack) }
    }

    #expect(twice.events == once.events, "seed \(seed)")
    #expect(twice.accounts == once.accounts, "seed \(seed)")
    let settled = once.events
    for step in once.events.compactMap({ event in history.steps.first { $0.id == event.causeEventId } }) {
        try once.observe(step, pack: history.pack)
    }
    #expect(once.events == settled, "seed \(seed)")
}
