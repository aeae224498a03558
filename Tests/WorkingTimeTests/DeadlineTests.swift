import TestSupport
import Testing
import WorkingTime

@Suite struct DeadlineTests {
    @Test(arguments: [
        // A working Saturday follows the Friday; a plain Friday; the evening before National Day 2026.
        ("2026-10-09 17:20", "4w", "2026-10-10 13:20"),
        ("2026-11-06 17:20", "4w", "2026-11-09 13:20"),
        ("2026-09-30 17:20", "4w", "2026-10-08 13:20"),
        // Used up exactly at a close; begun at night, in the lunch hour and on a day of rest.
        ("2026-11-23 09:00", "3w", "2026-11-23 12:00"),
        ("2026-11-23 14:00", "4w", "2026-11-23 18:00"),
        ("2026-11-23 22:00", "1w", "2026-11-24 10:00"),
        ("2026-11-23 12:30", "0.5w", "2026-11-23 13:30"),
        ("2026-10-03 10:00", "8w", "2026-10-08 18:00"),
        // Emergency hours run at night and over holidays.
        ("2026-10-02 02:00", "0.5e", "2026-10-02 02:30"),
        ("2026-10-02 02:00", "24e", "2026-10-03 02:00"),
        // Working days begin on the next day and end at the close.
        ("2026-11-20 10:00", "1d", "2026-11-23 18:00"),
        ("2026-11-20 23:00", "1d", "2026-11-23 18:00"),
        ("2026-11-21 10:00", "1d", "2026-11-23 18:00"),
        ("2026-09-30 09:00", "3d", "2026-10-10 18:00"),
        ("2026-11-23 00:00", "5d", "2026-11-30 18:00"),
        // Natural days begin on the next day, count every day and end at its end.
        ("2026-09-30 09:00", "1n", "2026-10-01 23:59:59.999"),
        ("2026-11-23 23:59", "15n", "2026-12-08 23:59:59.999"),
    ])
    func `a limit ends where practice says`(start: String, limit: String, deadline: String) throws {
        #expect(local(try china2026().deadline(from: time(start), limit: TimeLimit(limit))) == deadline)
    }

    @Test func `Friday 17:20 and four working hours pass a whole holiday to the worked Saturday`() throws {
        let calendar = try fridayBeforeHoliday()
        #expect(
            local(calendar.deadline(from: try time("2022-09-30 17:20"), limit: try TimeLimit("4w")))
                == "2022-10-08 13:20")
        #expect(
            local(calendar.deadline(from: try time("2022-09-30 17:20"), limit: try TimeLimit("1d")))
                == "2022-10-08 18:00")
    }

    @Test func `counting agrees with looking at every minute`() throws {
        var random = SeededGenerator()
        let calendar = try china2026()
        for _ in 0..<25 {
            let start = try time("2026-09-18 00:00") + Int64.random(in: 0..<20 * 24 * 60, using: &random) * 60_000
            let minutes = Int64.random(in: 1...5 * 24 * 60, using: &random)
            let worked = (0..<minutes).filter { minute in
                let begin = start + minute * 60_000
                let day = calendar.day(at: begin)
                let ofDay = Int((begin - calendar.start(of: day)) / 60_000)
                return calendar.hours(on: day).ranges.contains { $0.contains(ofDay) }
            }
            let total = Int64(worked.count) * 60_000
            #expect(calendar.workingTime(between: start, and: start + minutes * 60_000) == total)
            #expect(calendar.workingTime(between: start + minutes * 60_000, and: start) == -total)
            if let last = worked.last {
                #expect(calendar.moment(after: total, ofWorkingTimeFrom: start) == start + (last + 1) * 60_000)
            }
        }
    }

    @Test func `later starts and larger limits never end earlier, and offices are open at the end`() throws {
        var random = SeededGenerator()
        let calendar = try china2026()
        let kinds: [(Int) -> TimeLimit] = [
            { .workingHours(hundredths: $0) }, { .emergencyHours(hundredths: $0) }, { .workingDays($0 % 30) },
            { .naturalDays($0 % 30) },
        ]
        for _ in 0..<1_500 {
            let start = try time("2026-01-01 00:00") + Int64.random(in: 0..<300 * 24 * hour, using: &random)
            let later = start + Int64.random(in: 0..<72 * hour, using: &random)
            let amount = Int.random(in: 1...4_000, using: &random)
            for (index, kind) in kinds.enumerated() {
                let deadline = calendar.deadline(from: start, limit: kind(amount))
                #expect(deadline >= start)
                #expect(calendar.deadline(from: later, limit: kind(amount)) >= deadline)
                let more = index < 2 ? kind(amount + 1) : kind(amount % 30 + (amount % 30 == 29 ? 0 : 1))
                #expect(calendar.deadline(from: start, limit: more) >= deadline)
                if kind(amount).countsWorkingTime, amount % 30 > 0 {
                    #expect(calendar.isOpen(at: deadline), "\(local(deadline))")
                }
            }
            let span = Int64(amount) * 36_000
            let deadline = calendar.deadline(from: start, limit: .workingHours(hundredths: amount))
            #expect(calendar.workingTime(between: start, and: deadline) == span)
            #expect(calendar.workingTime(between: start, and: deadline - 1) == span - 1)
        }
    }

    @Test func `times beyond all years end at the last moment and do not overflow`() throws {
        let calendar = try WorkingCalendar()
        for limit in ["10000w", "10000e", "10000d", "10000n"] {
            #expect(local(calendar.deadline(from: .max, limit: try TimeLimit(limit))) == "9999-12-31 23:59:59.999")
            #expect(calendar.deadline(from: .min, limit: try TimeLimit(limit)) > .min)
        }
        #expect(calendar.deadline(from: 0, limit: .workingDays(.min)) == 0)
    }

    @Test func `a day that works until midnight closes at midnight`() throws {
        let hours = try DayHours(["08:00-24:00"])
        let calendar = try WorkingCalendar(week: [.monday: hours, .tuesday: hours])
        let deadline = calendar.deadline(from: try time("2026-11-23 20:00"), limit: try TimeLimit("4w"))
        #expect(local(deadline) == "2026-11-24 00:00")
        #expect(calendar.isOpen(at: deadline))
        #expect(!calendar.isOpen(at: deadline + 1))
    }
}
