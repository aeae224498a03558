import Synchronization

/// The newest steps, kept at hand for all who follow the feed: thousands of readers ask for the same ones at once.
///
/// Whoever is further behind reads from the table. Nothing is read while nothing has come.
actor StepTail {
    /// So many steps are kept.
    static let length = 256

    private let readModel: ReadModel
    private let bell: FeedBell
    /// One behind the other, without a gap.
    private var kept: [CaseStep] = []
    /// Behind which step the kept ones begin; nil before the first reading.
    private var start: Int64?
    /// How often the bell had rung when the table was last read.
    private var readAt: Int?
    private var reading: Task<Void, any Error>?

    init(readModel: ReadModel, bell: FeedBell) {
        self.readModel = readModel
        self.bell = bell
    }

    /// Up to `limit` steps behind `place`, in the order of coming.
    func steps(after place: Int64, limit: Int) async throws -> [CaseStep] {
        while true {
            guard let start else {
                self.start = place
                continue
            }
            guard place >= start else { return try await readModel.steps(after: place, limit: limit) }
            if let last = kept.last, place < last.sequence {
                let first = kept.firstIndex { $0.sequence > place } ?? kept.startIndex
                return Array(kept[first...].prefix(limit))
            }
            guard readAt != bell.rings || reading != nil else { return [] }
            // All who ask meanwhile wait for the same reading.
            try await (reading ?? readOn()).value
        }
    }

    private func readOn() -> Task<Void, any Error> {
        let (rings, place) = (bell.rings, kept.last?.sequence ?? start ?? 0)
        let task = Task {
            defer { reading = nil }
            take(try await readModel.steps(after: place, limit: Self.length), rings: rings)
        }
        reading = task
        return task
    }

    private func take(_ steps: [CaseStep], rings: Int) {
        // A full page may not be all that has come.
        if steps.count < Self.length { readAt = rings }
        kept += steps
        guard kept.count > Self.length else { return }
        let dropped = kept.count - Self.length
        start = kept[dropped - 1].sequence
        kept.removeFirst(dropped)
    }
}
