import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/inbox`: what a person was told.
struct InboxPages: Sendable {
    let routes: PageRoutes

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("inbox") { request, context in try await list(request, context) }
        group.post("inbox/{id}") { request, context in try await markRead(request, context) }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let visit = routes.visit(request)
        let wanted = try PageRequest<InboxPlace>(request)
        let (messages, unread) = try await routes.readModel.inbox(
            of: context.principal.names, after: wanted.after, limit: wanted.limit + 1)
        let time = LocalTime(try await routes.pack())
        let shown = messages.prefix(wanted.limit)
        var content: [String: Any] = [
            "unread": unread, "hasUnread": unread > 0, "isEmpty": shown.isEmpty,
            "messages": shown.map { message -> [String: Any] in
                [
                    "id": message.messageId.rawValue, "title": message.title, "body": message.body,
                    "time": time.short(message.writtenAt, now: routes.now()), "timeISO": message.writtenAt.description,
                    "isUnread": message.readAt == nil, "caseId": message.caseId?.rawValue ?? "",
                    "key": "read-\(message.messageId)",
                ]
            },
        ]
        if messages.count > shown.count, let last = shown.last {
            content["next"] = try Cursor.text(
                InboxPlace(writtenAt: last.writtenAt.milliseconds, messageId: last.messageId.rawValue))
        }
        return routes.frame.page("inbox", content, visit)
    }

    private func markRead(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let id = InboxMessageID(try context.parameters.require("id"))
        let state = try await routes.readModel.inboxMessage(id)
        guard let state, context.principal.names.contains(state.recipientId.rawValue) else {
            throw ProblemDetails.notFound("There is no message of this id in your inbox, or it has not come here yet.")
        }
        let actor = context.principal.actor(among: [state.recipientId])
        _ = try await routes.door.give(
            WantedCommand(
                key: form.key, principal: context.principal, action: CommandMetrics.markRead, about: id.rawValue,
                fingerprint: Fingerprint(of: ["message": .string(id.rawValue)]),
                topic: TopicCatalogue.notificationCommands, partitionKey: state.recipientId.rawValue
            ) { MarkRead(messageId: id, actor: actor, notAfter: $0) })
        if form.fields["open"] != nil, let caseId = state.caseId { return .leading(to: "/me/cases/\(caseId)") }
        return .leading(to: "/inbox")
    }
}
