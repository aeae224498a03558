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

/// A mail came back after the mail server had taken it 退信 (RFC 3464).
///
/// On `notification-commands.v1`, keyed by person id, from the operator's command.
package struct ReportBounce: Message {
    package static let type = "notification.report-bounce"

    package let deliveryId: DeliveryID
    /// Whose mail it was.
    package let personId: PersonID
    /// RFC 3463: `5.1.1` will always come back, `4.2.2` did for now.
    package let status: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        deliveryId: DeliveryID, personId: PersonID, status: String, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.deliveryId = deliveryId
        self.personId = personId
        self.status = status
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }

    package var isPermanent: Bool { status.hasPrefix("5") }

    /// Whether a text is a status of RFC 3463 that tells of a failure.
    package static func isStatus(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && (parts[0] == "4" || parts[0] == "5")
            && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }
}

/// How a sending outside came out; said once more where it is sent again, or a mail comes back.
///
/// Published by notifications on `notification-events.v1`, keyed by recipient id.
package struct DeliveryEnded: Message {
    package static let type = "delivery.ended"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case delivered
        case failed
        /// The address will never be reached again.
        case gone
        /// Begun, it may have arrived, and it is not to be repeated safely.
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
