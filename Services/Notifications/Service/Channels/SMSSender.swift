package import Contracts
package import EventProcessing
package import NotificationsDomain
import ServiceKit

/// Sends text messages through a gateway of the operator's, by a small interface of ours (docs/notifications-channels.md).
///
/// The address is a phone number as the person gave it. A repetition bears the same `Idempotency-Key`.
package struct SMSSender: ChannelSender {
    private let url: String
    private let key: String
    private let perMinute: Int
    private let caller: HTTPCaller

    /// - Parameters:
    ///   - key: shown to the gateway as a bearer token (RFC 6750).
    ///   - perMinute: how much the gateway takes from this process.
    package init(url: String, key: String, perMinute: Int = 300, caller: HTTPCaller) {
        self.url = url
        self.key = key
        self.perMinute = perMinute
        self.caller = caller
    }

    package var channel: Channel { .sms }
    package var canRepeat: Bool { true }
    package var limit: SendLimit { SendLimit(.channel, .init(perMinute, per: .seconds(60))) }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        var body: [String: JSONValue] = [
            "id": .string(id.rawValue), "to": .string(address),
            "text": .string(message.short.isEmpty ? message.title : message.short),
        ]
        if let template = message.template {
            body["template"] = .string(template.id)
            body["variables"] = .object(template.variables.mapValues { .string($0) })
        }
        let call = OutsideCall(
            url: url,
            headers: [
                ("content-type", "application/json"), ("authorization", "Bearer \(key)"),
                ("idempotency-key", id.rawValue),
            ],
            body: JSONValue.object(body).bytes(), attempt: attempt, isOurs: true)
        do {
            return Self.result(of: try await caller.answer(to: call))
        } catch {
            return error.result(canRepeat: true)
        }
    }

    private static func result(of answer: OutsideAnswer) -> DeliveryResult {
        let reason = "the gateway answered \(answer.status)"
        return switch answer.status {
        case 200..<300: .delivered
        // There is no such number, or its owner wants no messages.
        case 410: .gone(reason: reason)
        case 429: .postponed(reason: reason, by: answer.retryAfter ?? .seconds(60))
        // Our key, which somebody will mend; and a request of the same key that is still under way.
        case 401, 403, 408, 409, 425, 500...:
            .failed(reason: reason, canRetry: true, retryAfter: answer.retryAfter)
        default: .failed(reason: reason, canRetry: false)
        }
    }
}
