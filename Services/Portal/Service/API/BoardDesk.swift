import Contracts
import Synchronization

/// Gives out the board's figures, counted at most twice a second however many ask.
final class BoardDesk: Sendable {
    private let readModel: ReadModel
    private let now: @Sendable () -> Timestamp
    private let goodFor: Int64
    private let kept = Mutex<(at: Timestamp, figures: BoardFigures)?>(nil)

    /// - Parameter goodFor: Milliseconds for which figures are given out again.
    init(readModel: ReadModel, goodFor: Int64 = 500, now: @escaping @Sendable () -> Timestamp) {
        self.readModel = readModel
        self.goodFor = goodFor
        self.now = now
    }

    func figures() async throws -> BoardFigures {
        let moment = now()
        if let kept = kept.withLock({ $0 }), moment < kept.at.adding(milliseconds: goodFor), kept.at <= moment {
            return kept.figures
        }
        let figures = try await readModel.boardFigures(at: moment)
        kept.withLock { $0 = (moment, figures) }
        return figures
    }

    func moment() -> Timestamp { now() }
}
