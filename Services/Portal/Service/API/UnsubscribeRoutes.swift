import Contracts
import HTTPTypes
import Hummingbird
import PersonalKeys
import ServiceKit

/// The link of a message by which its reader wants no more of them, without signing in.
///
/// A mail program posts to it (RFC 8058); a person who opens it finds a button. Opening alone changes nothing, since
/// programs that look for harm open every link.
struct UnsubscribeRoutes: Sendable {
    let door: CommandDoor
    let contacts: ContactSeal

    func add(to group: some RouterMethods<ServiceRequestContext>) {
        group.get("unsubscribe/{token}") { _, context in
            UnsubscribePage(Self.words(for: try token(context)), isDone: false).response
        }
        group.post("unsubscribe/{token}") { _, context in
            let token = try token(context)
            try await give(token, text: try context.parameters.require("token"))
            return UnsubscribePage(Self.words(for: token), isDone: true).response
        }
    }

    private func token(_ context: ServiceRequestContext) throws -> UnsubscribeToken {
        guard let token = contacts.unsubscribe(try context.parameters.require("token")) else {
            throw ProblemDetails.notFound("This link is not one of ours. Change your settings in the portal instead.")
        }
        return token
    }

    /// The same link twice is one command: its text is the key.
    private func give(_ scope: UnsubscribeToken, text: String) async throws {
        let principal = Principal(subject: scope.personId.rawValue, roles: [])
        let given = try await door.give(
            WantedCommand(
                key: "unsubscribe|\(text)", principal: principal, action: CommandMetrics.unsubscribe,
                about: scope.personId.rawValue,
                fingerprint: Fingerprint(of: ["unsubscribe": .string(text)]),
                topic: TopicCatalogue.notificationCommands, partitionKey: scope.personId.rawValue, follows: .settings
            ) {
                Unsubscribe(
                    personId: scope.personId, channel: scope.channel, kind: scope.kind,
                    actor: Actor(personId: scope.personId, roles: []), notAfter: $0)
            })
        switch given.answer {
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        // It is kept, and carried out before long.
        case .outcome, .pending: return
        }
    }

    private static func words(for scope: UnsubscribeToken) -> String {
        let channel =
            switch scope.channel {
            case .email: "电子邮件"
            case .webPush: "浏览器推送"
            case .weChat: "微信消息"
            case .sms: "短信"
            default: scope.channel.rawValue
            }
        let kind =
            switch scope.kind {
            case .progress: "上报进展"
            case .points: "积分"
            case .work: "待办"
            case .alert: "超时与告警"
            case nil: "全部"
            }
        return "\(channel)：\(kind)"
    }
}

/// Asks whether somebody wants no more, or says that it is so.
struct UnsubscribePage: Sendable {
    private let what: String
    private let isDone: Bool

    init(_ what: String, isDone: Bool) {
        self.what = what
        self.isDone = isDone
    }

    var response: Response {
        let html: HTML = """
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>退订 Unsubscribe</title></head>
            <body><h1>退订 <small lang="en">Unsubscribe</small></h1>
            <p>\(what)</p>
            \(isDone ? Self.done : Self.question)
            </body></html>
            """
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; form-action 'self'", .referrerPolicy: "no-referrer",
            ],
            body: .init(byteBuffer: .init(string: html.text)))
    }

    private static let question: HTML = """
        <form method="post"><button type="submit">不再接收 <span lang="en">No more of these</span></button></form>
        """
    private static let done: HTML = """
        <p>已退订，站内信仍可查看。<br><span lang="en">Done. Your inbox still has everything.</span></p>
        """
}
