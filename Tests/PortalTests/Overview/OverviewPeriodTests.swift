import Foundation
import TestSupport
import Testing
import WorkingTime

@testable import Portal

@Test func `a period is known by its name, and begins where the one before ends`() throws {
    var generator = SeededGenerator()
    for _ in 0..<2_000 {
        let day = CivilDay(dayNumber: Int.random(in: 0...60_000, using: &generator))
        for kind in [OpenPeriod.week, .month] {
            let period = OverviewPeriod(kind, around: day)
            #expect(OverviewPeriod(period.name) == period)
            #expect(period.first <= day && day <= period.last)
            #expect(period.next.first == period.last.adding(days: 1))
            #expect(period.next.previous == period && period.previous.next == period)
        }
    }
    let week = try #require(OverviewPeriod("2026-W53"))
    #expect(week.first.isoText == "2026-12-28" && week.last.isoText == "2027-01-03")
    let month = try #require(OverviewPeriod("2028-02"))
    #expect(month.last.isoText == "2028-02-29")
}

@Test(arguments: [
    "", "2026", "2026-13", "2026-00", "2026-1", "2025-W53", "2026-W0", "2026-W00", "2026-W1", "2026-W+1", "x-11",
])
func `what is no week and no month is no period`(text: String) {
    #expect(OverviewPeriod(text) == nil)
}

@Test func `a period that is not over is compared with as many days of the one before`() throws {
    let today = try #require(CivilDay("2026-03-30"))
    let frame = OverviewFrame(utcOffsetMinutes: 480, today: today, first: try #require(CivilDay("2026-01-15")))

    let march = frame.before(try #require(OverviewPeriod("2026-03")))
    let february = frame.before(try #require(OverviewPeriod("2026-02")))
    let week = frame.before(try #require(OverviewPeriod("2026-W14")))

    // February has no more days than 28.
    #expect(march.first.isoText == "2026-02-01" && march.last.isoText == "2026-02-28")
    #expect(february.first.isoText == "2026-01-01" && february.last.isoText == "2026-01-31")
    #expect(week.first.isoText == "2026-03-23" && week.last.isoText == "2026-03-23")
    #expect(frame.periods(.month, atMost: 9).map(\.name) == ["2026-03", "2026-02", "2026-01"])
    #expect(frame.periods(.week, atMost: 2).map(\.name) == ["2026-W14", "2026-W13"])
    #expect(frame.has(try #require(OverviewPeriod("2026-01"))))
    #expect(!frame.has(try #require(OverviewPeriod("2025-12"))))
    #expect(!frame.has(try #require(OverviewPeriod("2026-04"))))
}

@Test func `bars are as high as their numbers, under a round scale`() throws {
    let chart = BarChart(
        groups: [.init(label: "<a>", values: [10, 5]), .init(label: "b", values: [0, 7])], caption: "\"Cases\"")

    let text = try #require(chart.svg?.text)

    #expect(text.contains("aria-label=\"&quot;Cases&quot;\"") && text.contains("&lt;a&gt;"))
    #expect(text.contains("class=\"series-1\" x=\"96\" y=\"18\" width=\"112\" height=\"178\""), "\(text)")
    #expect(text.contains("class=\"series-2\" x=\"208\" y=\"107\" width=\"112\" height=\"89\""))
    #expect(text.components(separatedBy: "<line ").count == 7)
    #expect(BarChart(groups: [.init(label: "a", values: [0, 0])], caption: "").svg == nil)
    for most in [1, 7, 99, 100, 101, 12_345, 999_999] {
        let one = try #require(BarChart(groups: [.init(label: "", values: [most])], caption: "").svg?.text)
        #expect((3...7).contains(one.components(separatedBy: "<line ").count), "\(most)")
    }
}
