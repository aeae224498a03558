import Contracts
import PointsDomain
import TestSupport
import Testing

private let until = Timestamp.morning.adding(milliseconds: 1_000_000)

private func notice(_ state: Notice.State = .given, points: Int = 10) -> Notice {
    Notice(
        noticeId: "notice-1", ledgerId: "nanchang", personId: "rider-1", transferIds: ["award-1"], points: points,
        reason: "照片重复", signalId: nil, givenBy: "desk", objectionUntil: until, state: state)
}

private func fault(
    _ answer: AnswerNotice.Answer, of state: Notice.State = .given, by person: PersonID = "admin-1",
    _ roles: [String] = ["admin"], at now: Timestamp = .morning, reason: String = "原因"
) -> NoticeFault? {
    notice(state).fault(
        of: AnswerNotice(
            noticeId: "notice-1", ledgerId: "nanchang", answer: answer, reason: reason,
            actor: Actor(personId: person, roles: roles)), at: now)
}

@Test func `only the person objects, within the window, once`() {
    let last = until.adding(milliseconds: -1)

    #expect(fault(.object, by: "rider-1", ["rider"], at: last) == nil)
    #expect(fault(.object, by: "rider-1", ["rider"], at: until) == .windowOver(until))
    #expect(fault(.object, by: "rider-2", ["rider"]) == .notAllowed)
    #expect(fault(.object, by: "rider-1", ["rider"], reason: "") == .reasonMissing)
    for state in Notice.State.allCases where state != .given {
        #expect(fault(.object, of: state, by: "rider-1", ["rider"]) == .ended(state))
    }
}

@Test func `another than who gave it decides, and takes nothing before the window is over or an objection was heard`() {
    #expect(fault(.uphold) == .windowOpen(until: until))
    #expect(fault(.uphold, at: until) == nil)
    #expect(fault(.uphold, of: .objected) == nil)
    #expect(fault(.dismiss) == nil)
    #expect(fault(.dismiss, of: .objected) == nil)
    for answer in [AnswerNotice.Answer.uphold, .dismiss] {
        #expect(fault(answer, of: .objected, by: "desk", ["dispatcher"]) == .ownNotice)
        #expect(fault(answer, of: .objected, by: "rider-1", ["admin"]) == .notAllowed)
        #expect(fault(answer, of: .objected, by: "worker-1", ["worker"]) == .notAllowed)
        for state in Notice.State.allCases where !state.isOpen {
            #expect(fault(answer, of: state) == .ended(state))
        }
    }
}

@Test func `it lapses only where nobody objected, when the window is over`() {
    #expect(!notice().hasLapsed(at: until.adding(milliseconds: -1)))
    #expect(notice().hasLapsed(at: until))
    for state in Notice.State.allCases where state != .given { #expect(!notice(state).hasLapsed(at: until)) }
}

@Test func `the window ends with the last whole day for it`() {
    let calendar = PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: [])

    // 2026-11-23 08:15 in Nanchang: the 15th day after it is 12-08, which ends at midnight.
    #expect(calendar.objectionEnd(after: 15, from: .morning) == Timestamp("2026-12-08T16:00:00.000Z"))
}

@Test func `a notice names awards of another person, each once`() {
    func fault(_ ids: [TransferID], of person: PersonID = "rider-1", roles: [String] = ["dispatcher"]) -> NoticeFault? {
        GiveNotice(
            noticeId: "notice-1", ledgerId: "nanchang", personId: person, transferIds: ids, reason: "原因",
            actor: Actor(personId: "desk", roles: roles)
        ).fault
    }

    #expect(fault(["a", "b"]) == nil)
    #expect(fault(["a"], of: "desk") == .notAllowed)
    #expect(fault(["a"], roles: ["worker"]) == .notAllowed)
    #expect(fault([]) == .tooManyAwards)
    #expect(fault(["a", "a"]) == .tooManyAwards)
    #expect(fault((0...50).map { TransferID("t-\($0)") }) == .tooManyAwards)
}

private func lot(_ number: Int, _ points: Int) -> LotPart { LotPart(number: number, points: points, expiresAt: nil) }

@Test func `points are taken from the named awards first, then from the oldest, never more than there are`() {
    let open = [lot(1, 5), lot(2, 4), lot(3, 6)]
    func taken(_ due: Int, voided: Int = 0, from awarded: [LotPart] = [lot(3, 10)]) -> [LotPart] {
        ClawBack(due: due, voided: voided, awarded: awarded, open: open).lots
    }

    #expect(taken(4) == [lot(3, 4)])
    #expect(taken(6) == [lot(3, 6)])
    #expect(taken(8) == [lot(1, 2), lot(3, 6)])
    #expect(taken(100) == open)
    #expect(taken(10, voided: 7) == [lot(3, 3)])
    #expect(taken(7, voided: 7) == [])
    #expect(taken(7, from: [lot(2, 1)]) == [lot(1, 5), lot(2, 2)])
    let short = ClawBack(due: 20, voided: 2, awarded: [], open: open)
    #expect(short.taken == 17)
    #expect(short.words.contains("追回 17 分") && short.words.contains("其余 3 分"))
}

@Test(arguments: SeededGenerator.seeds(1, 2, fresh: 3))
func `whatever the lots are, a claw-back takes what is due or all there is`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let open = (1...6).filter { _ in Bool.random(using: &random) }
            .map { lot($0, .random(in: 1...20, using: &random)) }
        let awarded = (1...6).filter { _ in Bool.random(using: &random) }
            .map { lot($0, .random(in: 1...20, using: &random)) }
        let due = Int.random(in: 0...60, using: &random)
        let voided = Int.random(in: 0...due, using: &random)
        let lots = ClawBack(due: due, voided: voided, awarded: awarded, open: open).lots

        #expect(lots.sum == min(due - voided, open.sum), "seed \(seed)")
        #expect(Set(lots.map(\.number)).count == lots.count, "seed \(seed)")
        for taken in lots {
            let had = open.first { $0.number == taken.number }?.points ?? 0
            #expect((1...max(1, had)).contains(taken.points), "seed \(seed)")
        }
        // Others give only once the named ones have given all.
        let named = open.among(awarded).sum
        let others = lots.filter { part in !awarded.contains { $0.number == part.number } }.sum
        #expect(others == 0 || lots.sum - others >= named, "seed \(seed)")
    }
}
