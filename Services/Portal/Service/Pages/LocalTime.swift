import Contracts

/// Times of day as people of the place read them.
struct LocalTime: Sendable {
    let offsetMinutes: Int

    init(offsetMinutes: Int) { self.offsetMinutes = offsetMinutes }
    init(_ pack: Pack?) { offsetMinutes = pack?.calendar.utcOffsetMinutes ?? 480 }

    /// The time of day, as `14:05`.
    func clock(_ moment: Timestamp) -> String { String(local(moment).prefix(16).suffix(5)) }

    /// The day and the time, as `11-24 14:05`, or only the time where it is today.
    func short(_ moment: Timestamp, now: Timestamp) -> String {
        let text = local(moment)
        return text.prefix(10) == local(now).prefix(10)
            ? clock(moment) : "\(text.prefix(10).suffix(5)) \(clock(moment))"
    }

    /// The day, as `2026-11-24`.
    func day(_ moment: Timestamp) -> String { String(local(moment).prefix(10)) }

    private func local(_ moment: Timestamp) -> String {
        moment.adding(milliseconds: Int64(offsetMinutes) * 60_000).description
    }
}
