import Contracts
import PointsDomain
import TestSupport
import Testing

private let town = Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000)
private let thresholds = SignalThresholds(
    Pack.sample().with(
        PackSignals {
            $0.burst = 3
            $0.samePlace = 3
            $0.ring = 2
        }))

extension Pack {
    fileprivate func with(_ signals: PackSignals) -> Pack {
        Pack(
            name: name, title: title, version: version, calendar: calendar, communities: [], units: [], people: [],
            categories: [], routingRules: [], pointRules: [], templates: [], webhooks: [], mergeDistance: 3_000,
            points: PackPoints { $0.signals = signals })
    }
}

private func report(
    _ number: Int, by person: PersonID = "rider-1", minute: Int64 = 0, at location: Location? = town
) -> SeenReport {
    SeenReport(
        reportId: ReportID("report-\(number)"), personId: person, caseId: CaseID("case-\(number)"),
        caseNumber: "GX-\(number)", at: Timestamp.morning.adding(milliseconds: minute * 60_000), location: location)
}

@Test func `so many reports within ten minutes are a burst, which says what was counted`() throws {
    let others = [report(1, minute: 0), report(2, minute: 5)]

    let found = try #require(burst(of: report(3, minute: 10), among: others, told: [], by: thresholds))
    #expect(found.caseIds == ["case-1", "case-2", "case-3"])
    #expect(found.personIds == ["rider-1"])
    #expect(found.window.lowerBound == .morning)
    #expect(found.explanation.contains("3 次") && found.explanation.contains("阈值 3 次"))
    #expect(found.explanation.contains("2026-11-23 08:15") && found.explanation.contains("GX-1、GX-2、GX-3"))
    #expect(burst(of: report(3, minute: 11), among: others, told: [], by: thresholds) == nil)
    #expect(burst(of: report(3, minute: 10), among: [others[0]], told: [], by: thresholds) == nil)
}

@Test func `of a window that was told nothing is told again, and its reports count in no other`() throws {
    let others = [report(1, minute: 0), report(2, minute: 5), report(3, minute: 9)]
    let first = try #require(burst(of: report(3, minute: 9), among: Array(others[..<2]), told: [], by: thresholds))

    #expect(burst(of: report(4, minute: 10), among: others, told: [first.window], by: thresholds) == nil)
    let later = [report(5, minute: 11), report(6, minute: 12)]
    #expect(burst(of: later[1], among: others + [later[0]], told: [first.window], by: thresholds) == nil)
    let second = try #require(
        burst(of: report(7, minute: 13), among: others + later, told: [first.window], by: thresholds))
    #expect(second.signalId(in: "nanchang") != first.signalId(in: "nanchang"))
    #expect(second.caseIds == ["case-5", "case-6", "case-7"])
}

@Test func `one place is within fifty metres`() throws {
    // 1e-7 degrees of latitude are 1.112 cm: 4,490 of them 49.9 m, 4,510 of them 50.1 m.
    let near = Location(latitudeE7: town.latitudeE7 + 4_490, longitudeE7: town.longitudeE7)
    let far = Location(latitudeE7: town.latitudeE7 + 4_510, longitudeE7: town.longitudeE7)
    let others = [report(1), report(2, minute: 60 * 24 * 29, at: near)]

    let found = try #require(
        samePlace(of: report(3, minute: 60 * 24 * 30), among: others, told: [], by: thresholds))
    #expect(found.caseIds == ["case-1", "case-2", "case-3"])
    #expect(found.explanation.contains("50 米") && found.explanation.contains("阈值 3 次"))
    let scattered = [report(1), report(2, at: far)]
    #expect(samePlace(of: report(3), among: scattered, told: [], by: thresholds) == nil)
    #expect(samePlace(of: report(3, at: nil), among: others, told: [], by: thresholds) == nil)
    #expect(samePlace(of: report(3, minute: 60 * 24 * 30 + 1), among: others, told: [], by: thresholds) == nil)
}

@Test(arguments: SeededGenerator.seeds(1, 2, fresh: 3))
func `whatever is within reach lies in one of the cells around, all over the Earth`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var near = 0
    for _ in 0..<20_000 {
        let latitude = Int.random(in: -900_000_000...900_000_000, using: &random)
        let longitude =
            [-1_800_000_000, 1_800_000_000, 0, .random(in: -1_800_000_000...1_800_000_000, using: &random)]
            .randomElement(using: &random) ?? 0
        // A degree of longitude is narrow near the poles: there the other place is sought further away.
        let spread = abs(latitude) > 880_000_000 ? 3_000_000 : abs(latitude) > 590_000_000 ? 40_000 : 8_000
        let here = Location(latitudeE7: latitude, longitudeE7: longitude)
        var east = longitude + .random(in: -spread...spread, using: &random)
        if east > 1_800_000_000 { east -= 3_600_000_000 }
        if east < -1_800_000_000 { east += 3_600_000_000 }
        let there = Location(
            latitudeE7: min(900_000_000, max(-900_000_000, latitude + .random(in: -4_600...4_600, using: &random))),
            longitudeE7: east)
        guard here.isNear(there), let cell = there.cell else { continue }
        near += 1
        #expect(here.cellsAround.contains(cell), "seed \(seed): \(here) and \(there)")
        #expect(Set(here.cellsAround).count <= 9)
    }
    #expect(near > 1_000, "seed \(seed)")
}

