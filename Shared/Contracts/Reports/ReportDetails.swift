/// How much of who reported may be known.
package enum ReportIdentity: String, Sendable, Codable, CaseIterable {
    /// By the person's usual pseudonym.
    case pseudonymous
    /// 保密: by another pseudonym of the same person, which nobody who handles the case can join with the usual one.
    case confidential
    /// 匿名: by a name that was made for this report alone and leads to nobody.
    case anonymous
}

extension PersonID {
    /// What the name of an anonymous reporter begins with.
    private static let anonymousPrefix = "anon:"

    /// The name that an anonymous reporter has in one report.
    package static func anonymous(_ code: String) -> PersonID { PersonID(anonymousPrefix + code) }

    /// Whether the name leads to nobody: nothing can be written or paid to it.
    package var isAnonymous: Bool { rawValue.hasPrefix(Self.anonymousPrefix) }
}

/// A community near a place that lies in none.
package struct NearestCommunity: Codable, Hashable, Sendable {
    package let id: CommunityID
    package let name: String
    /// From the place to its nearest edge, in whole metres.
    package let distance: Int

    package init(id: CommunityID, name: String, distance: Int) {
        self.id = id
        self.name = name
        self.distance = distance
    }
}

/// A voice note of a report.
package struct VoiceNote: Codable, Hashable, Sendable {
    package let id: VoiceNoteID
    /// How long it is, in whole seconds, rounded up.
    package let seconds: Int

    package init(id: VoiceNoteID, seconds: Int) {
        self.id = id
        self.seconds = seconds
    }
}

/// The answer to one question that the pack asks about a category.
package struct ReportAnswer: Codable, Hashable, Sendable {
    /// The question's code in the pack.
    package let code: String
    /// The answer, masked; several only where the question is a list to choose several from, by their keys.
    package let values: [String]

    package init(code: String, values: [String]) {
        self.code = code
        self.values = values
    }
}

/// What speaks for and against a report having been made there and then: hints for people, nothing is decided by them.
///
/// Browsers strip place and time from photos, so intake hands out a nonce with the form and compares what comes back.
package struct CaptureProof: Codable, Hashable, Sendable {
    /// When intake handed the form's nonce out, by intake's clock; absent where none came back that it knows.
    package let openedAt: Timestamp?
    /// When the reporter pressed the button, by the device's clock.
    package let capturedAt: Timestamp?
    /// From the place of the report to where the device was, in whole metres; absent where the device told no place.
    package let distance: Int?
    /// How far off the device thinks its place may be, in whole metres.
    package let accuracy: Int?
    /// What is odd, in the order of ``CaptureSignal``; empty where nothing is.
    ///
    /// Texts, so that readers of today pass over a signal of tomorrow.
    package let signals: [String]

    package init(openedAt: Timestamp?, capturedAt: Timestamp?, distance: Int?, accuracy: Int?, signals: [String]) {
        self.openedAt = openedAt
        self.capturedAt = capturedAt
        self.distance = distance
        self.accuracy = accuracy
        self.signals = signals
    }
}

/// Something odd about how a report was made.
package enum CaptureSignal: String, Sendable, CaseIterable {
    /// The nonce is none that intake handed out.
    case nonceUnknown = "nonce-unknown"
    /// The nonce was handed out to another person.
    case nonceOfOther = "nonce-of-other"
    /// The form was open for very long.
    case nonceOld = "nonce-old"
    /// Another report came with the same nonce.
    case nonceReused = "nonce-reused"
    /// By the device's clock the report was made before the form was handed out, or after it came back.
    case clockOff = "clock-off"
    /// The device was far from the place of the report, by more than it may be off.
    case farAway = "far-away"
    /// The device hardly knew where it was.
    case placeUncertain = "place-uncertain"
    /// A photo was in another report before.
    case photoReused = "photo-reused"
    /// The device moved as fast as nobody walks: it earns no points, so that nobody reports while riding.
    case movingFast = "moving-fast"
}
