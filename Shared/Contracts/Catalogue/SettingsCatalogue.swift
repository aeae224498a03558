private typealias Town = SampleTown

extension MessageCatalogue {
    static let contact = ContactID("mail")
    static let sealed = SealedContact(keyId: "1", box: "c2VhbGVkIHdpdGggdGhlIHBlcnNvbidzIGtleQ==")
    static let preferences = NotificationPreferences(
        language: .english, form: .short, muted: [MutedKind(kind: .points, channel: .sms)],
        quietHours: QuietHours(from: 1_320, to: 420), utcOffsetMinutes: 480, mealPeaks: true, digest: .weekly)

    private static let rider = Town.actor(Town.rider, "rider")
    private static let later = Town.minutesLater(5)
    private static let topics = [TopicCatalogue.notificationCommands]

    /// What people say about how they want to be reached.
    static let settingsCommands: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: topics, by: ["portal"], "Sets how a person is reached on a channel.",
            sample: SetContact(
                personId: Town.rider, contactId: contact, channel: .email, sealed: sealed, actor: rider,
                notAfter: later),
            minimal: SetContact(
                personId: Town.rider, contactId: contact, channel: .email, sealed: sealed, actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["portal"], "Takes a contact of a person away.",
            sample: RemoveContact(personId: Town.rider, contactId: contact, actor: rider, notAfter: later),
            minimal: RemoveContact(personId: Town.rider, contactId: contact, actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["portal"], "Says how and when a person wants to hear.",
            sample: SetPreferences(personId: Town.rider, preferences: preferences, actor: rider, notAfter: later),
            minimal: SetPreferences(
                personId: Town.rider, preferences: NotificationPreferences(), actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["portal"], "Says that a person agreed to one WeChat message of a template.",
            sample: GiveConsent(
                personId: Town.rider, template: "case-closed", consentId: "consent-1", actor: rider, notAfter: later),
            minimal: GiveConsent(
                personId: Town.rider, template: "case-closed", consentId: "consent-1", actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["portal"], "Says that a person wants no more on a channel.",
            sample: Unsubscribe(
                personId: Town.rider, channel: .email, kind: .points, actor: rider, notAfter: later),
            minimal: Unsubscribe(personId: Town.rider, channel: .email, kind: nil, actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["portal", "suishoupai"], "Forgets a person.",
            sample: ErasePerson(personId: Town.rider, actor: rider, notAfter: later),
            minimal: ErasePerson(personId: Town.rider, actor: rider)),
        MessageDescriptor(
            .command, on: topics, by: ["suishoupai"], "Says that a mail came back after it was taken.",
            sample: ReportBounce(
                deliveryId: delivery, personId: Town.rider, status: "5.1.1", actor: operatorActor, notAfter: later),
            minimal: ReportBounce(
                deliveryId: delivery, personId: Town.rider, status: "5.1.1", actor: operatorActor)),
    ]

    private static let operatorActor = Town.actor("operator", "admin")
    private static let hotline = EndpointID("city-hotline")

    /// What operators do with the programs and groups that are called.
    static let endpointCommands: [MessageDescriptor] =
        [
            MessageDescriptor(
                .command, on: topics, by: ["suishoupai"], "Calls a program or a group of what happens from now on.",
                sample: add(notAfter: later), minimal: add(notAfter: nil)),
            MessageDescriptor(
                .command, on: topics, by: ["suishoupai"], "Sends once more what was planned for an endpoint.",
                sample: ReplayDeliveries(
                    endpointId: hotline, deliveryIds: [delivery], since: Town.morning, until: later,
                    actor: operatorActor, notAfter: later),
                minimal: ReplayDeliveries(endpointId: hotline, actor: operatorActor)),
        ] + ChangeEndpoint.Change.allCases.map(describe)

    private static func add(notAfter: Timestamp?) -> AddEndpoint {
        AddEndpoint(
            endpointId: hotline, address: EndpointAddress(url: "https://example.org/suishoupai"), channel: .webhook,
            events: ["case.closed"], communities: [Town.community], actor: operatorActor, notAfter: notAfter)
    }

    private static func describe(_ change: ChangeEndpoint.Change) -> MessageDescriptor {
        let purpose =
            switch change {
            case .rotate: "Lets a new secret sign what goes to an endpoint."
            case .remove: "Ends an endpoint."
            case .enable: "Calls an endpoint again that had been disabled."
            }
        return MessageDescriptor(
            .command, on: topics, by: ["suishoupai"], purpose,
            sample: ChangeEndpoint(
                change, endpointId: hotline, formerUntil: change == .rotate ? Town.minutesLater(1_440) : nil,
                actor: operatorActor, notAfter: later),
            minimal: ChangeEndpoint(change, endpointId: hotline, actor: operatorActor))
    }
}
