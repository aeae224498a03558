package import Contracts
package import NotificationWords

/// The week's digest of a person.
package enum Digest {
    /// What an inbox message of it is about.
    package static let type = "digest.weekly"

    /// Counts what was told in a week: the inbox is the truth.
    package static func counts(of messages: [InboxMessageState]) -> DigestCounts {
        let news = messages.filter { $0.aboutType != type }
        return news.reduce(into: DigestCounts(messages: news.count)) { counts, message in
            let points = message.points ?? 0
            switch message.aboutType {
            case CaseOpened.type, ReportJoined.type: counts.reports += 1
            case CaseChanged.Step.closed.rawValue: counts.closed += 1
            case PointsMoved.Step.released.rawValue, PointsMoved.Step.awarded.rawValue: counts.points += points
            case PointsMoved.Step.clawedBack.rawValue: counts.points -= points
            default: break
            }
        }
    }

    /// The ways of a digest: the inbox first; none where nothing was told.
    ///
    /// - Parameter id: Which digest it is, in place of an event's id.
    package static func ways(
        of counts: DigestCounts, _ id: MessageID, to settings: PersonSettingsState, pack: Pack, at clock: Timestamp
    ) -> [Way] {
        let wishes = Wishes(settings.preferences, pack: pack)
        guard let digest = wishes.digest, counts.messages > 0, settings.erasedAt == nil else { return [] }
        let wording = Wording(digest, of: counts, language: wishes.preferences.language)
        let reachable = settings.reached.filter { wishes.digestChannels.contains($0) }
        let outside = reachable.map { channel in
            Way.hold(
                HeldMessage(
                    told: Told(eventId: id, recipientId: settings.personId, channel: channel), aboutType: type,
                    caseId: nil, matter: "digest|\(id)", kind: .progress, wording: wording, template: nil,
                    heldAt: clock, notBefore: wishes.closedHours(for: .progress).firstOpen(from: clock)))
        }
        let told = Told(eventId: id, recipientId: settings.personId, channel: .inbox)
        let message = InboxMessageState(
            messageId: InboxMessageID(told.messageID.description), version: 1, recipientId: settings.personId,
            title: wording.title, body: wording.body(in: wishes.preferences.form), language: wording.language,
            aboutEventId: id, aboutType: type, caseId: nil, points: counts.points, writtenAt: clock, readAt: nil)
        return [.write(message)] + outside
    }
}
