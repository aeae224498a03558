import Foundation
import Testing
import WorkingTime

/// The public holidays of 2026 in mainland China and the days worked for them (国办, 2025-11-04), as a pack would give
/// them.
let china2026JSON = """
    {"holidays": ["2026-01-01", "2026-01-02", "2026-01-03",
                  "2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-21",
                  "2026-02-22", "2026-02-23", "2026-04-04", "2026-04-05", "2026-04-06",
                  "2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05",
                  "2026-06-19", "2026-06-20", "2026-06-21", "2026-09-25", "2026-09-26", "2026-09-27",
                  "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"],
     "makeUpDays": ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]}
    """

func china2026() throws -> WorkingCalendar {
    try JSONDecoder().decode(WorkingCalendar.self, from: Data(china2026JSON.utf8))
}

/// A holiday that begins on a Saturday and ends before a worked Saturday, so that a Friday evening runs into both.
func fridayBeforeHoliday() throws -> WorkingCalendar {
    let holidays = try (1...6).map { try #require(CivilDay(year: 2022, month: 10, day: $0)) }
    let friday = try #require(CivilDay("2022-10-07"))
    let saturday = try #require(CivilDay("2022-10-08"))
    return try WorkingCalendar(holidays: Set(holidays + [friday]), makeUpDays: [saturday])
}

/// The milliseconds of a Chinese local time written `2026-10-09 17:20`, also with seconds.
func time(_ text: String) throws -> Int64 {
    let parts = text.split(separator: " ")
    let day = try #require(CivilDay(String(parts[0])))
    let numbers = parts[1].split(separator: ":").compactMap { Int64($0) }
    return day.start(utcOffsetMinutes: 480) + numbers[0] * 3_600_000 + numbers[1] * 60_000
        + (numbers.count > 2 ? numbers[2] * 1000 : 0)
}

/// The inverse of `time`, so that a failure reads well.
func local(_ time: Int64) -> String {
    let day = CivilDay(milliseconds: time, utcOffsetMinutes: 480)
    let rest = time - day.start(utcOffsetMinutes: 480)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let text = "\(day.isoText) \(two(rest / 3_600_000)):\(two(rest / 60_000 % 60))"
    return rest % 60_000 == 0 ? text : text + ":\(two(rest / 1000 % 60)).\(rest % 1000)"
}

let hour: Int64 = 3_600_000
