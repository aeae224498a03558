/// The ways to reach a recipient.
package enum Channel: String, Codable, Sendable, CaseIterable {
    case inbox
    /// Standard Webhooks 1.0.
    case webhook
    case email
    /// RFC 8030, 8291 and 8292.
    case webPush = "web-push"
    /// A robot of a DingTalk group 钉钉.
    case dingTalk = "dingtalk"
    /// A robot of a WeCom group 企业微信.
    case weCom = "wecom"
    /// A robot of a Feishu group 飞书.
    case feishu
    /// A subscription message of WeChat 微信订阅消息: one consent, one send.
    case weChat = "wechat"
    case sms

    /// Whether a person may have a contact on it.
    package var reachesPersons: Bool { Self.ofPersons.contains(self) }
    /// Whether an endpoint may be called by it.
    package var reachesEndpoints: Bool { Self.ofEndpoints.contains(self) }

    package static let ofPersons: [Channel] = [.email, .webPush, .weChat, .sms]
    package static let ofEndpoints: [Channel] = [.webhook, .dingTalk, .weCom, .feishu]
}

/// How a sending outside came out.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct DeliveryEnded: Message {
    package static let type = "delivery.ended"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case delivered
        case failed
        /// The address will never be reached again.
        case gone
        /// Begun, never heard of again, and not to be repeated safely.
        case unknown
    }

    package let deliveryId: DeliveryID
    /// A person's or a unit's id, or ``Notify/endpoints``.
    package let recipientId: PersonID
    package let channel: Channel
    /// Absent where a person was written to.
    package let endpointId: EndpointID?
    /// The newest event that it was about.
    package let aboutEventId: MessageID
    /// The other events of a burst that went with it; absent where there are none.
    package let mergedEventIds: [MessageID]?
    package let outcome: Outcome
    package let attempts: Int
    package let reason: String?

    package init(
        deliveryId: DeliveryID, recipientId: PersonID, channel: Channel, endpointId: EndpointID? = nil,
        aboutEventId: MessageID, mergedEventIds: [MessageID]? = nil, outcome: Outcome, attempts: Int, reason: String?
    ) {
        self.deliveryId = deliveryId
        self.recipientId = recipientId
        self.channel = channel
        self.endpointId = endpointId
        self.aboutEventId = aboutEventId
        self.mergedEventIds = mergedEventIds
        self.outcome = outcome
        self.attempts = attempts
        self.reason = reason
    }

    package var subject: String { deliveryId.rawValue }
}
