import Contracts
import ServiceKit

/// What is unread in one person's inbox and its newest message, told at once and whenever one of both changes.
///
/// The list is what counts: who was away for a while reads it anew, and nothing has to be sent after them.
struct InboxFeed: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent

    let readModel: ReadModel
    let bell: FeedBell
    let names: [String]
    /// Messages that come within this time after a ring are told together.
    var gathering: Duration = .milliseconds(100)

    /// What a reader is told.
    struct News: Encodable, Equatable, Sendable {
        let unread: Int
        /// Absent in an empty inbox.
        let newest: MessageView?
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(feed: self, rings: bell.listen().makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        private let feed: InboxFeed
        private var rings: AsyncStream<Void>.Iterator
        private var said: News?

        fileprivate init(feed: InboxFeed, rings: AsyncStream<Void>.Iterator) {
            self.feed = feed
            self.rings = rings
        }

        mutating func next() async throws -> ServerSentEvent? {
            while true {
                let (messages, unread) = try await feed.readModel.inbox(of: feed.names, after: nil, limit: 1)
                let news = News(unread: unread, newest: messages.first.map(MessageView.init))
                if news != said {
                    said = news
                    return ServerSentEvent(event: "inbox", data: try ServiceJSON.text(news))
                }
                guard await rings.next() != nil else { return nil }
                try await Task.sleep(for: feed.gathering)
            }
        }
    }
}
