import Testing

@testable import EventProcessing

/// How often missing rows are asked for.
@Suite struct AskPaceTests {
    private let stream = StreamTracker.Stream(topic: "cases.v1", partition: 0, source: "case-routing/0")
    private let other = StreamTracker.Stream(topic: "cases.v1", partition: 1, source: "case-routing/1")
    private let start = ContinuousClock.now
    private var pace = AskPace()

    /// What is asked so long after the start when the stream lacks everything from a row on.
    private mutating func asks(from row: Int64, after time: Duration, hasReadAll: Bool = true) -> [AskPace.Due] {
        pace.due([(stream, row)], at: start + time) { _ in hasReadAll }
    }

    private func ask(_ row: Int64, isNew: Bool = false) -> [AskPace.Due] {
        [AskPace.Due(stream: stream, row: row, isNew: isNew)]
    }

    @Test mutating func `a hole is asked about at once, and ever more seldom while nothing comes`() {
        #expect(asks(from: 5, after: .zero) == ask(5, isNew: true))
        var last = Duration.zero
        for wait in [Duration.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8)] {
            #expect(asks(from: 5, after: last + wait - .milliseconds(1)).isEmpty)
            #expect(asks(from: 5, after: last + wait) == ask(5))
            last += wait
        }
    }

    @Test mutating func `the next piece is asked for when the last one was read`() {
        _ = asks(from: 5, after: .zero)
        #expect(asks(from: 80, after: .milliseconds(50)).isEmpty)
        // The rest of a piece may come apart from its beginning.
        #expect(asks(from: 82, after: .milliseconds(200)).isEmpty)
        #expect(asks(from: 82, after: .milliseconds(399)).isEmpty)
        #expect(asks(from: 82, after: .milliseconds(400)) == ask(82))
        // And then it is an ask like the first.
        #expect(asks(from: 82, after: .milliseconds(1_399)).isEmpty)
        #expect(asks(from: 82, after: .milliseconds(1_400)) == ask(82))
    }

    @Test mutating func `while there is more to read nothing is asked for, however slowly it is read`() {
        _ = asks(from: 5, after: .zero)
        #expect(asks(from: 5, after: .seconds(29), hasReadAll: false).isEmpty)
        #expect(asks(from: 6, after: .seconds(30), hasReadAll: false).isEmpty)
        #expect(asks(from: 6, after: .seconds(59), hasReadAll: false).isEmpty)
        // Not for ever: where news never end, a lost ask would never be repeated.
        #expect(asks(from: 6, after: .seconds(60), hasReadAll: false) == ask(6))
    }

    @Test mutating func `a hole that opens after another was closed is new`() {
        _ = asks(from: 5, after: .zero)
        _ = pace.due([], at: start + .milliseconds(10)) { _ in true }
        #expect(asks(from: 9, after: .milliseconds(20)) == ask(9, isNew: true))
    }

    @Test mutating func `each stream has its own pace`() {
        _ = asks(from: 5, after: .zero)
        let both = pace.due([(stream, 5), (other, 1)], at: start + .milliseconds(500)) { _ in true }
        #expect(both == [AskPace.Due(stream: other, row: 1, isNew: true)])
        let later = pace.due([(stream, 5), (other, 1)], at: start + .seconds(1)) { [stream] in $0 == stream }
        #expect(later == ask(5))
    }
}
