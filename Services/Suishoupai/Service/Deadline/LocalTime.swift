import WorkingTime

/// Writes moments as the clocks of a pack show them.
struct LocalTime {
    let offset: Int

    init(_ calendar: WorkingCalendar) {
        offset = calendar.utcOffsetMinutes
    }

    /// `2026-10-08T13:20:00+08:00`; milliseconds only where there are some.
    func iso(_ time: Int64) -> String {
        let sign = offset < 0 ? "-" : "+"
        let zone = "\(sign)\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
        return "\(day(time).isoText)T\(clock(time, from: day(time), precise: true))\(zone)"
    }

    func day(_ time: Int64) -> CivilDay { CivilDay(milliseconds: time, utcOffsetMinutes: offset) }

    /// `09:00`, on the day that it belongs to: the end of that day is `24:00`.
    func clock(_ time: Int64, on day: CivilDay) -> String { clock(time, from: day, precise: false) }

    private func clock(_ time: Int64, from day: CivilDay, precise: Bool) -> String {
        let rest = Int(time - day.start(utcOffsetMinutes: offset))
        let minutes = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60))"
        guard precise || rest % 60_000 != 0 else { return minutes }
        let seconds = "\(minutes):\(two(rest / 1_000 % 60))"
        return rest % 1_000 == 0 ? seconds : "\(seconds).\(two(rest % 1_000 / 10))\(rest % 10)"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// `3h20m`, `40m`, `18s`, `0`.
func spanText(_ milliseconds: Int64) -> String {
    let parts = [
        (milliseconds / 3_600_000, "h"), (milliseconds / 60_000 % 60, "m"), (milliseconds / 1_000 % 60, "s"),
        (milliseconds % 1_000, "ms"),
    ].filter { $0.0 != 0 }
    return parts.isEmpty ? "0" : parts.map { "\($0.0)\($0.1)" }.joined()
}

extension Weekday {
    var chinese: String {
        switch self {
        case .monday: "周一"
        case .tuesday: "周二"
        case .wednesday: "周三"
        case .thursday: "周四"
        case .friday: "周五"
        case .saturday: "周六"
        case .sunday: "周日"
        }
    }

    /// `Wed`.
    var short: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst().prefix(2) }
}
