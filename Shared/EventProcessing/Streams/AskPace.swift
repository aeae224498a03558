import Contracts

/// When a reader asks for missing rows once more.
///
/// While an answer is being read nothing is asked again: a reader that is slow would be sent the same rows again and again,
/// and the broker forget others for them.
struct AskPace {
    private struct Ask {
        /// The first row that was missing when something last came.
        let row: Int64
        /// When it was asked for, or something last came.
        let at: ContinuousClock.Instant
    }

    /// What is to be asked for now.
    struct Due: Equatable {
        let stream: StreamTracker.Stream
        let row: Int64
        /// Whether nothing of this hole was asked for before.
        let isNew: Bool
    }

    static let patience = Duration.seconds(1)

    /// By the streams that have a hole.
    private var asked: [StreamTracker.Stream: Ask] = [:]

    /// - Parameter holes: All streams with a hole, each with its first missing row.
    mutating func due(
        _ holes: [(stream: StreamTracker.Stream, from: Int64)], at now: ContinuousClock.Instant
    ) -> [Due] {
        var open: [StreamTracker.Stream: Ask] = [:]
        var due: [Due] = []
        for (stream, row) in holes {
            let last = asked[stream]
            if let last, row <= last.row, now - last.at < Self.patience {
                open[stream] = last
                continue
            }
            open[stream] = Ask(row: row, at: now)
            if let last, row > last.row { continue }
            due.append(Due(stream: stream, row: row, isNew: last == nil))
        }
        asked = open
        return due
    }
}
