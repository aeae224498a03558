package import Contracts
package import EventProcessing
import Foundation
package import NotificationsDomain
package import ServiceKit

/// Calls webhooks of units and of endpoints by Standard Webhooks 1.0.0.
///
/// The delivery's id is the `webhook-id`, the same at every repetition: the receiver knows a second call by it.
package struct WebhookSender: ChannelSender {
    private let key: DataFolderKey
    private let caller: HTTPCaller

    /// - Parameter key: of the data folder; each receiver's secret is derived from it.
    package init(key: DataFolderKey, caller: HTTPCaller) {
        self.key = key
        self.caller = caller
    }

    package var channel: Channel { .webhook }
    package var canRepeat: Bool { true }
    package var limit: SendLimit { .none }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        guard let data = message.data else {
            return .failed(reason: "a webhook without data has nothing to say", canRetry: false)
        }
        let body = Array(data.utf8)
        let moment = caller.now()
        let signed = StandardWebhook.sign(
            id: id.rawValue, at: moment, body: body, secrets: secrets(of: message, at: moment))
        let call = OutsideCall(
            url: address,
            headers: [
                ("content-type", "application/json"), ("webhook-id", signed.id),
                ("webhook-timestamp", signed.timestamp), ("webhook-signature", signed.signature),
            ],
            body: body, attempt: attempt)
        do {
            return Self.result(of: try await caller.answer(to: call))
        } catch {
            return error.result(canRepeat: true)
        }
    }

    /// The secrets that sign: one, and while it is being changed the one before.
    private func secrets(of message: OutsideMessage, at moment: Date) -> [WebhookSecret] {
        guard case .endpoint(_, let endpoint, let generation, let formerUntil) = message.address else {
            return [WebhookSecret.derived(from: key, for: message.recipientId.rawValue)]
        }
        let current = WebhookSecret.derived(from: key, endpoint: endpoint, generation: generation)
        guard generation > 1, let formerUntil, moment.timeIntervalSince1970 * 1_000 < Double(formerUntil.milliseconds)
        else { return [current] }
        return [current, WebhookSecret.derived(from: key, endpoint: endpoint, generation: generation - 1)]
    }

    /// What a status says: a redirect is not followed, 410 means never again, all else may heal.
    private static func result(of answer: OutsideAnswer) -> DeliveryResult {
        switch answer.status {
        case 200..<300: .delivered
        case 300..<400: .failed(reason: "answered \(answer.status): redirects are not followed", canRetry: false)
        case 410: .gone(reason: "answered 410: the webhook is gone")
        default: .failed(reason: "answered \(answer.status)", canRetry: true, retryAfter: answer.retryAfter)
        }
    }
}

extension WebhookSecret {
    /// The secret of an endpoint, as `suishoupai webhooks` shows it.
    ///
    /// - Parameter generation: from 1, raised when the secret is changed.
    package static func derived(
        from key: DataFolderKey, endpoint: EndpointID, generation: Int
    ) -> WebhookSecret {
        derived(from: key, for: "\(endpoint)|\(generation)")
    }
}