private func support(_ number: Int, _ supporter: PersonID, of supported: PersonID, day: Int64) -> Support {
    Support(
        supporter: supporter, supported: supported, caseId: CaseID("case-\(number)"), caseNumber: "GX-\(number)",
        at: Timestamp.morning.adding(milliseconds: day * 86_400_000))
}

@Test func `a ring is two who confirm each other both ways within a month`() throws {
    let others = [support(1, "a", of: "b", day: 0), support(2, "b", of: "a", day: 3), support(3, "a", of: "b", day: 9)]

    let found = try #require(
        ring(of: support(4, "b", of: "a", day: 30), among: others, told: [], by: thresholds))
    #expect(found.personIds == ["a", "b"])
    #expect(found.caseIds == ["case-1", "case-2", "case-3", "case-4"])
    #expect(found.explanation.contains("一方 2 次，另一方 2 次") && found.explanation.contains("阈值各 2 次"))
    #expect(ring(of: support(4, "b", of: "a", day: 31), among: others, told: [], by: thresholds) == nil)
    // One way only is help, not a ring.
    let oneWay = (1...9).map { support($0, "a", of: "b", day: Int64($0)) }
    #expect(ring(of: support(10, "a", of: "b", day: 9), among: oneWay, told: [], by: thresholds) == nil)
}

@Test func `who reports after another supports them; nobody supports themselves or a name that leads to nobody`() {
    func joined(_ reporter: PersonID, of first: PersonID) -> ReportJoined {
        ReportJoined(
            case: .sample(reporters: [first, reporter]), reportId: "report-2", reporterId: reporter, distance: 800)
    }

    #expect(Support(joined("b", of: "a"), at: .morning)?.supported == "a")
    #expect(Support(joined("a", of: "a"), at: .morning) == nil)
    #expect(Support(joined("b", of: .anonymous("x")), at: .morning) == nil)
    #expect(Support(joined(.anonymous("x"), of: "a"), at: .morning) == nil)
}

@Test func `copies of a photo share a piece within two bits, and eleven bits are too many`() throws {
    var random = SeededGenerator()
    for _ in 0..<2_000 {
        let look = PhotoBits(bits: random.next())
        let changed = Set((0..<10).map { _ in UInt64.random(in: 0..<64, using: &random) })
        let copy = PhotoBits(bits: changed.reduce(look.bits) { $0 ^ (1 << $1) })
        let isFound = (0..<PhotoBits.pieceCount).contains { look.piecesAlike($0).contains(copy.piece($0)) }
        #expect(isFound && look.difference(from: copy) <= PhotoBits.mostAlike)
    }
    #expect(PhotoBits.alikeCount == 137)
    #expect(PhotoBits("7c3e1f0f870783c1")?.bits == 0x7c3e_1f0f_8707_83c1)
    #expect(PhotoBits("7c3e") == nil)
}

@Test func `a reused photo names the first report that had it`() throws {
    let look = PhotoBits(bits: 0xFF00)
    func found(_ bits: UInt64, signals: [String] = [], among reports: [SeenReport]) -> Oddity? {
        reusedPhoto(
            in: report(9, minute: 60), signals: signals, looks: [PhotoBits(bits: bits)],
            among: reports.map { SeenPhoto(look: look, report: $0) }, by: thresholds)
    }

    let own = try #require(found(0xFF00 ^ 0x3FF, among: [report(2, minute: 5), report(1, minute: 3)]))
    #expect(own.caseIds == ["case-1", "case-9"])
    #expect(own.explanation.contains("相差 10 位") && own.explanation.contains("同一人"))
    let other = try #require(found(0xFF00, among: [report(1, by: "rider-2")]))
    #expect(other.explanation.contains("另一人") && other.personIds == ["rider-1"])
    #expect(found(0xFF00 ^ 0x7FF, among: [report(1)]) == nil)
    #expect(found(0xFF00, among: [report(9, minute: 60)]) == nil)
    let byIntake = try #require(found(0, signals: ["photo-reused"], among: []))
    #expect(byIntake.caseIds == ["case-9"] && byIntake.explanation.contains("入口比对"))
    #expect(found(0, signals: ["far-away"], among: []) == nil)
}
