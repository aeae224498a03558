import Contracts
import Foundation
import PointRules
import WorkingTime

/// Weighs recorded cases by other rules, and counts what was booked.
struct PointsTrial {
    private let pack: Pack
    private var books: TrialBooks
    private var cases: [CaseID: EarningCase] = [:]
    private var seen: Set<MessageID> = []
    private var would = Sums()
    private var booked = Sums()
    private var withheld = 0
    private var first: Timestamp?
    private var last: Timestamp?

    /// Who earned how much, by which rule.
    private struct Sums {
        var people: [Earner: Int] = [:]
        var rules: [String: Int] = [:]

        mutating func add(_ points: Int, to earner: Earner, by rule: String?) {
            people[earner, default: 0] += points
            rules[rule ?? "–", default: 0] += points
        }
    }

    init(_ pack: Pack) {
        self.pack = pack
        books = TrialBooks(pack: pack)
    }

    /// Takes a record of case-events.v1 or points-events.v1; others are passed over.
    mutating func take(_ value: Data) throws {
        let attributes = try MessageAttributes(value: value)
        if PointsMoved.Step(rawValue: attributes.type) != nil {
            guard seen.insert(attributes.id).inserted else { return }
            count(try Envelope<PointsMoved>(attributes, value: value).data)
        } else if attributes.type.hasPrefix("case."), attributes.type != CaseState.type {
            guard seen.insert(attributes.id).inserted else { return }
            try weigh(try Envelope<CaseEvent>(attributes, value: value))
        }
    }

    /// What was promised and taken back: by who earns it and by the rule.
    private mutating func count(_ moved: PointsMoved) {
        guard [.pended, .shared, .voided].contains(moved.step) else { return }
        let prefix = "\(AccountKind.pending.rawValue):\(moved.ledgerId):"
        for posting in moved.postings where posting.accountId.rawValue.hasPrefix(prefix) {
            let name = String(posting.accountId.rawValue.dropFirst(prefix.count))
            booked.add(posting.amount, to: Earner(codedText: name, at: []), by: moved.ruleId)
        }
    }

    private mutating func weigh(_ event: Envelope<CaseEvent>) throws {
        first = min(first ?? event.time, event.time)
        last = max(last ?? event.time, event.time)
        let id = event.data.reference.caseId
        books.clock = event.time
        if let known = cases[id] {
            // What was due before this is no more divided by it.
            cases[id] = release(known, at: event.time, cause: event.id).case
        }
        let weighed = try PointRules.weigh(event, known: cases[id], pack: pack, records: books)
        cases[id] = weighed.case
        books.add(weighed.newlyPromised)
        for move in weighed.moves {
            if move.event.step == .capped { withheld += move.event.points }
            guard move.event.step != .released else { continue }
            for change in move.changes {
                would.add(change.points, to: change.earner, by: move.event.ruleId)
                books.give(change.points, in: move.event.ledgerId)
            }
        }
    }

    var result: PointsTrialResult {
        PointsTrialResult(
            packName: pack.name, packVersion: pack.version, cases: cases.count, from: first, to: last,
            withheld: withheld,
            people: Self.rows(would.people, booked.people, name: \.codedText),
            rules: Self.rows(would.rules, booked.rules, name: \.self))
    }

    /// The largest change first.
    private static func rows<Key: Hashable>(
        _ would: [Key: Int], _ booked: [Key: Int], name: (Key) -> String
    ) -> [PointsTrialResult.Row] {
        Set(would.keys).union(booked.keys).map { key in
            PointsTrialResult.Row(name: name(key), booked: booked[key] ?? 0, would: would[key] ?? 0)
        }.sorted { left, right in
            let (more, less) = (abs(left.difference), abs(right.difference))
            return more == less ? left.name < right.name : more > less
        }
    }
}

/// The books of a trial: caps as they are used up, budgets as the pack has them.
private struct TrialBooks: EarningRecords {
    let pack: Pack
    var clock = Timestamp(milliseconds: 0)
    private var used: [CapPeriod: Int] = [:]
    private var given: [LedgerID: Int] = [:]

    init(pack: Pack) {
        self.pack = pack
    }

    mutating func add(_ promised: [(CapPeriod, Int)]) {
        for (period, points) in promised { used[period, default: 0] += points }
    }

    mutating func give(_ points: Int, in ledger: LedgerID) { given[ledger, default: 0] += points }

    func promised(in period: CapPeriod) throws -> Int { used[period] ?? 0 }

    func budget(of ledger: LedgerID) throws -> Int {
        let today = CivilDay(
            milliseconds: clock.milliseconds, utcOffsetMinutes: pack.calendar.utcOffsetMinutes
        ).isoText
        let funded = (pack.points?.funders ?? []).filter { $0.ledgerId == ledger }.reduce(0) { sum, funder in
            var put = 0
            for budget in funder.budgets where budget.from <= today && put + budget.points <= funder.line {
                put += budget.points
            }
            return sum + put
        }
        return max(0, funded - (given[ledger] ?? 0))
    }
}
