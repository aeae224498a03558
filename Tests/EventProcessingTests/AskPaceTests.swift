import Testing

@testable import EventProcessing

/// How often missing rows are asked for.
@Suite struct AskPaceTests {
    private let stream = StreamTracker.Stream(topic: "cases.v1", partition: 0, source: "case-routing/0")
    private let start = ContinuousClock.now

    @Test func `a hole is asked about at once, and again only when nothing came for a while`() {
        var pace = AskPace()

        #expect(pace.due([(stream, 5)], at: start) == [AskPace.Due(stream: stream, row: 5, isNew: true)])
        #expect(pace.due([(stream, 5)], at: start + .milliseconds(999)).isEmpty)
        #expect(
            pace.due([(stream, 5)], at: start + .seconds(1)) == [AskPace.Due(stream: stream, row: 5, isNew: false)])
    }

    @Test func `while rows are coming nothing is asked for, however slowly they are read`() {
        var pace = AskPace()
        _ = pace.due([(stream, 5)], at: start)

        for step in 1...20 {
            #expect(pace.due([(stream, 5 + Int64(step))], at: start + .milliseconds(900 * step)).isEmpty)
        }
        // A batch may take longer than the patience, and is news all the same.
        #expect(pace.due([(stream, 40)], at: start + .seconds(30)).isEmpty)
        #expect(
            pace.due([(stream, 40)], at: start + .seconds(31)) == [AskPace.Due(stream: stream, row: 40, isNew: false)])
    }

    @Test func `a hole that opens after another was closed is new`() {
        var pace = AskPace()
        _ = pace.due([(stream, 5)], at: start)
        _ = pace.due([], at: start + .milliseconds(10))

        #expect(
            pace.due([(stream, 9)], at: start + .milliseconds(20)) == [AskPace.Due(stream: stream, row: 9, isNew: true)]
        )
    }
}
