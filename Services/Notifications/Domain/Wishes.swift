package import Contracts

/// What a person wants, or the pack for those who never said.
package struct Wishes: Sendable, Equatable {
    package let preferences: NotificationPreferences
    private let peaks: [ClosedHours.Window]
    private let utcOffsetMinutes: Int
    /// Nil where the pack has none.
    package let digest: PackDigest?

    package init(_ preferences: NotificationPreferences?, pack: Pack) {
        let notifications = pack.notifications
        self.preferences =
            preferences
            ?? NotificationPreferences(quietHours: notifications?.quietHours)
        let ranges = notifications?.mealPeaks ?? pack.points?.mealPeaks ?? []
        peaks = ranges.filter { $0.count == 2 }.map { ClosedHours.Window(from: $0[0], to: $0[1]) }
        utcOffsetMinutes = self.preferences.utcOffsetMinutes ?? pack.calendar.utcOffsetMinutes
        digest = notifications?.digest
    }

    /// When not to write about such things; riders are left alone at meal peaks with what can wait, not with work.
    package func closedHours(for kind: NotificationKind) -> ClosedHours {
        ClosedHours(
            quiet: preferences.quietHours.map { ClosedHours.Window(from: $0.from, to: $0.to) },
            peaks: preferences.mealPeaks && kind.isOfOneself ? peaks : [], utcOffsetMinutes: utcOffsetMinutes)
    }

    package func wants(_ kind: NotificationKind, on channel: Channel) -> Bool {
        !preferences.muted.contains(MutedKind(kind: kind, channel: channel))
    }

    /// Whether such things wait for the week's digest on a channel.
    package func isDigested(_ kind: NotificationKind, on channel: Channel) -> Bool {
        preferences.digest == .weekly && kind.isOfOneself && digestChannels.contains(channel)
    }

    /// The ways on which the digest may go: those on which not all that it tells of is unwanted.
    package var digestChannels: [Channel] {
        (digest?.channels ?? []).filter { wants(.progress, on: $0) || wants(.points, on: $0) }
    }

    /// When the next digest is due; nil where there is none.
    package func nextDigest(after moment: Timestamp) -> Timestamp? {
        guard preferences.digest == .weekly, let digest else { return nil }
        return NotificationsDomain.nextDigest(after: moment, digest, utcOffsetMinutes: utcOffsetMinutes)
    }
}

extension NotificationKind {
    /// Whether it is about one's own reports and points, and can wait: no work, and no alarm.
    package var isOfOneself: Bool { self == .progress || self == .points }
}

extension OutsideMessage {
    /// Whether a person wants what it is about, where they can refuse it.
    package func isWanted(by wishes: Wishes) -> Bool {
        guard let unsubscribe else { return true }
        let kinds = unsubscribe.kind.map { [$0] } ?? [.progress, .points]
        return kinds.contains { wishes.wants($0, on: channel) }
    }

    /// When it is not tried: never where it is critical.
    package func closedHours(by wishes: Wishes) -> ClosedHours {
        critical ? .none : wishes.closedHours(for: unsubscribe?.kind ?? .progress)
    }
}
