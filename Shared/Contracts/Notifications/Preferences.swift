package enum NotificationLanguage: String, Codable, Sendable, CaseIterable {
    case chinese = "zh"
    case english = "en"
}

/// How much a person wants to read.
package enum MessageForm: String, Codable, Sendable, CaseIterable {
    case full
    /// 简明: one plain sentence, for large type and for reading aloud.
    case short
}

/// What a message is about, as preferences name it.
package enum NotificationKind: String, Codable, Sendable, CaseIterable {
    /// How a report of one's own goes on.
    case progress
    /// Points, notices and orders.
    case points
    /// What somebody is to do.
    case work
    /// What is late, or in danger.
    case alert
}

/// Whether a person is written to of each thing, or once a week of all.
package enum DigestRhythm: String, Codable, Sendable, CaseIterable {
    case off
    case weekly
}

/// A kind that a person does not want on a channel.
package struct MutedKind: Codable, Sendable, Hashable {
    package let kind: NotificationKind
    package let channel: Channel

    package init(kind: NotificationKind, channel: Channel) {
        self.kind = kind
        self.channel = channel
    }
}

/// Hours in which nothing is sent: minutes of the day from 0 to 1439, the second not in them.
///
/// Over midnight where the first is the later one.
package struct QuietHours: Codable, Sendable, Hashable {
    package let from: Int
    package let to: Int

    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }
}

/// How and when a person wants to hear.
package struct NotificationPreferences: Codable, Sendable, Equatable {
    package var language: NotificationLanguage
    package var form: MessageForm
    /// By kind and channel; the inbox cannot be muted.
    package var muted: [MutedKind]
    /// Absent for none.
    package var quietHours: QuietHours?
    /// East of Greenwich; absent for the pack's.
    package var utcOffsetMinutes: Int?
    /// Whether to be left alone at the pack's meal peaks 用餐高峰, of one's own reports and points.
    package var mealPeaks: Bool
    package var digest: DigestRhythm

    package init(
        language: NotificationLanguage = .chinese, form: MessageForm = .full, muted: [MutedKind] = [],
        quietHours: QuietHours? = nil, utcOffsetMinutes: Int? = nil, mealPeaks: Bool = true,
        digest: DigestRhythm = .off
    ) {
        self.language = language
        self.form = form
        self.muted = muted
        self.quietHours = quietHours
        self.utcOffsetMinutes = utcOffsetMinutes
        self.mealPeaks = mealPeaks
        self.digest = digest
    }
}
