import Testing

@testable import EventProcessing

/// Whose sources are asked what was forgotten.
@Suite struct LostPlacesTests {
    private let stream = StreamTracker.Stream(topic: "cases.v1", partition: 0, source: "case-routing/0")
    private var tracker = StreamTracker()
    private var lost = LostPlaces()

    private mutating func open() -> [Int64] { lost.open(tracker).map(\.from) }

    private mutating func read(_ rows: ClosedRange<Int64>) {
        for row in rows { _ = tracker.admit(row, of: stream, gapsAreHoles: true) }
    }

    @Test mutating func `a stream without a hole is asked about until something comes`() {
        read(1...49)
        lost.note(stream, last: 49)
        #expect(open() == [50])
        lost.asked(about: stream)
        #expect(open() == [50])
        read(50...50)
        #expect(open().isEmpty)
        #expect(!lost.contains(stream))
    }

    @Test mutating func `what comes before anything was asked does not settle it`() {
        read(1...49)
        tracker.announce(60, of: stream)
        lost.note(stream, last: 49)
        // The hole that shows is asked about, not the loss.
        #expect(open().isEmpty)
        // It closes by what was on its way, and nobody was asked about what lay behind it.
        read(50...60)
        #expect(open() == [61])
    }

    @Test mutating func `an ask about the hole that shows is an ask about the loss, too`() {
        read(1...49)
        tracker.announce(60, of: stream)
        lost.note(stream, last: 49)
        lost.asked(about: stream)
        read(50...60)
        #expect(open().isEmpty)
    }

    @Test mutating func `a source that never answers is not asked for ever`() {
        lost.note(stream, last: 0)
        for _ in 0..<LostPlaces.mostAsks {
            #expect(open() == [1])
            lost.asked(about: stream)
        }
        #expect(open().isEmpty)
    }
}
