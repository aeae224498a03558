import Contracts

/// Gives out the board's figures, counted at most twice a second however many ask.
actor BoardDesk {
    private let goodFor: Int64
    private let now: @Sendable () -> Timestamp
    private let count: @Sendable (Timestamp) async throws -> BoardFigures
    private var kept: (at: Timestamp, figures: BoardFigures)?
    private var isCounting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - goodFor: Milliseconds for which figures are given out again.
    ///   - count: Counts them as of a moment.
    init(
        goodFor: Int64 = 500, now: @escaping @Sendable () -> Timestamp,
        count: @escaping @Sendable (Timestamp) async throws -> BoardFigures
    ) {
        self.goodFor = goodFor
        self.now = now
        self.count = count
    }

    /// The figures; who asks while somebody counts gets what that one counted.
    func figures() async throws -> BoardFigures {
        while true {
            let moment = now()
            if let kept, moment < kept.at.adding(milliseconds: goodFor), kept.at <= moment { return kept.figures }
            guard isCounting else { return try await counted(at: moment) }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    nonisolated func moment() -> Timestamp { now() }

    private func counted(at moment: Timestamp) async throws -> BoardFigures {
        isCounting = true
        defer {
            isCounting = false
            for asker in waiting { asker.resume() }
            waiting = []
        }
        let figures = try await count(moment)
        kept = (moment, figures)
        return figures
    }
}
