import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
private let day = 24 * hour
private let matching = PackMatching(certain: 600, doubtful: 400, reach: 5_000, days: 30)
private let rules = MatchRules(CitySample.pack(matching: matching))
private let nearness = MatchRules(CitySample.pack())

private struct Comparison: Sendable, CustomTestStringConvertible {
    let likeness: Likeness
    let score: Int
    let verdict: MatchVerdict
    let reasons: [String]

    var testDescription: String { "\(likeness)" }

    init(
        _ distance: Int, _ kinship: Likeness.Kinship, _ apart: Int64, look: Int? = nil, sameReporter: Bool = false,
        is score: Int, _ verdict: MatchVerdict, _ reasons: String...
    ) {
        likeness = Likeness(
            distance: distance, kinship: kinship, apart: apart, look: look, sameReporter: sameReporter)
        self.score = score
        self.verdict = verdict
        self.reasons = reasons
    }
}

private let comparisons = [
    Comparison(
        0, .same, 0, look: 0, sameReporter: true, is: 1_000, .certain, "距离 0 米 +400 / 0 m apart +400",
        "类别相同 +300 / same category +300", "相隔 0 小时 +100 / 0 h apart +100", "照片相同 +150 / same photo +150",
        "同一上报人 +50 / same reporter +50"),
    Comparison(
        1_250, .same, 3 * day, is: 690, .certain, "距离 12 米 +300 / 12 m apart +300",
        "类别相同 +300 / same category +300", "相隔 3 天 +90 / 3 days apart +90"),
    Comparison(
        2_500, .same, 0, is: 600, .certain, "距离 25 米 +200 / 25 m apart +200", "类别相同 +300 / same category +300",
        "相隔 0 小时 +100 / 0 h apart +100"),
    Comparison(
        2_513, .same, 0, is: 598, .doubtful, "距离 25 米 +198 / 25 m apart +198",
        "类别相同 +300 / same category +300", "相隔 0 小时 +100 / 0 h apart +100"),
    // Another category is never certain, whatever speaks for it.
    Comparison(
        0, .alike, 0, look: 4, is: 800, .doubtful, "距离 0 米 +400 / 0 m apart +400",
        "类别相近 +150 / related category +150", "相隔 0 小时 +100 / 0 h apart +100", "照片相同 +150 / same photo +150"),
    Comparison(
        0, .other, 0, look: 7, is: 590, .doubtful, "距离 0 米 +400 / 0 m apart +400",
        "相隔 0 小时 +100 / 0 h apart +100", "照片相似 +90 / photos alike +90"),
    Comparison(
        4_000, .other, 15 * day, look: 11, is: 130, .different, "距离 40 米 +80 / 40 m apart +80",
        "相隔 15 天 +50 / 15 days apart +50"),
    Comparison(
        5_000, .same, 0, look: 0, is: 550, .different, "类别相同 +300 / same category +300",
        "相隔 0 小时 +100 / 0 h apart +100", "照片相同 +150 / same photo +150"),
    Comparison(
        0, .same, 30 * day + 1, is: 700, .different, "距离 0 米 +400 / 0 m apart +400",
        "类别相同 +300 / same category +300"),
]

@Test(arguments: comparisons)
private func `a score is what counts added up, and says what counted`(_ comparison: Comparison) {
    let match = comparison.likeness.match(by: rules)

    #expect(match == CaseMatch(score: comparison.score, reasons: comparison.reasons))
    #expect(rules.verdict(comparison.likeness, score: match.score) == comparison.verdict)
}

@Test func `without rules in the pack nearness under one category is all`() {
    func verdict(_ distance: Int, _ kinship: Likeness.Kinship) -> MatchVerdict {
        let likeness = Likeness(
            distance: distance, kinship: kinship, apart: 400 * day, look: 0, sameReporter: true)
        return nearness.verdict(likeness, score: likeness.match(by: nearness).score)
    }

    #expect(verdict(0, .same) == .certain)
    #expect(verdict(4_999, .same) == .certain)
    #expect(verdict(5_000, .same) == .different)
    #expect(verdict(0, .alike) == .different)
    #expect(verdict(0, .other) == .different)
}

@Test func `a score is never out of range, and never higher for more distance, more time or another photo`() {
    var random = SeededGenerator()
    for _ in 0..<20_000 {
        let distance = Int.random(in: 0...6_000, using: &random)
        let apart = Int64.random(in: 0...(40 * day), using: &random)
        let look: Int? = Bool.random(using: &random) ? nil : Int.random(in: 0...64, using: &random)
        let kinship = Likeness.Kinship.allCases.randomElement(using: &random) ?? .same
        let sameReporter = Bool.random(using: &random)
        func score(_ moreDistance: Int, _ moreTime: Int64, _ moreBits: Int) -> Int {
            Likeness(
                distance: distance + moreDistance, kinship: kinship, apart: apart + moreTime,
                look: look.map { min(64, $0 + moreBits) }, sameReporter: sameReporter
            ).match(by: rules).score
        }
        let here = score(0, 0, 0)

        #expect((0...1_000).contains(here))
        #expect(score(Int.random(in: 0...500, using: &random), 0, 0) <= here)
        #expect(score(0, Int64.random(in: 0...day, using: &random), 0) <= here)
        #expect(score(0, 0, Int.random(in: 0...10, using: &random)) <= here)
    }
}

