import Foundation
import TestSupport
import Testing
import WorkingTime

@Suite struct WorkingCalendarTests {
    private func read(_ text: String) throws -> WorkingCalendar {
        try JSONDecoder().decode(WorkingCalendar.self, from: Data(text.utf8))
    }

    @Test func `an empty table is eight hours from Monday to Friday in China`() throws {
        let calendar = try read("{}")
        #expect(calendar == (try WorkingCalendar()))
        #expect(calendar.utcOffsetMinutes == 480)
        #expect(calendar.hours(on: Weekday.friday).texts == ["09:00-12:00", "13:00-18:00"])
        #expect(calendar.hours(on: Weekday.saturday) == .closed)
    }

    @Test func `holidays rest and make-up days work, whatever the weekday`() throws {
        let calendar = try china2026()
        for (text, works) in [
            ("2026-09-25", false), ("2026-09-20", true), ("2026-10-07", false), ("2026-10-08", true),
            ("2026-10-10", true), ("2026-10-11", false), ("2026-02-28", true), ("2026-02-14", true),
        ] {
            #expect(calendar.isWorkingDay(try #require(CivilDay(text))) == works, "\(text)")
        }
        let days = (0..<365).compactMap { CivilDay("2026-01-01")?.adding(days: $0) }
        #expect(days.filter(calendar.isWorkingDay).count == 248)
    }

    @Test func `the same calendar is always the same bytes`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let calendar = try read(
            #"{"utcOffsetMinutes":0,"hours":{"saturday":["08:00-24:00"]},"makeUpHours":["10:00-11:30"],"#
                + #""holidays":["2026-10-02","2026-10-01"],"makeUpDays":["2026-10-04","2026-10-03"]}"#)
        let text = String(decoding: try encoder.encode(calendar), as: UTF8.self)
        #expect(
            text
                == #"{"holidays":["2026-10-01","2026-10-02"],"hours":{"friday":[],"monday":[],"saturday":["08:00-24:00"],"#
                + #""sunday":[],"thursday":[],"tuesday":[],"wednesday":[]},"makeUpDays":["2026-10-03","2026-10-04"],"#
                + #""makeUpHours":["10:00-11:30"],"utcOffsetMinutes":0}"#)
        #expect(try read(text) == calendar)
    }

    @Test(arguments: [
        (#"{"hours":{}}"#, "no weekday has working hours"),
        (#"{"hours":{"mon":["09:00-12:00"]}}"#, "is no weekday"),
        (#"{"hours":{"monday":["09:00-25:00"]}}"#, "is not a range"),
        (#"{"hours":{"monday":["09:00-09:00"]}}"#, "is not a range"),
        (#"{"hours":{"monday":["9-12"]}}"#, "is not a range"),
        (#"{"hours":{"monday":["09:00-12:00","11:00-13:00"]}}"#, "in order and apart"),
        (#"{"holidays":["2026-10-01"],"makeUpDays":["2026-10-01"]}"#, "both a holiday and a make-up day"),
        (#"{"hours":{"sunday":["09:00-12:00"]},"makeUpDays":["2026-10-01"]}"#, "make-up days have no working hours"),
        (#"{"utcOffsetMinutes":4800}"#, "18 hours"),
    ])
    func `a table that cannot be meant is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: DecodingError.self) { try read(text) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(reason))
    }
}
