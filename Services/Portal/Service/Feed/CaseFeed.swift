import Contracts
import ServiceKit

/// Case events as they come, for one reader, from where the reader was.
///
/// Follows the table: at most ``CaseFeed/batch`` events of it are in memory for a reader, and the newest once for all.
struct CaseFeed: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent

    static let batch = 64
    /// A reader who missed more than so many gets `reset` instead: reading the lists anew is cheaper.
    static let mostMissed: Int64 = 2_000

    let readModel: ReadModel
    let bell: FeedBell
    let tail: StepTail
    /// The id of the last event that the reader has; nil starts with what comes next.
    let lastEventID: String?
    /// Events that come within this time after a ring are read together.
    var gathering: Duration = .milliseconds(100)
    /// How the reader sees an event.
    let present: @Sendable (Envelope<CaseEvent>) throws -> ServerSentEvent

    func makeAsyncIterator() -> Iterator {
        Iterator(feed: self, rings: bell.listen().makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        private let feed: CaseFeed
        private var rings: AsyncStream<Void>.Iterator
        private var place: Int64?
        private var waiting: ArraySlice<ServerSentEvent> = []

        fileprivate init(feed: CaseFeed, rings: AsyncStream<Void>.Iterator) {
            self.feed = feed
            self.rings = rings
        }

        mutating func next() async throws -> ServerSentEvent? {
            if place == nil, let greeting = try await begin() { return greeting }
            while true {
                if let event = waiting.popFirst() { return event }
                if try await readOn() { continue }
                guard await rings.next() != nil else { return nil }
                try await Task.sleep(for: feed.gathering)
            }
        }

        /// Finds the reader's place; who cannot go on from there is told so.
        private mutating func begin() async throws -> ServerSentEvent? {
            let (newest, known) = try await feed.readModel.places(of: feed.lastEventID)
            guard feed.lastEventID != nil else {
                place = newest
                return ServerSentEvent(event: "ready", data: "{}")
            }
            if let known, newest - known <= CaseFeed.mostMissed {
                place = known
                return nil
            }
            place = newest
            return ServerSentEvent(event: "reset", data: "{}")
        }

        private mutating func readOn() async throws -> Bool {
            let steps = try await feed.tail.steps(after: place ?? 0, limit: CaseFeed.batch)
            guard let last = steps.last else { return false }
            place = last.sequence
            waiting = try steps.map { try feed.present($0.event) }[...]
            return true
        }
    }
}
