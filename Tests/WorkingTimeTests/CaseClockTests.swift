import Foundation
import TestSupport
import Testing
import WorkingTime

@Suite struct CaseClockTests {
    private func clock(_ start: String, _ limit: String) throws -> CaseClock {
        CaseClock(start: try time(start), limit: try TimeLimit(limit))
    }

    private func deadline(_ clock: CaseClock, _ calendar: WorkingCalendar) -> String {
        clock.deadline(calendar).map(local) ?? "paused"
    }

    @Test func `a pause holds the clock and what remained runs on after it`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 14:00", "4w")
        #expect(deadline(clock, calendar) == "2026-11-23 18:00")
        #expect(clock.pause(at: try time("2026-11-23 15:00")) == nil)
        #expect(deadline(clock, calendar) == "paused")
        #expect(clock.remaining(at: try time("2026-11-25 11:00"), calendar) == 3 * hour)
        #expect(!clock.isOverdue(at: try time("2026-12-25 11:00"), calendar))
        #expect(clock.breach(at: try time("2026-12-25 11:00"), calendar) == nil)
        #expect(clock.resume(at: try time("2026-11-25 11:00")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-25 15:00")
        #expect(clock.remaining(at: try time("2026-11-25 14:00"), calendar) == hour)
    }

    @Test func `a pause outside working hours changes no working deadline, but an emergency one`() throws {
        let calendar = try china2026()
        for (limit, expected) in [("6w", "2026-11-24 12:00"), ("20e", "2026-11-25 00:00"), ("1d", "2026-11-24 18:00")] {
            var clock = try clock("2026-11-23 15:00", limit)
            #expect(clock.pause(at: try time("2026-11-23 19:00")) == nil)
            #expect(clock.resume(at: try time("2026-11-24 08:00")) == nil)
            #expect(deadline(clock, calendar) == expected, "\(limit)")
        }
    }

    @Test func `ten minutes of pause move a limit in days by ten minutes, not by a day`() throws {
        let calendar = try china2026()
        var days = try clock("2026-11-20 10:00", "1d")
        var natural = try clock("2026-11-20 10:00", "1n")
        for at in ["2026-11-20 11:00", "2026-11-20 11:10"] {
            let moment = try time(at)
            #expect((days.isPaused ? days.resume(at: moment) : days.pause(at: moment)) == nil)
            #expect((natural.isPaused ? natural.resume(at: moment) : natural.pause(at: moment)) == nil)
        }
        #expect(deadline(days, calendar) == "2026-11-24 09:10")
        #expect(deadline(natural, calendar) == "2026-11-22 00:09:59.999")
    }

    @Test func `an extension counts from the deadline, also when approved after the breach, which stays on record`()
        throws
    {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 09:00", "4w")
        let due = try time("2026-11-23 14:00")
        #expect(clock.deadline(calendar) == due)
        #expect(!clock.isOverdue(at: due, calendar) && clock.isOverdue(at: due + 1, calendar))
        #expect(clock.remaining(at: due + hour, calendar) == -hour)

        #expect(clock.extend(by: try TimeLimit("8w"), at: try time("2026-11-23 16:00")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-24 14:00")
        #expect(!clock.isOverdue(at: try time("2026-11-24 14:00"), calendar))
        #expect(clock.breach(at: try time("2026-11-24 14:00"), calendar) == due)
    }

    @Test func `an extension in time leaves no breach, until its own deadline passes`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 09:00", "2d")
        #expect(clock.extend(by: try TimeLimit("3d"), at: try time("2026-11-24 09:00")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-30 18:00")
        #expect(clock.breach(at: try time("2026-11-30 18:00"), calendar) == nil)
        #expect(clock.breach(at: try time("2026-11-30 18:01"), calendar) == (try time("2026-11-30 18:00")))
    }

    @Test func `a pause after the deadline does not undo it`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 02:00", "2e")
        #expect(clock.pause(at: try time("2026-11-23 04:01")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-23 04:00")
        #expect(clock.isOverdue(at: try time("2026-11-23 05:00"), calendar))
        #expect(clock.resume(at: try time("2026-11-23 06:00")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-23 04:00")
    }

    @Test func `a pause inside the extension is left out of it`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 02:00", "2e")
        #expect(clock.extend(by: try TimeLimit("2e"), at: try time("2026-11-23 03:00")) == nil)
        #expect(clock.pause(at: try time("2026-11-23 05:00")) == nil)
        #expect(clock.resume(at: try time("2026-11-23 07:00")) == nil)
        #expect(deadline(clock, calendar) == "2026-11-23 08:00")
    }

    @Test func `another category counts from the original start`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 09:00", "4w")
        #expect(clock.pause(at: try time("2026-11-23 10:00")) == nil)
        #expect(clock.resume(at: try time("2026-11-23 11:00")) == nil)
        clock.change(to: try TimeLimit("0.5e"))
        #expect(deadline(clock, calendar) == "2026-11-23 09:30")
        clock.change(to: try TimeLimit("2w"))
        #expect(deadline(clock, calendar) == "2026-11-23 12:00")
    }

    @Test func `a reminder comes when its share of the time is used up`() throws {
        let calendar = try china2026()
        var clock = try clock("2026-11-23 14:00", "8w")
        #expect(clock.moment(whenUsed: 500, calendar).map(local) == "2026-11-23 18:00")
        #expect(clock.moment(whenUsed: 750, calendar).map(local) == "2026-11-24 11:00")
        #expect(clock.moment(whenUsed: 1000, calendar) == clock.deadline(calendar))
        #expect(clock.extend(by: try TimeLimit("8w"), at: try time("2026-11-23 15:00")) == nil)
        #expect(clock.moment(whenUsed: 750, calendar).map(local) == "2026-11-24 18:00")
        #expect(clock.pause(at: try time("2026-11-23 16:00")) == nil)
        #expect(clock.moment(whenUsed: 750, calendar) == nil)
    }

    @Test func `changes out of order are refused and change nothing`() throws {
        var clock = try clock("2026-11-23 14:00", "4w")
        let before = clock
        #expect(clock.resume(at: try time("2026-11-23 15:00")) == .notPaused)
        #expect(clock.pause(at: try time("2026-11-23 13:00")) == .outOfOrder)
        #expect(clock.extend(by: try TimeLimit("1w"), at: try time("2026-11-23 13:00")) == .outOfOrder)
        #expect(clock == before)
        #expect(clock.pause(at: try time("2026-11-23 15:00")) == nil)
        #expect(clock.pause(at: try time("2026-11-23 16:00")) == .alreadyPaused)
        #expect(clock.resume(at: try time("2026-11-23 14:59")) == .outOfOrder)
    }

    @Test func `the line is what was entered`() throws {
        var clock = try clock("2026-11-23 14:00", "4w")
        #expect(clock.pause(at: clock.start + 1000) == nil)
        #expect(clock.extend(by: try TimeLimit("1d"), at: clock.start + 2000) == nil)
        #expect(clock.text == "1795413600000 4w 1795413601000- 1795413602000+1d")
    }

    @Test func `the time given is the limit plus the extensions, the pauses left out`() throws {
        var random = SeededGenerator()
        let calendar = try china2026()
        for _ in 0..<400 {
            let isWorking = Bool.random(using: &random)
            func limit(_ hundredths: Int) -> TimeLimit {
                isWorking ? .workingHours(hundredths: hundredths) : .emergencyHours(hundredths: hundredths)
            }
            func elapsed(_ start: Int64, _ end: Int64) -> Int64 {
                isWorking ? calendar.workingTime(between: start, and: end) : end - start
            }
            var given = Int.random(in: 1...8_000, using: &random)
            var now = try time("2026-01-01 00:00") + Int64.random(in: 0..<280 * 24 * hour, using: &random)
            var clock = CaseClock(start: now, limit: limit(given))
            var unpaused = clock
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                now += Int64.random(in: 0..<30 * hour, using: &random)
                // What happens after the deadline is another test's.
                if let due = clock.deadline(calendar), due < now { break }
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    let more = Int.random(in: 1...2_000, using: &random)
                    given += more
                    #expect(clock.extend(by: limit(more), at: now) == nil)
                    #expect(unpaused.extend(by: limit(more), at: now) == nil)
                default:
                    let refusal = clock.isPaused ? clock.resume(at: now) : clock.pause(at: now)
                    #expect(refusal == nil)
                }
                #expect(clock.breach(at: now, calendar) == nil)
            }
            if clock.isPaused {
                #expect(clock.deadline(calendar) == nil)
                #expect(clock.resume(at: now) == nil)
            }
            let due = try #require(clock.deadline(calendar))
            let stood = clock.pauses.reduce(0) { $0 + elapsed($1.from, $1.to ?? $1.from) }
            #expect(elapsed(clock.start, due) - stood == Int64(given) * 36_000)
            #expect(due >= (try #require(unpaused.deadline(calendar))))
            #expect(clock.remaining(at: now, calendar) == elapsed(now, due))
            if isWorking { #expect(calendar.isOpen(at: due)) }
            let half = try #require(clock.moment(whenUsed: 500, calendar))
            #expect(half <= due)
            #expect(clock.breach(at: due, calendar) == nil && clock.breach(at: due + 1, calendar) == due)
        }
    }

    @Test func `a clock is kept as a line and read back, whatever happened to it`() throws {
        var random = SeededGenerator()
        let limits = ["4w", "0.25e", "5d", "15n"]
        for _ in 0..<200 {
            var clock = CaseClock(
                start: .random(in: -100_000...100_000, using: &random),
                limit: try TimeLimit(limits.randomElement(using: &random) ?? "4w"))
            var now = clock.start
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                now += .random(in: 0...50_000, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: _ = clock.pause(at: now)
                case 1: _ = clock.resume(at: now)
                default: _ = clock.extend(by: try TimeLimit("0.5w"), at: now)
                }
            }
            #expect(try CaseClock(text: clock.text) == clock, "\(clock.text)")
        }
    }

    @Test(arguments: [
        "", "7", "4w 7", "7 4x", "7 4w ", "7 4w 8", "7 4w 8-x", "7 4w x-8", "7 4w 8+", "7 4w +2w", "7 4w 8+2",
    ])
    func `a line that is no clock is refused`(text: String) {
        let error = #expect(throws: CaseClockTextError.self) { try CaseClock(text: text) }
        #expect(error?.text == text)
    }
}
