import TestSupport
import Testing
import WorkingTime

@Suite struct ExplanationTests {
    /// `2026-09-30 17:20 → 2026-09-30 18:00 counts 40, 200 left`, in minutes or days.
    private func lines(_ grant: ClockExplanation.Grant?) -> [String] {
        (grant?.periods ?? []).map { period in
            let unit: Int64 = grant?.unit == .days ? 1 : 60_000
            let what =
                period.counted > 0
                ? "counts \(period.counted / unit), \(period.remaining / unit) left" : period.reason.rawValue
            return "\(local(period.from)) → \(local(period.to)) \(what)\(period.isMakeUpDay ? " 调休" : "")"
        }
    }

    @Test func `four working hours over National Day are told day by day`() throws {
        let calendar = try china2026()
        let told = calendar.explain(limit: try TimeLimit("4w"), from: try time("2026-09-30 17:20"))

        #expect(told.deadline.map(local) == "2026-10-08 13:20")
        #expect(
            lines(told.grants.first) == [
                "2026-09-30 17:20 → 2026-09-30 18:00 counts 40, 200 left",
                "2026-09-30 18:00 → 2026-10-01 00:00 outside-hours",
            ] + (1...7).map { "2026-10-0\($0) 00:00 → 2026-10-0\($0 + 1) 00:00 holiday" } + [
                "2026-10-08 00:00 → 2026-10-08 09:00 outside-hours",
                "2026-10-08 09:00 → 2026-10-08 12:00 counts 180, 20 left",
                "2026-10-08 12:00 → 2026-10-08 13:00 outside-hours",
                "2026-10-08 13:00 → 2026-10-08 13:20 counts 20, 0 left",
            ])
    }

    @Test func `days leave out the day of the start and name the worked Saturday`() throws {
        let calendar = try china2026()
        let working = calendar.explain(limit: try TimeLimit("2d"), from: try time("2026-10-08 10:00"))
        #expect(
            lines(working.grants.first) == [
                "2026-10-08 10:00 → 2026-10-09 00:00 day-of-start",
                "2026-10-09 00:00 → 2026-10-10 00:00 counts 1, 1 left",
                "2026-10-10 00:00 → 2026-10-10 18:00 counts 1, 0 left 调休",
            ])
        let natural = calendar.explain(limit: try TimeLimit("2n"), from: try time("2026-10-02 10:00"))
        #expect(
            lines(natural.grants.first) == [
                "2026-10-02 10:00 → 2026-10-03 00:00 day-of-start",
                "2026-10-03 00:00 → 2026-10-04 00:00 counts 1, 1 left",
                "2026-10-04 00:00 → 2026-10-04 23:59:59.999 counts 1, 0 left",
            ])
    }

    @Test func `a pause is a period of its own, and one without an end leaves the deadline open`() throws {
        let calendar = try china2026()
        var clock = CaseClock(start: try time("2026-11-20 17:00"), limit: try TimeLimit("2w"))
        #expect(clock.pause(at: try time("2026-11-20 17:30")) == nil)
        #expect(clock.explain(calendar).deadline == nil)
        #expect(
            lines(clock.explain(calendar).grants.first) == ["2026-11-20 17:00 → 2026-11-20 17:30 counts 30, 90 left"])
        #expect(clock.resume(at: try time("2026-11-23 11:00")) == nil)
        #expect(
            lines(clock.explain(calendar).grants.first) == [
                "2026-11-20 17:00 → 2026-11-20 17:30 counts 30, 90 left",
                "2026-11-20 17:30 → 2026-11-23 11:00 paused",
                "2026-11-23 11:00 → 2026-11-23 12:00 counts 60, 30 left",
                "2026-11-23 12:00 → 2026-11-23 13:00 outside-hours",
                "2026-11-23 13:00 → 2026-11-23 13:30 counts 30, 0 left",
            ])
    }

    @Test func `a pause on the deadline's own millisecond holds it, one behind it does not`() throws {
        let calendar = try china2026()
        for (late, expected) in [(Int64(0), "2026-11-23 16:00"), (1, "2026-11-23 14:00")] {
            var clock = CaseClock(start: try time("2026-11-23 09:00"), limit: try TimeLimit("4w"))
            #expect(clock.pause(at: try time("2026-11-23 14:00") + late) == nil)
            #expect(clock.resume(at: try time("2026-11-23 16:00")) == nil)
            #expect(clock.explain(calendar).deadline.map(local) == expected)
        }
    }

    @Test func `an extension is a second grant that begins at the first one's end`() throws {
        let calendar = try china2026()
        var clock = CaseClock(start: try time("2026-11-23 09:00"), limit: try TimeLimit("4w"))
        #expect(clock.extend(by: try TimeLimit("1d"), at: try time("2026-11-23 16:00")) == nil)
        let told = clock.explain(calendar)
        #expect(told.grants.map(\.limit.text) == ["4w", "1d"])
        #expect(told.grants.map { $0.end.map(local) } == ["2026-11-23 14:00", "2026-11-24 18:00"])
        #expect(told.grants.map(\.unit) == [.milliseconds, .days])
    }

    @Test func `every explanation ends where counting ends, without a gap, and adds up`() throws {
        var random = SeededGenerator()
        let calendar = try china2026()
        for _ in 0..<600 {
            let clock = try randomClock(using: &random)
            let told = clock.explain(calendar)
            #expect(told.deadline == clock.deadline(calendar), "\(clock)")
            for grant in told.grants { check(grant, of: clock, calendar) }
        }
    }

    @Test func `without a pause it ends where the plain deadline is`() throws {
        var random = SeededGenerator()
        let calendar = try china2026()
        for _ in 0..<600 {
            let limit = randomLimit(using: &random)
            let start = try time("2026-01-01 00:00") + Int64.random(in: 0..<365 * 24 * hour, using: &random)
            let told = calendar.explain(limit: limit, from: start)
            #expect(told.deadline == calendar.deadline(from: start, limit: limit), "\(limit) from \(local(start))")
        }
    }

    @Test func `a year is explained at once, and the end of all time too`() throws {
        let calendar = try china2026()
        let begin = ContinuousClock.now
        for limit in ["10000w", "8760e", "365d", "365n"] {
            let told = calendar.explain(limit: try TimeLimit(limit), from: try time("2026-01-01 00:00"))
            #expect(told.grants.first?.periods.last?.remaining == 0, "\(limit)")
        }
        #expect(ContinuousClock.now - begin < .seconds(1))
        let last = calendar.explain(limit: try TimeLimit("4w"), from: .max)
        #expect(last.deadline == calendar.deadline(from: .max, limit: try TimeLimit("4w")))
    }
}

