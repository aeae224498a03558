import Contracts
import OwnerRules
import TestSupport
import Testing

@testable import Suishoupai

private func owners(_ text: String) -> OwnerRules {
    let pack = CitySample.pack()
    return OwnerRules(pack, rules: RuleReading(text, names: RuleNames(pack)).rules.map(\.rule))
}

private func sought(_ number: Int, _ category: CategoryCode = CitySample.garbage) -> RecordedStep {
    .sought(
        CaseID("case-\(number)"), number: "MD-\(number)",
        OwnerQuestion(
            category: category, communityId: CitySample.mingdu, location: CitySample.townHall, kind: .snapshot,
            now: CitySample.monday.adding(milliseconds: Int64(number) * 1_000)))
}

private func compare(
    _ present: String, _ changed: String, _ steps: [RecordedStep], examples: Int = 3
) -> RulesTestResult {
    var comparison = RulesComparison(present: owners(present), changed: owners(changed), examples: examples)
    comparison.beginStore()
    for step in steps { comparison.take(step) }
    return comparison.result(CitySample.pack(), olderCases: 0)
}

private let all = "R1: everything -> sanitation"
/// Whoever has two open cases gets no more.
private let two = "L1: everything while it has fewer than 2 open cases -> sanitation\nL2: everything -> 名都物业"

@Test func `load is replayed as the rules themselves made it, and what ended counts no more`() {
    let four = (1...4).map { sought($0) }

    let result = compare(all, two, four)
    #expect(result.cases == 4)
    #expect(result.groups.map { [$0.from, $0.to] } == [[CitySample.sanitation, CitySample.property]])
    #expect(result.groups.first?.examples.map(\.caseNumber) == ["MD-3", "MD-4"])
    #expect(result.groups.first?.examples.first?.then.contains("passed over L1 (sanitation has 2 open cases)") == true)

    let ended = [sought(1), sought(2), .ended("case-1"), sought(3), .openedAgain("case-1"), sought(4)]
    #expect(compare(all, two, ended).groups.first?.examples.map(\.caseNumber) == ["MD-4"])
}

@Test func `a case counts once, with its last category and all its reports`() {
    let garbageOnly = "R1: E0102 -> 名都物业\nR2: everything -> sanitation"
    let steps: [RecordedStep] = [
        sought(1), .joined("case-1"), .joined("case-1"), sought(2), sought(3, "P0101"),
        .recategorized("case-2", "P0101", at: CitySample.monday),
    ]

    let result = compare(all, garbageOnly, steps)

    #expect([result.cases, result.reports, result.movedCases, result.movedReports] == [3, 5, 1, 3])
}

@Test func `the largest move comes first, and as many examples are shown as asked for`() {
    let split = "R1: P0101 -> 名都物业\nR2: E0506 as request -> sanitation\nR3: E0102 -> sanitation"
    let steps = [sought(1, "P0101"), sought(2, "E0506"), sought(3, "E0506"), sought(4)]

    let result = compare(all, split, steps, examples: 1)

    #expect(result.groups.map(\.to) == [nil, CitySample.property])
    #expect(result.groups.map(\.cases) == [2, 1])
    #expect(result.groups.first?.examples.count == 1)
    #expect(result.text.contains("2 cases: sanitation 环卫 → nobody 没有责任单位"))
}
