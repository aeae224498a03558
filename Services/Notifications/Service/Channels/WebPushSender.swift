package import Contracts
package import EventProcessing
import Foundation
package import NotificationsDomain
package import ServiceKit

/// Sends to browsers by Web Push (RFC 8030), encrypted for the browser alone and signed by VAPID.
///
/// The address is the browser's subscription as JSON. A repetition bears the same topic: the push service shows the last.
package struct WebPushSender: ChannelSender {
    /// How long a push service keeps it for a browser that is away, in seconds: a day.
    static let timeToLive = 86_400

    private let key: VAPIDKey
    private let subject: String
    private let publicURL: String
    private let caller: HTTPCaller

    /// - Parameter subject: whom push services may write to: a `mailto:` or `https:` address.
    package init(key: VAPIDKey, subject: String, publicURL: String, caller: HTTPCaller) {
        self.key = key
        self.subject = subject
        self.publicURL = publicURL
        self.caller = caller
    }

    package var channel: Channel { .webPush }
    package var canRepeat: Bool { true }
    package var limit: SendLimit { .none }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        guard let subscription = PushSubscription(json: address), let origin = subscription.origin else {
            return .gone(reason: "this is no push subscription")
        }
        do {
            let call = OutsideCall(
                url: subscription.endpoint,
                headers: [
                    ("content-type", "application/octet-stream"), ("content-encoding", "aes128gcm"),
                    ("ttl", String(Self.timeToLive)), ("urgency", "normal"), ("topic", Self.topic(of: id)),
                    (
                        "authorization",
                        try key.authorization(audience: origin, subject: subject, now: caller.now())
                    ),
                ],
                body: try PushEncryption.body(
                    text(of: message, id: id), for: subscription.publicKey, authSecret: subscription.authSecret),
                attempt: attempt)
            return Self.result(of: try await caller.answer(to: call))
        } catch let failure as CallFailure {
            return failure.result(canRepeat: true)
        } catch {
            return .gone(reason: "nothing can be encrypted for this push subscription")
        }
    }

    /// What the page's service worker shows: `{"body", "id", "link", "title"}`.
    private func text(of message: OutsideMessage, id: DeliveryID) -> [UInt8] {
        var fields: [String: JSONValue] = ["id": .string(id.rawValue)]
        fields["link"] = message.wholeLink(publicURL).map { .string($0) }
        fields["title"] = .string(message.title.cut(toBytes: 500))
        fields["body"] = .string("")
        // Escapes may make a text longer than it is: what is left is measured, not reckoned.
        let short = message.short.isEmpty ? message.body : message.short
        for most in [2_500, 1_500, 800, 300] {
            fields["body"] = .string(short.cut(toBytes: most))
            let bytes = JSONValue.object(fields).bytes()
            if bytes.count <= PushEncryption.longestText { return bytes }
        }
        fields["link"] = nil
        return JSONValue.object(fields).bytes()
    }

    /// At most 32 letters of base64url (RFC 8030 section 5.4): the same for the same delivery.
    private static func topic(of id: DeliveryID) -> String {
        Base64URL.text(ContentHash.digest(Data(id.rawValue.utf8)).prefix(24))
    }

    private static func result(of answer: OutsideAnswer) -> DeliveryResult {
        let reason = "the push service answered \(answer.status)"
        return switch answer.status {
        case 200..<300: .delivered
        case 404, 410: .gone(reason: reason)
        case 429, 500...: .failed(reason: reason, canRetry: true, retryAfter: answer.retryAfter)
        case 408: .failed(reason: reason, canRetry: true)
        default: .failed(reason: reason, canRetry: false)
        }
    }
}
