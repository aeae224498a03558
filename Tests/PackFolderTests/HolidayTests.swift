import Contracts
import Foundation
import PackFolder
import Testing
import WorkingTime

extension Mutation {
    /// Of the years' public holidays.
    static let holidays: [Mutation] = [
        Mutation(
            .badCalendar, .replace(.holidays, "work: [2026-09-20, 2026-10-10]", with: "work: [2026-10-01]"),
            in: .holidays, at: .line(36), says: "2026-10-01 is both"),
        Mutation(
            .badCalendar, .replace(.holidays, "2026-02-15/2026-02-23", with: "2026-02-23/2026-02-15"), in: .holidays,
            at: .line(31), says: "2026-02-23"),
        Mutation(
            .badCalendar, .replace(.holidays, "rest: 2025-04-04/2025-04-06", with: "rest: 2026-03-04"), in: .holidays,
            at: .line(20), says: "清明节 has days outside 2025"),
        Mutation(
            .duplicate, .append(.holidays, "- year: 2026\n  source: x\n"), in: .holidays, at: .line(37), says: "2026"),
        Mutation(
            .missingValue, .append(.holidays, "- year: 2027\n"), in: .holidays, at: .line(37), says: "source"),
        Mutation(
            .unknownKey,
            .append(.holidays, "- year: 2027\n  source: x\n  festivals:\n    - { name: 元旦, on: 2027-01-01 }\n"),
            in: .holidays, at: .line(40), says: "the key on"),
        Mutation(
            .badValue, .append(.holidays, "- year: 2027\n  source: x\n  festivals: { name: 元旦 }\n"), in: .holidays,
            at: .line(39), says: "not a list"),
        Mutation(
            .yearWithoutHolidays, .append(.holidays, "- year: 2028\n  source: x\n"), in: .holidays,
            says: "the holidays of 2027"),
    ]
}