/// What holds for every grant, judged minute by minute without the explainer's own steps.
private func check(_ grant: ClockExplanation.Grant, of clock: CaseClock, _ calendar: WorkingCalendar) {
    var cursor = grant.from
    var left = grant.amount
    for period in grant.periods {
        #expect(period.from == cursor && period.from < period.to, "a gap at \(local(cursor)) in \(clock)")
        cursor = period.to
        left -= period.counted
        #expect(period.remaining == left && left >= 0)
        if grant.unit == .milliseconds {
            let worked = calendar.workingTime(between: period.from, and: period.to)
            switch period.reason {
            case .counts where grant.limit.countsWorkingTime: #expect(period.counted == worked)
            case .counts: #expect(period.counted == period.to - period.from)
            case .paused: #expect(period.counted == 0)
            default: #expect(period.counted == 0 && worked == 0)
            }
            let stands = clock.pauses.contains { $0.from <= period.from && ($0.to ?? .max) >= period.to }
            #expect(stands == (period.reason == .paused), "\(local(period.from)) in \(clock)")
        }
    }
    guard let end = grant.end else { return }
    #expect(cursor == end || grant.periods.isEmpty && grant.from == end)
    #expect(left == 0)
}

private func randomLimit(using random: inout SeededGenerator) -> TimeLimit {
    let number = Int.random(in: 1...30, using: &random)
    return switch Int.random(in: 0..<4, using: &random) {
    case 0: .workingHours(hundredths: number * Int.random(in: 1...400, using: &random))
    case 1: .emergencyHours(hundredths: number * Int.random(in: 1...400, using: &random))
    case 2: .workingDays(number)
    default: .naturalDays(number)
    }
}

private func randomClock(using random: inout SeededGenerator) throws -> CaseClock {
    let calendar = try china2026()
    // Whole minutes often fall on the moments that offices open and close at.
    func later(_ time: Int64, _ random: inout SeededGenerator) -> Int64 {
        time + Int64.random(in: 0..<4_000, using: &random) * (Bool.random(using: &random) ? 60_000 : 1_800_000)
    }
    var now = later(try time("2026-01-01 00:00"), &random)
    var clock = CaseClock(start: now, limit: randomLimit(using: &random))
    for _ in 0..<Int.random(in: 0...6, using: &random) {
        now = later(now, &random)
        // The deadline's own millisecond is where a pause still holds.
        if let due = clock.deadline(calendar), due >= clock.lastEntry, Int.random(in: 0..<4, using: &random) == 0 {
            now = due
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            #expect(clock.extend(by: randomLimit(using: &random), at: now) == nil)
        } else {
            let refusal = clock.isPaused ? clock.resume(at: now) : clock.pause(at: now)
            #expect(refusal == nil)
        }
    }
    return clock
}

extension CaseClock {
    /// The latest moment on its record.
    fileprivate var lastEntry: Int64 {
        max(start, pauses.map { $0.to ?? $0.from }.max() ?? start, extensions.map(\.at).max() ?? start)
    }
}
