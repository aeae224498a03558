import Testing
import WorkingTime

/// The traps of counting time, each worked out by hand.
///
/// Offices are open 09:00–12:00 and 13:00–18:00.
@Suite struct TrapTests {
    /// National Day 2022, as it was: the first to the seventh off, the Saturday and the Sunday behind them worked.
    private func nationalDay2022() throws -> WorkingCalendar {
        let days = try (1...9).map { try #require(CivilDay(year: 2022, month: 10, day: $0)) }
        return try WorkingCalendar(holidays: Set(days.prefix(7)), makeUpDays: Set(days.suffix(2)))
    }

    private func deadline(_ start: String, _ limit: String, _ calendar: WorkingCalendar) throws -> String {
        local(calendar.deadline(from: try time(start), limit: try TimeLimit(limit)))
    }

    @Test func `Friday 17:20 and four working hours over National Day end on the worked Saturday`() throws {
        let calendar = try nationalDay2022()
        // Friday 30 September 17:20–18:00 is 40 min; 1–7 October are off; Saturday the 8th 09:00–12:00 makes 3 h 40 min,
        // and 13:00–13:20 the rest.
        #expect(try deadline("2022-09-30 17:20", "4w", calendar) == "2022-10-08 13:20")
        // Friday 40 min, Saturday 8 h, Sunday the 9th 8 h: 16 h 40 min; the last 20 min on Monday.
        #expect(try deadline("2022-09-30 17:20", "17w", calendar) == "2022-10-10 09:20")
        // The first working day behind the Friday is the Saturday, the second the Sunday, the third the Monday.
        #expect(try deadline("2022-09-30 17:20", "1d", calendar) == "2022-10-08 18:00")
        #expect(try deadline("2022-09-30 17:20", "3d", calendar) == "2022-10-10 18:00")
        // Natural days take no notice: the first is Saturday, 1 October.
        #expect(try deadline("2022-09-30 17:20", "1n", calendar) == "2022-10-01 23:59:59.999")
    }

    @Test func `an emergency at two in the morning of a holiday is due that night`() throws {
        let calendar = try china2026()
        #expect(!calendar.isWorkingDay(try #require(CivilDay("2026-10-02"))))
        // Clock hours, whatever the calendar says: 02:00 and 30 min, 2 h, 24 h.
        #expect(try deadline("2026-10-02 02:00", "0.5e", calendar) == "2026-10-02 02:30")
        #expect(try deadline("2026-10-02 02:00", "2e", calendar) == "2026-10-02 04:00")
        #expect(try deadline("2026-10-02 02:00", "24e", calendar) == "2026-10-03 02:00")
    }

    @Test func `the clock stands while the reporter is asked`() throws {
        let calendar = try china2026()
        // Friday 16:00 to 17:00 uses 1 h of 4. Answered on Sunday at 20:00; Monday 09:00–12:00 is the other 3 h.
        var working = CaseClock(start: try time("2026-11-20 16:00"), limit: try TimeLimit("4w"))
        #expect(working.pause(at: try time("2026-11-20 17:00")) == nil)
        #expect(working.deadline(calendar) == nil)
        #expect(!working.isOverdue(at: try time("2026-11-22 19:59"), calendar))
        #expect(working.resume(at: try time("2026-11-22 20:00")) == nil)
        #expect(working.deadline(calendar).map(local) == "2026-11-23 12:00")
        // 23:30 to 00:30 uses 1 h of 2; from 06:00 the other hour runs, at night as by day.
        var emergency = CaseClock(start: try time("2026-11-20 23:30"), limit: try TimeLimit("2e"))
        #expect(emergency.pause(at: try time("2026-11-21 00:30")) == nil)
        #expect(emergency.resume(at: try time("2026-11-21 06:00")) == nil)
        #expect(emergency.deadline(calendar).map(local) == "2026-11-21 07:00")
    }

    @Test func `an extension approved after the breach counts from the missed deadline and does not undo it`() throws {
        let calendar = try china2026()
        // Due on Monday at 14:00 (09:00–12:00, 13:00–14:00). Approved on Tuesday at 10:00, 8 h count from Monday 14:00:
        // 4 h to 18:00, 3 h on Tuesday to 12:00, 1 h to 14:00.
        var clock = CaseClock(start: try time("2026-11-23 09:00"), limit: try TimeLimit("4w"))
        #expect(clock.extend(by: try TimeLimit("8w"), at: try time("2026-11-24 10:00")) == nil)
        #expect(clock.deadline(calendar).map(local) == "2026-11-24 14:00")
        #expect(!clock.isOverdue(at: try time("2026-11-24 10:00"), calendar))
        #expect(clock.breach(at: try time("2026-11-24 10:00"), calendar).map(local) == "2026-11-23 14:00")
    }

    @Test func `another category in the middle of a case counts from the original start`() throws {
        let calendar = try china2026()
        // 4w from Friday 17:20 is Monday 13:20 (40 min, 3 h, 20 min).
        var clock = CaseClock(start: try time("2026-11-20 17:20"), limit: try TimeLimit("4w"))
        #expect(clock.deadline(calendar).map(local) == "2026-11-23 13:20")
        // Corrected on Monday to 2e: it was due on Friday at 19:20, and is late already.
        clock.change(to: try TimeLimit("2e"))
        #expect(clock.start == (try time("2026-11-20 17:20")))
        #expect(clock.deadline(calendar).map(local) == "2026-11-20 19:20")
        #expect(clock.isOverdue(at: try time("2026-11-23 09:00"), calendar))
        // Corrected to 2d: Monday is the first working day behind the Friday, Tuesday the second.
        clock.change(to: try TimeLimit("2d"))
        #expect(clock.deadline(calendar).map(local) == "2026-11-24 18:00")
    }
}
