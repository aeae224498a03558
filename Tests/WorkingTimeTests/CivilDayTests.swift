import Foundation
import TestSupport
import Testing
import WorkingTime

@Suite struct CivilDayTests {
    @Test func `a day has its two texts and its weekday`() throws {
        let day = try #require(CivilDay("2026-11-23"))
        #expect((day.year, day.month, day.day) == (2026, 11, 23))
        #expect(day.isoText == "2026-11-23")
        #expect(day.compactText == "20261123")
        #expect(day.weekday == .monday)
        #expect(CivilDay("20261123") == day)
        #expect(CivilDay(year: 2024, month: 2, day: 29)?.adding(days: 1).isoText == "2024-03-01")
    }

    @Test(arguments: [
        "", "2026-1-1", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026/01/01", "２０２６-01-01",
        "-026-01-01",
    ])
    func `what is no day is refused`(text: String) {
        #expect(CivilDay(text) == nil)
    }

    @Test func `every day of four centuries agrees with the system's calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let start = try #require(CivilDay("1800-01-01"))
        let names: [Weekday] = [.sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday]
        for offset in stride(from: 0, to: 146_097, by: 13) {
            let day = start.adding(days: offset)
            let date = Date(timeIntervalSince1970: Double(day.dayNumber) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            #expect(parts.year == day.year && parts.month == day.month && parts.day == day.day)
            #expect(try names[#require(parts.weekday) - 1] == day.weekday)
            #expect(CivilDay(year: day.year, month: day.month, day: day.day) == day)
        }
    }

    @Test func `a time belongs to the day of its own clocks`() throws {
        let day = try #require(CivilDay("2026-01-01"))
        #expect(CivilDay(milliseconds: day.start(utcOffsetMinutes: 480), utcOffsetMinutes: 480) == day)
        #expect(
            CivilDay(milliseconds: day.start(utcOffsetMinutes: 480) - 1, utcOffsetMinutes: 480).isoText == "2025-12-31")
        #expect(CivilDay(milliseconds: -1, utcOffsetMinutes: 0).isoText == "1969-12-31")
        #expect(CivilDay(milliseconds: -1, utcOffsetMinutes: 480).isoText == "1970-01-01")
    }

    @Test func `times beyond all years do not overflow`() {
        #expect(CivilDay(milliseconds: .max, utcOffsetMinutes: 480).isoText == "9999-12-31")
        #expect(CivilDay(milliseconds: .min, utcOffsetMinutes: 480).isoText == "0001-01-01")
        #expect(CivilDay.first.adding(days: .min) == .first)
        #expect(CivilDay.last.adding(days: .max) == .last)
        #expect(CivilDay.first.weekday == .monday)
    }

    @Test func `the JSON form is the text`() throws {
        let days = try JSONDecoder().decode([CivilDay].self, from: Data(#"["2026-10-01"]"#.utf8))
        #expect(String(decoding: try JSONEncoder().encode(days), as: UTF8.self) == #"["2026-10-01"]"#)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([CivilDay].self, from: Data(#"["1. Mai"]"#.utf8))
        }
    }
}