@Test func `two cases are as like as they are the other way round`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
        let (one, other) = (try randomCase(using: &random), try randomCase(using: &random))

        #expect(one.match(with: other, by: rules) == other.match(with: one, by: rules))
    }
}

private func randomCase(using random: inout SeededGenerator) throws -> Case {
    let photos = (0..<Int.random(in: 0...2, using: &random)).map { number in
        CitySample.photo(number, look: hexadecimal(UInt64.random(in: 0...0xff, using: &random)))
    }
    let report = CitySample.report(
        from: Bool.random(using: &random) ? "rider-1" : "rider-2",
        category: [CitySample.garbage, CitySample.parking].randomElement(using: &random) ?? CitySample.garbage,
        at: CitySample.townHall.north(.random(in: 0...6_000, using: &random)).east(
            .random(in: 0...6_000, using: &random)), photos: photos)
    return try Case.open(
        Sample.arriving(report), id: Sample.caseId, number: "1", classification: classify(report, by: Sample.table),
        in: Sample.circumstances(at: CitySample.monday.adding(milliseconds: .random(in: 0...day, using: &random)))
    ).case
}

@Test func `a closed case that is full is opened by no report, and a new case names it`() throws {
    let reopening = PackMatching(certain: 600, doubtful: 400, reach: 5_000, days: 30, closed: .reopen)
    let rules = MatchRules(CitySample.pack(matching: reopening))
    func closed(with count: Int) throws -> Case {
        let opened = try (1..<count).reduce(Sample.opening().case) { found, number in
            found.join(Sample.arriving(CitySample.report(ReportID("more-\(number)"))), distance: 0).case
        }
        return try [
            Sample.act(.file), Sample.act(.dispatch), Sample.act(.handle, by: Sample.worker),
            Sample.act(.verify, by: CitySample.checker),
        ].reduce(opened) { try Sample.decided($1, on: $0).case }
    }
    let arriving = Sample.arriving(CitySample.report("late", from: "rider-2"))
    var last: FoundCase?
    for (count, isFull) in [(Case.mostReports - 1, false), (Case.mostReports, true)] {
        let found = try closed(with: count)
        let neighbour = Neighbour(
            id: found.id, category: found.category, location: found.location, openedAt: found.openedAt,
            closedAt: found.state.closedAt)
        let placement = place(
            arriving, as: found.category, among: [neighbour], samePhoto: [], by: rules, at: CitySample.monday,
            finding: { _ in found })
        switch placement {
        case .reopens(let candidate):
            #expect(!isFull)
            last = candidate
            let reopened = try found.reopen(for: arriving, candidate, in: Sample.circumstances())
            #expect(reopened?.case.reports.count == Case.mostReports)
        case .opens(let discovery):
            #expect(isFull && discovery.recurrenceOf == found.id)
            let candidate = try #require(last)
            #expect(try found.reopen(for: arriving, candidate, in: Sample.circumstances()) == nil)
        case .joins: Issue.record("it joins a closed case")
        }
    }
}

private func hexadecimal(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

@Test(
    arguments: [
        ("E0102", "E01"), ("E0199", "E01"), ("S0105", "S01"), ("E01", "E01"), ("unsorted", "unsorted"),
        ("pothole-12", "pothole-12"), ("AB1234", "AB12"), ("0102", "0102"),
    ] as [(CategoryCode, String)])
func `categories of one group have its letters and its first two digits`(code: CategoryCode, group: String) {
    #expect(code.group == group)
}

@Test func `of two looks that are one photo at least one piece is equal`() throws {
    var random = SeededGenerator()
    for _ in 0..<2_000 {
        let look = PhotoLook(bits: .random(in: .min ... .max, using: &random))
        var bits = look.bits
        for _ in 0..<PhotoLook.mostSame { bits ^= 1 << UInt64.random(in: 0..<64, using: &random) }
        let copy = PhotoLook(bits: bits)

        #expect(look.difference(from: copy) <= PhotoLook.mostSame)
        #expect(zip(look.pieces, copy.pieces).contains { $0 == $1 })
        #expect(PhotoLook(hexadecimal(look.bits)) == look)
    }
    #expect(PhotoLook("+c3e1f0f870783c1") == nil)
    #expect(PhotoLook("7c3e") == nil)
}