private func demoCalendar() throws -> WorkingCalendar { try #require(PackFolder.read(nanchang).calendar) }

@Test func `the demo pack has the State Council's holidays of three years`() throws {
    let reading = PackFolder.read(nanchang)
    let calendar = try #require(reading.calendar)

    #expect(reading.holidays.years == [2024, 2025, 2026])
    #expect(reading.holidays.sources[2026]?.hasPrefix("国办发明电〔2025〕7号") == true)
    // Days that are worked: those of the week, less the holidays on it, and the days made up for.
    for (year, holidays, makeUpDays, worked) in [(2024, 28, 8, 251), (2025, 28, 5, 248), (2026, 33, 6, 248)] {
        let first = try #require(CivilDay(year: year, month: 1, day: 1))
        let days = (0..<366).map { first.adding(days: $0) }.filter { $0.year == year }
        #expect(days.count(where: calendar.holidays.contains) == holidays, "\(year)")
        #expect(days.count(where: calendar.makeUpDays.contains) == makeUpDays, "\(year)")
        #expect(days.count(where: calendar.isWorkingDay) == worked, "\(year)")
        // Nobody is asked to work on a Wednesday in exchange, and no holiday lies in two festivals.
        #expect(days.filter(calendar.makeUpDays.contains).allSatisfy { [.saturday, .sunday].contains($0.weekday) })
    }
}

@Test(arguments: [
    ("2024-02-09", true, nil), ("2024-02-10", false, "春节"), ("2024-02-18", true, "春节"), ("2024-06-10", false, "端午节"),
    ("2024-09-29", true, "国庆节"), ("2025-01-02", true, nil), ("2025-01-28", false, "春节"), ("2025-02-05", true, nil),
    ("2025-04-27", true, "劳动节"), ("2025-10-08", false, "国庆节、中秋节"), ("2025-10-11", true, "国庆节、中秋节"),
    ("2026-01-04", true, "元旦"), ("2026-02-23", false, "春节"), ("2026-10-10", true, "国庆节"), ("2027-10-01", true, nil),
])
func `a day of the demo pack is off or worked, and bears its festival's name`(
    text: String, isWorked: Bool, festival: String?
) throws {
    let reading = PackFolder.read(nanchang)
    let day = try #require(CivilDay(text))

    #expect(reading.calendar?.isWorkingDay(day) == isWorked)
    #expect(reading.holidays.festival(of: day)?.name == festival)
}

/// Friday 17:20 and 4w with a worked weekend behind it: 40 min on Friday, 3 h in the morning, 20 min from 13:00.
@Test(arguments: [
    // The Sunday before National Day was worked.
    ("2024-09-27T17:20:00+08:00", "2024-09-29T13:20:00+08:00"),
    ("2025-09-26T17:20:00+08:00", "2025-09-28T13:20:00+08:00"),
    // Friday is the first day of Mid-Autumn 2026; the Saturday behind National Day is worked.
    ("2026-10-09T17:20:00+08:00", "2026-10-10T13:20:00+08:00"),
    // The last evening before National Day 2024, 2025 and 2026.
    ("2024-09-30T17:20:00+08:00", "2024-10-08T13:20:00+08:00"),
    ("2025-09-30T17:20:00+08:00", "2025-10-09T13:20:00+08:00"),
    ("2026-09-30T17:20:00+08:00", "2026-10-08T13:20:00+08:00"),
])
func `four working hours from an evening before National Day end where the demo pack works again`(
    start: String, end: String
) throws {
    let from = try #require(Timestamp(start))
    let due = try demoCalendar().deadline(from: from.milliseconds, limit: try TimeLimit("4w"))
    #expect(Timestamp(milliseconds: due) == Timestamp(end))
}

@Test func `seventeen working hours from a Friday evening run through the worked Sunday over National Day`() throws {
    // Friday 27 September 2024: 40 min; Sunday the 29th is worked, 8 h; Monday the 30th, 8 h; that is 16 h 40 min.
    // 1–7 October are off; the last 20 min are Tuesday the 8th, 09:00–09:20.
    let from = try #require(Timestamp("2024-09-27T17:20:00+08:00"))
    let due = try demoCalendar().deadline(from: from.milliseconds, limit: try TimeLimit("17w"))
    #expect(Timestamp(milliseconds: due) == Timestamp("2024-10-08T09:20:00+08:00"))
}

@Test func `whoever looks in November is warned that next year's holidays are missing`() throws {
    let august = try #require(CivilDay("2026-08-01"))
    let summer = PackFolder.read(nanchang, today: august)
    #expect(summer.problems.isEmpty, "\(PackProblems(summer.problems))")

    let november = try #require(CivilDay("2026-11-26"))
    let autumn = PackFolder.read(nanchang, today: november)
    #expect(autumn.problems.map(\.kind) == [.yearWithoutHolidays])
    #expect(autumn.problems.first?.problem.contains("2027") == true)
    #expect(autumn.pack != nil)
}

@Test func `a place's own days off come on top of the public ones`() throws {
    let reading = try readNanchang(after: [.replace(.pack, "holidays: []", with: "holidays: [2026-11-30]")])

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.contents.holidays == 90)
    #expect(reading.calendar?.isWorkingDay(try #require(CivilDay("2026-11-30"))) == false)
}

@Test func `a new Chinese pack begins with the demo pack's holidays, another with none`() throws {
    let square = #"{"type":"Polygon","coordinates":[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]]]}"#
    let feature = #"{"type":"Feature","properties":{"id":"a","name":"A"},"geometry":\#(square)}"#
    func start(_ holidays: PublicHolidays) -> PackStart {
        PackStart(
            name: "new", title: "New", caseNumberPrefix: "N", utcOffsetMinutes: 480,
            communities: Data(#"{"type":"FeatureCollection","features":[\#(feature)]}"#.utf8), idProperty: "id",
            nameProperty: "name", categories: nil, publicHolidays: holidays)
    }
    try withTemporaryFolder { parent in
        let chinese = parent.appendingPathComponent("chinese", isDirectory: true)
        let other = parent.appendingPathComponent("other", isDirectory: true)
        try start(.china).write(to: chinese)
        try start(.none).write(to: other)

        let name = PackFile.holidays.rawValue
        let text = try String(contentsOf: nanchang.appendingPathComponent(name), encoding: .utf8)
        #expect(try String(contentsOf: chinese.appendingPathComponent(name), encoding: .utf8) == text)
        #expect(PackFolder.read(chinese).contents.holidays == 89)
        #expect(PackFolder.read(other).contents.holidays == 0)
        #expect(PackFolder.read(other).problems.isEmpty)
    }
}
