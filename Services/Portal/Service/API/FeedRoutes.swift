import Contracts
import Hummingbird
import ServiceKit

/// Live events for browsers and programs: `text/event-stream`.
struct FeedRoutes: Sendable {
    let readModel: ReadModel
    let bell: FeedBell
    private let tail: StepTail

    init(readModel: ReadModel, bell: FeedBell) {
        self.readModel = readModel
        self.bell = bell
        tail = StepTail(readModel: readModel, bell: bell)
    }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("feed") { request, context in
            let viewer = Viewer(context.principal)
            return try stream(request) { envelope in
                ServerSentEvent(
                    id: envelope.id.description, event: "step",
                    data: try ServiceJSON.text(StepView(envelope, for: viewer)))
            }
        }
    }

    /// Adds the feed that everybody may read.
    func addPublic(to router: some RouterMethods<ServiceRequestContext>) {
        router.get("feed/board") { request, _ in
            try stream(request) { envelope in
                ServerSentEvent(
                    id: envelope.id.description, event: "step", data: try ServiceJSON.text(PublicStep(envelope)))
            }
        }
    }

    private func stream(
        _ request: Request, _ present: @escaping @Sendable (Envelope<CaseEvent>) throws -> ServerSentEvent
    ) throws -> Response {
        guard !bell.isFull else {
            throw ProblemDetails.unavailable(retryAfter: .seconds(10), "Too many readers follow the feed already.")
        }
        let feed = CaseFeed(
            readModel: readModel, bell: bell, tail: tail, lastEventID: request.lastEventID, present: present)
        return ServerSentEvents.response(feed)
    }
}

extension ServiceJSON {
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try bytes(value), as: UTF8.self)
    }
}
