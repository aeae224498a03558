import Contracts
import Hummingbird
import ServiceKit

/// A person's messages: the list, what is unread, and both as they change.
///
/// - `GET /v1/me/inbox`, with `archived=true` for what was put away
/// - `GET /v1/me/inbox/unread`
/// - `GET /v1/me/inbox/live`: `text/event-stream`
/// - `GET /v1/inbox/outcomes-seen`: how many reporters have seen how their report ended; for staff
struct InboxRoutes: Sendable {
    let readModel: ReadModel
    let bell: FeedBell
    let now: @Sendable () -> Timestamp

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/inbox") { request, context in
            let wanted = try PageRequest<InboxPlace>(request)
            let (messages, unread) = try await readModel.inbox(
                of: context.principal.names, archived: request.uri.queryParameters["archived"] == "true",
                after: wanted.after, limit: wanted.limit + 1)
            let page = try Page(fetched: messages.map(MessageView.init), limit: wanted.limit) {
                InboxPlace(writtenAt: $0.writtenAt.milliseconds, messageId: $0.messageId.rawValue)
            }
            return InboxView(unread: unread, page: page)
        }
        group.get("me/inbox/unread") { _, context in
            UnreadView(unread: try await readModel.inbox(of: context.principal.names, after: nil, limit: 0).unread)
        }
        group.get("me/inbox/live") { _, context in
            guard !bell.isFull else {
                throw ProblemDetails.unavailable(retryAfter: .seconds(10), "Too many readers follow already.")
            }
            return ServerSentEvents.response(
                InboxFeed(readModel: readModel, bell: bell, names: context.principal.names))
        }
        group.get("inbox/outcomes-seen") { request, _ in try await seen(request) }
    }

    private func seen(_ request: Request) async throws -> OutcomesSeenView {
        let text = request.uri.queryParameters["days"].map(String.init) ?? "30"
        guard let days = Int64(text), (1...366).contains(days) else {
            throw ProblemDetails.unprocessable(errors: [.init(field: "days", message: "must be from 1 to 366")])
        }
        let since = now().adding(milliseconds: -days * 86_400_000)
        let community = request.uri.queryParameters["community"].map { CommunityID(String($0)) }
        let (told, seen) = try await readModel.outcomesSeen(since: since, in: community)
        return OutcomesSeenView(
            since: since, told: told, seen: seen, perThousand: told > 0 ? seen * 1_000 / told : nil)
    }
}

/// How many messages nobody has read.
struct UnreadView: ResponseEncodable, Sendable {
    let unread: Int
}

/// Whether reporters see what came of their reports: of those told in their inbox that a case was closed, who read it.
struct OutcomesSeenView: ResponseEncodable, Sendable {
    let since: Timestamp
    let told: Int
    let seen: Int
    /// Absent where nobody was told.
    let perThousand: Int?
}

/// A person's messages, newest first.
struct InboxView: ResponseEncodable, Sendable {
    /// Of all messages, not only of this page.
    let unread: Int
    let page: Page<MessageView>

    private enum CodingKeys: String, CodingKey {
        case unread
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try context.responseEncoder.encode(self, from: request, context: context)
        response.headers[.link] = page.nextLink(for: request)
        return response
    }

    /// Puts the members of the page beside the count.
    func encode(to encoder: any Encoder) throws {
        try page.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(unread, forKey: .unread)
    }
}

/// One message to a person.
struct MessageView: ResponseEncodable, Equatable, Sendable {
    let messageId: InboxMessageID
    let title: String
    let body: String
    let aboutType: String
    let caseId: CaseID?
    let points: Int?
    let writtenAt: Timestamp
    let readAt: Timestamp?
    let archivedAt: Timestamp?
    let language: NotificationLanguage

    init(_ state: InboxMessageState) {
        messageId = state.messageId
        title = state.title
        body = state.body
        aboutType = state.aboutType
        caseId = state.caseId
        points = state.points
        writtenAt = state.writtenAt
        readAt = state.readAt
        archivedAt = state.archivedAt
        language = state.language
    }
}
