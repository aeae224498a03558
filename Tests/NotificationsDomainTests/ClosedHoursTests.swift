import Contracts
import TestSupport
import Testing

@testable import NotificationsDomain

private typealias Window = ClosedHours.Window

/// By the clock in Nanchang.
private func at(_ text: String) throws -> Timestamp { try #require(Timestamp("\(text):00+08:00")) }

private func hours(_ quiet: Window?, _ peaks: [Window] = []) -> ClosedHours {
    ClosedHours(quiet: quiet, peaks: peaks, utcOffsetMinutes: 480)
}

private let night = Window(from: 22 * 60, to: 7 * 60)
private let lunch = Window(from: 11 * 60, to: 13 * 60)

@Test(arguments: [
    ("2026-11-23T21:59", "2026-11-23T21:59"), ("2026-11-23T22:00", "2026-11-24T07:00"),
    ("2026-11-23T23:59", "2026-11-24T07:00"), ("2026-11-24T00:00", "2026-11-24T07:00"),
    ("2026-11-24T06:59", "2026-11-24T07:00"), ("2026-11-24T07:00", "2026-11-24T07:00"),
    ("2026-12-31T23:00", "2027-01-01T07:00"), ("2026-11-24T11:00", "2026-11-24T13:00"),
    ("2026-11-24T13:00", "2026-11-24T13:00"),
])
func `quiet hours go over midnight and end with their last minute`(from: String, until: String) throws {
    #expect(hours(night, [lunch]).firstOpen(from: try at(from)) == (try at(until)))
}

@Test func `windows that touch are one`() throws {
    let hours = hours(Window(from: 600, to: 660), [Window(from: 660, to: 780), Window(from: 770, to: 800)])

    #expect(hours.firstOpen(from: try at("2026-11-24T10:30")) == (try at("2026-11-24T13:20")))
    #expect(hours.lastOpen(from: try at("2026-11-24T09:00"))?.adding(milliseconds: 1) == (try at("2026-11-24T10:00")))
}

@Test func `who is quiet all day between two peaks is quiet only when they asked for it`() throws {
    let hours = hours(Window(from: 780, to: 660), [lunch])

    #expect(hours.isClosed(at: try at("2026-11-24T10:00")))
    #expect(!hours.isClosed(at: try at("2026-11-24T12:00")))
}

@Test func `somebody in another time zone sleeps there`() throws {
    let tokyo = ClosedHours(quiet: night, peaks: [], utcOffsetMinutes: 540)

    #expect(tokyo.isClosed(at: try at("2026-11-23T21:00")))
    #expect(!tokyo.isClosed(at: try at("2026-11-24T06:00")))
    let newYork = ClosedHours(quiet: night, peaks: [], utcOffsetMinutes: -300)
    #expect(newYork.isClosed(at: try at("2026-11-24T12:00")))
    #expect(newYork.firstOpen(from: try at("2026-11-24T12:00")) == (try at("2026-11-24T20:00")))
}

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 20))
func `the first open moment is the first minute that no window holds`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
        let quiet = Bool.random(using: &random) ? window(&random) : nil
        let peaks = (0..<Int.random(in: 0..<3, using: &random)).map { _ in window(&random) }
        let offset = Int.random(in: -720...840, using: &random)
        let hours = ClosedHours(quiet: quiet, peaks: peaks, utcOffsetMinutes: offset)
        let start = Timestamp.morning.adding(milliseconds: .random(in: -400_000_000...400_000_000, using: &random))

        let open = hours.firstOpen(from: start)
        let minute: Int64 = 60_000
        // Counted one by one, from the beginning of each minute.
        let begin = start.milliseconds - (start.milliseconds % minute + minute) % minute
        let counted = (0...1_440).lazy.map { Timestamp(milliseconds: begin + Int64($0) * minute) }
            .first { !hours.isClosed(at: $0) }
        #expect(counted.map { max($0, start) } == open, "seed \(seed)")
        if let last = hours.lastOpen(from: open) {
            #expect(!hours.isClosed(at: last) && hours.isClosed(at: last.adding(milliseconds: 1)), "seed \(seed)")
        }
    }
}

private func window(_ random: inout SeededGenerator) -> Window {
    let from = Int.random(in: 0..<1_440, using: &random)
    let to = Int.random(in: 0..<1_440, using: &random)
    return Window(from: from, to: to == from ? (to + 1) % 1_440 : to)
}

@Test(arguments: [
    ("2026-11-23T08:15", "2026-11-29T10:00"), ("2026-11-29T09:59", "2026-11-29T10:00"),
    ("2026-11-29T10:00", "2026-12-06T10:00"), ("2026-11-29T23:00", "2026-12-06T10:00"),
])
func `a digest comes on its day at its minute by the person's clock`(from: String, next: String) throws {
    let text = PackText(title: "a", body: "b")
    let digest = PackDigest(weekday: 7, minute: 600, text: text, english: nil, channels: [])

    #expect(nextDigest(after: try at(from), digest, utcOffsetMinutes: 480) == (try at(next)))
    let monday = PackDigest(weekday: 1, minute: 0, text: text, english: nil, channels: [])
    #expect(
        nextDigest(after: try at("2026-11-23T00:00"), monday, utcOffsetMinutes: 480) == (try at("2026-11-30T00:00")))
}

@Test func `what became quiet goes on in the morning, until it is not worth it any more`() throws {
    let planned = try at("2026-11-23T20:00")
    let hours = hours(night)

    let round = try #require(hours.round(from: try at("2026-11-23T22:00"), plannedAt: planned))
    #expect(round.notBefore == (try at("2026-11-24T07:00")))
    #expect(round.notAfter.adding(milliseconds: 1) == (try at("2026-11-24T22:00")))
    let last = try #require(hours.round(from: try at("2026-11-26T10:00"), plannedAt: planned))
    #expect(last.notAfter == (try at("2026-11-26T20:00")))
    #expect(hours.round(from: try at("2026-11-26T20:00"), plannedAt: planned) == nil)
}
