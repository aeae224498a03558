private typealias Town = SampleTown

extension MessageCatalogue {
    static let notifications: [MessageDescriptor] =
        notificationCommands + settingsCommands + endpointCommands + notificationEvents + notificationStates

    static let message = InboxMessageID("5e2f7a10-4b3c-5d6e-8f90-a1b2c3d4e5f6")
    static let delivery = DeliveryID("c0ffee12-3456-5789-8abc-def012345678")
    private static let aboutEvent = Town.id("enclosed case.filed")

    private static let notificationCommands: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: [TopicCatalogue.notificationCommands], by: ["notifications"],
            "Tells one recipient about one event.",
            sample: Notify(
                event: Town.enclosed(.aboutCase(.sampleFiled), from: "case-routing"), recipientId: Town.rider,
                role: .reporter),
            minimal: Notify(
                event: Town.enclosedFirst(.aboutPoints(.sample(.pended, whole: false)), from: "points"),
                recipientId: Town.rider, role: .reporter)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.notificationCommands], by: ["portal"],
            "Says that a person has read a message of their inbox.",
            sample: MarkRead(
                messageId: message, actor: Town.actor(Town.rider, "rider"), notAfter: Town.minutesLater(5)),
            minimal: MarkRead(messageId: message, actor: Town.actor(Town.rider, "rider"))),
        MessageDescriptor(
            .command, on: [TopicCatalogue.notificationCommands], by: ["portal"],
            "Puts a message of a person's inbox away.",
            sample: ArchiveMessage(
                messageId: message, actor: Town.actor(Town.rider, "rider"), notAfter: Town.minutesLater(5)),
            minimal: ArchiveMessage(messageId: message, actor: Town.actor(Town.rider, "rider"))),
        MessageDescriptor(
            .command, on: [TopicCatalogue.notificationCommands], by: ["notifications"],
            "The owner is about to send a delivery outside, and sends once it reads this back.",
            sample: DeliveryStarted(deliveryId: delivery, attempt: 1, ownerId: "0c1f6f2e-7d0a-4a55-9c1e-3a9d5a1f0b77")),
        MessageDescriptor(
            .command, on: [TopicCatalogue.notificationCommands], by: ["notifications"],
            "Says how one start of a delivery came out.",
            sample: DeliveryReported(
                deliveryId: delivery, attempt: 1, outcome: .failed, canRetry: true, retryAfter: 30_000,
                reason: "HTTP 503"),
            minimal: DeliveryReported(deliveryId: delivery, attempt: 2, outcome: .delivered)),
    ]

    private static let notificationEvents: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"],
            "A message lies in a person's inbox.",
            sample: InboxMessageWritten(
                messageId: message, recipientId: Town.rider, aboutEventId: aboutEvent, aboutType: "case.filed")),
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"], "A person read a message.",
            sample: InboxMessageRead(messageId: message, recipientId: Town.rider, at: Town.minutesLater(40))),
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"], "A person put a message away.",
            sample: InboxMessageArchived(messageId: message, recipientId: Town.rider, at: Town.minutesLater(41))),
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"],
            "Says how a sending to the outside came out in the end.",
            sample: DeliveryEnded(
                deliveryId: delivery, recipientId: Notify.endpoints, channel: .webhook, endpointId: "city-hotline",
                aboutEventId: aboutEvent, mergedEventIds: [Town.id("the cause")], outcome: .failed, attempts: 5,
                reason: "HTTP 503"),
            minimal: DeliveryEnded(
                deliveryId: delivery, recipientId: Town.rider, channel: .email, aboutEventId: aboutEvent,
                outcome: .delivered, attempts: 1, reason: nil)),
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"],
            "An endpoint is called no more until an operator enables it.",
            sample: EndpointDisabled(
                endpointId: "city-hotline", reason: "answered 410", at: Town.minutesLater(42))),
        MessageDescriptor(
            .event, on: [TopicCatalogue.notificationEvents], by: ["notifications"], "A person was forgotten.",
            sample: PersonErased(personId: Town.rider, at: Town.minutesLater(43))),
    ]

    private static let notificationStates: [MessageDescriptor] = [
        MessageDescriptor(
            .state, on: [TopicCatalogue.inboxes], by: ["notifications"],
            "A message of a person's inbox as it stands.",
            sample: InboxMessageState(
                messageId: message, version: 3, recipientId: Town.rider, title: "案卷 MD-20261123-0007 已立案",
                body: "您上报的暴露垃圾已立案，待定积分 10 分。", aboutEventId: aboutEvent, aboutType: "case.filed",
                caseId: Town.caseID, points: 10, writtenAt: Town.minutesLater(30), readAt: Town.minutesLater(40),
                archivedAt: Town.minutesLater(41)),
            minimal: InboxMessageState(
                messageId: message, version: 1, recipientId: Town.rider, title: "通知", body: "系统通知",
                aboutEventId: aboutEvent, aboutType: "case.filed", caseId: nil, points: nil,
                writtenAt: Town.minutesLater(30), readAt: nil)),
        MessageDescriptor(
            .state, on: [TopicCatalogue.notificationSettings], by: ["notifications"],
            "How a person is reached, when and how, as it stands.",
            sample: PersonSettingsState(
                personId: Town.rider, version: 4, preferences: preferences,
                contacts: [.init(contactId: contact, channel: .email, sealed: sealed)],
                consents: [.init(template: "case-closed", left: 1)],
                lost: [.init(channel: .sms, reason: .gone, at: Town.minutesLater(-90))],
                erasedAt: Town.minutesLater(-60)),
            minimal: PersonSettingsState(personId: Town.rider, version: 1)),
        MessageDescriptor(
            .state, on: [TopicCatalogue.webhookEndpoints], by: ["notifications"],
            "A program or a group that is called of what happens, as it stands.",
            sample: EndpointState(
                endpointId: "city-hotline", version: 3, address: EndpointAddress(url: "https://example.org/suishoupai"),
                channel: .webhook, events: ["case.closed"], communities: [Town.community], generation: 2,
                formerUntil: Town.minutesLater(1_440), disabledReason: "answered 410",
                disabledAt: Town.minutesLater(42)),
            minimal: EndpointState(
                endpointId: "city-hotline", version: 1, address: EndpointAddress(sealed: SealedText(box: "c2VhbGVk")),
                channel: .feishu, events: [], communities: [])),
    ]
}
