import Contracts

/// When a reader asks for missing rows once more.
///
/// A source answers with a piece at a time; the next is asked for when that one was read. While the reader has more before
/// it nothing is asked again: an answer lies behind what it has not read yet, and each one more would make a broker that
/// keeps little forget others for it.
struct AskPace {
    private struct Ask {
        /// The first row that was missing when something last came.
        let row: Int64
        /// When it was asked for, or something last came.
        let at: ContinuousClock.Instant
        /// How long nothing more is asked from then on, where everything was read.
        let patience: Duration
    }

    /// What is to be asked for now.
    struct Due: Equatable {
        let stream: StreamTracker.Stream
        let row: Int64
        /// Whether nothing of this hole was asked for before.
        let isNew: Bool
    }

    /// After rows have come: the rest of a piece may be on its way.
    static let patienceForMore = Duration.milliseconds(200)
    /// After an ask; twice as long after each one that nothing came of.
    static let patience = Duration.seconds(1)
    static let mostPatience = Duration.seconds(8)
    /// Where the reader has not come to the end: an ask may be lost, too.
    static let patienceWhileReading = Duration.seconds(30)

    /// By the streams that have a hole.
    private var asked: [StreamTracker.Stream: Ask] = [:]

    /// - Parameters:
    ///   - holes: All streams with a hole, each with its first missing row.
    ///   - hasReadAll: Whether everything that a stream's partition holds was read.
    mutating func due(
        _ holes: [(stream: StreamTracker.Stream, from: Int64)], at now: ContinuousClock.Instant,
        hasReadAll: (StreamTracker.Stream) -> Bool
    ) -> [Due] {
        var open: [StreamTracker.Stream: Ask] = [:]
        var due: [Due] = []
        for (stream, row) in holes {
            guard let last = asked[stream] else {
                open[stream] = Ask(row: row, at: now, patience: Self.patience)
                due.append(Due(stream: stream, row: row, isNew: true))
                continue
            }
            if row > last.row {
                open[stream] = Ask(row: row, at: now, patience: Self.patienceForMore)
                continue
            }
            guard now - last.at >= (hasReadAll(stream) ? last.patience : Self.patienceWhileReading) else {
                open[stream] = last
                continue
            }
            let patience = min(max(Self.patience, last.patience * 2), Self.mostPatience)
            open[stream] = Ask(row: row, at: now, patience: patience)
            due.append(Due(stream: stream, row: row, isNew: false))
        }
        asked = open
        return due
    }
}
