/// What a recipient reads about a kind of event, and which ways it goes.
///
/// `{caseNumber}`, `{category}` and others are filled in; docs/packs.md names them all.
package struct PackTemplate: Codable, Sendable, Equatable {
    /// The event's type, such as `case.closed`.
    package let event: String
    package let role: AudienceRole
    package let title: String
    package let body: String
    /// 简明: one plain sentence; absent for the body.
    package var short: String?
    /// Absent where there is none: English readers read Chinese then.
    package var english: PackText?
    /// The ways beside the inbox; absent for none.
    package var channels: [Channel]?
    /// Goes at once, whatever the hour.
    package var critical: Bool?
    /// Absent for `progress`.
    package var kind: NotificationKind?
    /// What WeChat is asked to send; absent where it is not asked.
    package var weChat: PackProviderTemplate?
    /// What the SMS gateway is asked to send; absent for the short text.
    package var sms: PackProviderTemplate?

    package init(
        event: String, role: AudienceRole, title: String, body: String, _ fill: (inout PackTemplate) -> Void = { _ in }
    ) {
        self.event = event
        self.role = role
        self.title = title
        self.body = body
        fill(&self)
    }
}

/// A text in another language.
package struct PackText: Codable, Sendable, Equatable {
    package let title: String
    package let body: String
    /// Absent for the body.
    package let short: String?

    package init(title: String, body: String, short: String? = nil) {
        self.title = title
        self.body = body
        self.short = short
    }
}

/// A template that lies with a provider, and what fills it.
package struct PackProviderTemplate: Codable, Sendable, Equatable {
    package let id: String
    /// By the provider's name of each: a text with our variables in it.
    package let variables: [String: String]

    package init(id: String, variables: [String: String]) {
        self.id = id
        self.variables = variables
    }
}

/// When people are written to.
package struct PackNotifications: Codable, Sendable, Equatable {
    /// The languages that every text must have.
    package var languages: [NotificationLanguage]?
    /// Ranges of minutes after midnight in which riders are left alone; absent for those of the points.
    package var mealPeaks: [[Int]]?
    /// Of people who set none; absent for none.
    package var quietHours: QuietHours?
    /// So long a message waits for others about the same case, to go with them; absent for 0.
    package var mergeMinutes: Int?
    /// Absent where there is none.
    package var digest: PackDigest?

    package init(_ fill: (inout PackNotifications) -> Void = { _ in }) {
        fill(&self)
    }
}

/// 每周小结: what a person reads once a week who asked for that.
///
/// `{reports}`, `{closed}`, `{points}` and `{messages}` are filled in.
package struct PackDigest: Codable, Sendable, Equatable {
    /// From 1, Monday, to 7.
    package let weekday: Int
    /// After midnight, by the person's clock.
    package let minute: Int
    package let text: PackText
    package let english: PackText?
    /// The ways beside the inbox.
    package let channels: [Channel]

    package init(weekday: Int, minute: Int, text: PackText, english: PackText?, channels: [Channel]) {
        self.weekday = weekday
        self.minute = minute
        self.text = text
        self.english = english
        self.channels = channels
    }
}

/// Where a unit wants to hear about its cases.
///
/// The signing secret is no part of a pack.
package struct PackWebhook: Codable, Sendable, Equatable {
    package let unitId: UnitID
    package let url: String
    /// Event types; empty for all of the unit's cases.
    package let events: [String]

    package init(unitId: UnitID, url: String, events: [String]) {
        self.unitId = unitId
        self.url = url
        self.events = events
    }
}
