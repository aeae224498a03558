import Contracts

typealias BoardDesk = FigureDesk<BoardFigures>

/// Gives out figures, counted at most so often however many ask.
actor FigureDesk<Figures: Sendable> {
    private let goodFor: Int64
    private let now: @Sendable () -> Timestamp
    private let count: @Sendable (Timestamp) async throws -> Figures
    private var kept: (at: Timestamp, figures: Figures)?
    private var isCounting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - goodFor: Milliseconds for which figures are given out again.
    ///   - count: Counts them as of a moment.
    init(
        goodFor: Int64 = 500, now: @escaping @Sendable () -> Timestamp,
        count: @escaping @Sendable (Timestamp) async throws -> Figures
    ) {
        self.goodFor = goodFor
        self.now = now
        self.count = count
    }

    /// The figures; who asks while somebody counts gets what that one counted.
    func figures() async throws -> Figures {
        while true {
            let moment = now()
            if let kept, moment < kept.at.adding(milliseconds: goodFor), kept.at <= moment { return kept.figures }
            guard isCounting else { return try await counted(at: moment) }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    nonisolated func moment() -> Timestamp { now() }

    private func counted(at moment: Timestamp) async throws -> Figures {
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
