import Contracts
import TestSupport
import Testing

@testable import EventProcessing

@Suite struct StreamTrackerTests {
    private let stream = StreamTracker.Stream(topic: "case-events.v1", partition: 0, source: "case-routing/0")

    @Test func `rows are read in order, once`() {
        var tracker = StreamTracker()

        #expect(tracker.admit(1, of: stream, gapsAreHoles: true) == .next)
        #expect(tracker.admit(1, of: stream, gapsAreHoles: true) == .known)
        #expect(tracker.admit(2, of: stream, gapsAreHoles: true) == .next)
        #expect(tracker.holes.isEmpty)
    }

    @Test func `a missing row is noticed, asked for, and closes the hole when it comes`() {
        var tracker = StreamTracker()
        _ = tracker.admit(1, of: stream, gapsAreHoles: true)

        #expect(tracker.admit(3, of: stream, gapsAreHoles: true) == .beyondHole)
        #expect(tracker.holes.map(\.from) == [2])

        #expect(tracker.admit(2, of: stream, gapsAreHoles: true) == .next)
        #expect(tracker.holes.map(\.from) == [3])
        #expect(tracker.admit(3, of: stream, gapsAreHoles: true) == .next)
        #expect(tracker.holes.isEmpty)
    }

    @Test func `an announced row that never came is a hole`() {
        var tracker = StreamTracker(last: [stream: 5])

        tracker.announce(5, of: stream)
        #expect(tracker.holes.isEmpty)
        tracker.announce(9, of: stream)
        #expect(tracker.holes.map(\.from) == [6])
    }

    @Test func `what compaction left out is no hole`() {
        var tracker = StreamTracker()

        #expect(tracker.admit(7, of: stream, gapsAreHoles: false) == .next)
        #expect(tracker.holes.isEmpty)
    }

    @Test(arguments: 1...20)
    func `whatever is lost, repeated or sent again, each row is read once and in order`(round: Int) {
        var generator = SeededGenerator("go back \(round)")
        var tracker = StreamTracker()
        var read: [Int64] = []
        let last: Int64 = 60
        var next: Int64 = 1

        for _ in 0..<10_000 where read.count < last {
            // A channel that loses and repeats; the source goes back to where it is asked to.
            if next <= last {
                if Int.random(in: 0..<4, using: &generator) > 0 {
                    if tracker.admit(next, of: stream, gapsAreHoles: true) == .next { read.append(next) }
                }
                next += 1
            } else {
                tracker.announce(last, of: stream)
                next = tracker.holes.first?.from ?? last + 1
            }
        }

        #expect(read == Array(1...last))
    }
}
