import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

@testable import Points

/// Riders, staff and the clock in a random order: hours, awards, spending, cases, notices and their answers.
private struct Town {
    let bench: FairnessBench
    var random: SeededGenerator
    private var count = 0

    init(seed: UInt64) async throws {
        bench = try await FairnessBench(.fair(budget: 4_000, expiryMonths: 1))
        random = SeededGenerator(seed: seed)
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item? { items.randomElement(using: &random) }
    private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    private mutating func rider() -> PersonID { PersonID("rider-\(number(1...3))") }

    private mutating func staff() -> Actor {
        pick([FairnessBench.desk, FairnessBench.admin, Actor(personId: "rider-1", roles: ["admin"])])
            ?? FairnessBench.desk
    }

    mutating func run(_ steps: Int) async throws {
        for _ in 0..<steps {
            count += 1
            try await step()
        }
        bench.wait(40 * FairnessBench.day)
        try await bench.wake()
    }

    private mutating func step() async throws {
        switch number(0...11) {
        case 0, 1: try await enterHours()
        case 2: try await takeHoursBack()
        case 3: try await award()
        case 4:
            let (points, person) = (number(1...15), rider())
            _ = try await bench.spend(points, of: person, as: TransferID("spent-\(count)"))
        case 5: try await takeStepOfCase()
        case 6, 7: try await giveNotice()
        case 8, 9: try await answerNotice()
        case 10: bench.wait(Int64(number(1...40)) * 3_600_000)
        default: try await bench.wake()
        }
    }

    /// An award that the budget has no room for is refused, and that is well.
    private mutating func award() async throws {
        let (points, person) = (number(1...20), rider())
        do {
            _ = try await bench.award(points, to: person, as: TransferID("award-\(count)"))
        } catch BenchError.refused {
            return
        }
    }

    private mutating func enterHours() async throws {
        let servedAt = Timestamp.morning.adding(milliseconds: -Int64(number(1...300)) * 20 * FairnessBench.minute)
        let entry = bench.hours(
            HoursRecordID("hours-\(number(1...60))"), of: rider(), minutes: number(1...300), at: servedAt, by: staff())
        try await bench.give(entry)
    }

    private mutating func takeHoursBack() async throws {
        guard let told = pick(try await bench.hours()) else { return }
        try await bench.give(
            bench.hours(
                HoursRecordID("hours-\(number(61...120))"), of: told.personId, minutes: abs(told.minutes),
                at: told.servedAt, reverses: told.recordId))
    }

    private mutating func takeStepOfCase() async throws {
        let caseNumber = number(1...12)
        let step = pick([CaseChanged.Step.filed, .filed, .closed, .refused]) ?? .filed
        _ = try await bench.observe(
            .step(
                step, of: CaseID("case-\(caseNumber)"), reporter: PersonID("rider-\(caseNumber % 3 + 1)"),
                at: bench.now, id: count))
    }

    private mutating func giveNotice() async throws {
        guard let first = pick(try await bench.moved()), let second = pick(try await bench.moved()) else { return }
        let give = GiveNotice(
            noticeId: NoticeID("notice-\(number(1...40))"), ledgerId: "nanchang",
            personId: first.personId ?? rider(),
            transferIds: Bool.random(using: &random)
                ? [first.transferId] : [first.transferId, second.transferId], reason: "查看", actor: staff())
        try await bench.give(give)
    }

    private mutating func answerNotice() async throws {
        guard let notice = pick(try await bench.notices()) else { return }
        let answer = pick(AnswerNotice.Answer.allCases) ?? .object
        let actor = answer == .object ? Actor(personId: notice.personId, roles: ["rider"]) : staff()
        try await bench.give(bench.answer(answer, notice.noticeId, by: actor, reason: "原因 \(number(1...2))"))
    }
}

@Test(arguments: SeededGenerator.seeds(3, 4, 5, fresh: 3))
func `in whatever order, nobody falls below zero, a notice ends once, and hours earn once`(seed: UInt64) async throws {
    var town = try await Town(seed: seed)
    try await town.run(400)
    let bench = town.bench

    let failed = try await bench.all(CommandFailed.self) { $0 == CommandFailed.type }
    #expect(failed.isEmpty, "seed \(seed): \(failed)")
    try await checkBalances(bench, seed)
    try await checkNotices(bench, seed)
    try await checkHours(bench, seed)
    try await checkByPublishedRule(bench, seed)
}

/// The published script finds every chain, lot and month whole.
private func checkByPublishedRule(_ bench: FairnessBench, _ seed: UInt64) async throws {
    let lines = try await bench.store.messages().filter {
        [TopicCatalogue.pointsEvents.name, TopicCatalogue.accounts.name].contains($0.topic)
    }.map(\.value)
    let answer = try await PythonScript("deploy/verify-points.py").run(input: Data(lines.joined(separator: [10])))
    #expect(answer.status == 0, "seed \(seed): \(answer.output)")
}

private func checkBalances(_ bench: FairnessBench, _ seed: UInt64) async throws {
    var balances: [AccountID: Int] = [:]
    for transfer in try await bench.moved() {
        #expect(transfer.postings.reduce(0) { $0 + $1.amount } == 0, "seed \(seed)")
        for posting in transfer.postings {
            balances[posting.accountId, default: 0] += posting.amount
            let sum = balances[posting.accountId, default: 0]
            #expect(sum >= 0 || posting.accountId.rawValue.hasPrefix("funder:"), "seed \(seed): \(posting.accountId)")
        }
    }
    for (account, sum) in balances {
        let kept = try await bench.balance(account)
        #expect(kept == sum, "seed \(seed): \(account)")
    }
}

private func checkNotices(_ bench: FairnessBench, _ seed: UInt64) async throws {
    let told = try await bench.notices()
    let moved = try await bench.moved()
    for (id, steps) in Dictionary(grouping: told, by: \.noticeId) {
        let names = steps.map(\.step)
        #expect(Set(names).count == names.count && names.first == .given, "seed \(seed): \(id) \(names)")
        let ends = steps.filter { [.upheld, .dismissed, .lapsed].contains($0.step) }
        #expect(ends.count <= 1, "seed \(seed): \(id)")
        let taken = moved.filter {
            [.clawedBack, .voided].contains($0.step) && $0.explanation.contains("告知 \(id)，")
        }
        guard let end = ends.first else {
            // Whoever objected waits for somebody to decide; all others have heard.
            #expect(names.contains(.objected) && taken.isEmpty, "seed \(seed): \(id)")
            continue
        }
        #expect((end.taken ?? 0) == taken.reduce(0) { $0 + $1.points }, "seed \(seed): \(id)")
        #expect((end.taken ?? 0) <= end.points, "seed \(seed): \(id)")
        #expect(end.step != .dismissed || taken.isEmpty, "seed \(seed): \(id)")
        #expect(end.actorId == nil || end.actorId != steps.first?.actorId, "seed \(seed): \(id)")
        let wasHeard = names.contains(.objected) || end.at >= end.objectionUntil
        #expect(wasHeard || end.step == .dismissed, "seed \(seed): \(id)")
    }
    #expect(told.count > 10, "seed \(seed)")
}

private func checkHours(_ bench: FairnessBench, _ seed: UInt64) async throws {
    let told = try await bench.hours()
    #expect(Set(told.map(\.recordId)).count == told.count && told.count > 10, "seed \(seed)")
    for (person, entries) in Dictionary(grouping: told, by: \.personId) {
        var total = 0
        for entry in entries {
            total += entry.minutes
            #expect(entry.total == total && total >= 0, "seed \(seed): \(person)")
        }
        let back = Set(entries.compactMap(\.reverses))
        #expect(back.count == entries.compactMap(\.reverses).count, "seed \(seed): taken back twice")
        let valid = entries.filter { $0.reverses == nil && !back.contains($0.recordId) }
            .sorted { $0.servedAt < $1.servedAt }
        for (one, next) in zip(valid, valid.dropFirst()) {
            let end = one.servedAt.adding(milliseconds: Int64(one.minutes) * FairnessBench.minute)
            #expect(end <= next.servedAt, "seed \(seed): \(one.recordId) and \(next.recordId)")
        }
    }
    let awards = try await bench.moved().filter { $0.step == .awarded && $0.ruleId == "night-patrol" }
    #expect(Set(awards.map(\.transferId)) == Set(told.filter { $0.reverses == nil }.compactMap(\.transferId)))
    #expect(Set(awards.map(\.transferId)).count == awards.count && !awards.isEmpty, "seed \(seed)")
}

@Test func `the same town twice gives the same machine and the same bytes`() async throws {
    var runs: [(digest: String, said: [StoreUnderTest.Message])] = []
    for _ in 0..<2 {
        var town = try await Town(seed: 11)
        try await town.run(200)
        runs.append((try await town.bench.store.store.digest(), try await town.bench.store.messages()))
    }

    #expect(runs[0].digest == runs[1].digest)
    #expect(runs[0].said == runs[1].said)
}
