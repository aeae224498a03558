/// What is counted of a unit's cases; what each means stands in docs/routing-rates.md.
package enum RateCount: String, CodingKey, CaseIterable, Sendable {
    /// Refused 不予立案.
    case refused
    /// Cases that came into the unit's hands 派遣.
    case assigned
    /// Of those, answered within 24 hours.
    case responded
    /// Of those, given back 退回.
    case returned
    /// Checks on the spot 核查.
    case checked
    /// Of those, not done 返工.
    case reworked
    /// Closings 结案.
    case closed
    /// Of those, in time and not opened again.
    case onTime
    /// Of those, opened again 重开.
    case reopened
    /// Overdue cases in the unit's hands when the period ended.
    case openOverdue
    /// Overdue cases that left the unit without a closing.
    case leftOverdue
    /// Reporters of the closed cases.
    case asked
    /// Of those, who said whether it is solved.
    case solvedAnswers
    case solved
    /// Of those, who said whether they are satisfied.
    case satisfiedAnswers
    case satisfied
    /// Whistles about the unit's cases 吹哨.
    case whistled
    /// How often the unit was called to a spot.
    case called
    /// Of those, how often it came in time 报到.
    case came
}

/// How much there is of each; what is not named is none.
package struct RateCounts: Sendable, Equatable {
    private var values: [RateCount: Int] = [:]

    package init(_ values: [RateCount: Int] = [:]) {
        self.values = values.filter { $0.value != 0 }
    }

    package subscript(count: RateCount) -> Int {
        get { values[count, default: 0] }
        set { values[count] = newValue == 0 ? nil : newValue }
    }

    package var isEmpty: Bool { values.isEmpty }

    package static func += (left: inout RateCounts, right: RateCounts) {
        for count in RateCount.allCases { left[count] += right[count] }
    }
}

extension RateCounts: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: RateCount.self)
        self.init()
        for count in RateCount.allCases { self[count] = try container.decodeIfPresent(Int.self, forKey: count) ?? 0 }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: RateCount.self)
        for count in RateCount.allCases { try container.encode(self[count], forKey: count) }
    }
}

/// What was counted of a community's cases in a day or a month, unit by unit.
///
/// Published by case-routing on `case-rates.v1`, keyed by community id, when the period is over, and once more after each
/// later day that changed it: the highest `revision` counts.
package struct RatesPublished: Message {
    package static let type = "rates.published"

    package let communityId: CommunityID
    /// A day such as `2026-11-23`, or a month such as `2026-11`.
    package let period: String
    package let endsAt: Timestamp
    /// By which days and months begin.
    package let utcOffsetMinutes: Int
    /// Counts from 1.
    package let revision: Int
    /// Smaller samples are not ranked.
    package let minimumSample: Int
    /// By id; the one without a unit is what no unit answered for.
    package let units: [UnitRates]

    package struct UnitRates: Codable, Sendable, Equatable {
        package let unitId: UnitID?
        package let counts: RateCounts

        package init(unitId: UnitID?, counts: RateCounts) {
            self.unitId = unitId
            self.counts = counts
        }
    }

    package init(
        communityId: CommunityID, period: String, endsAt: Timestamp, utcOffsetMinutes: Int, revision: Int,
        minimumSample: Int, units: [UnitRates]
    ) {
        self.communityId = communityId
        self.period = period
        self.endsAt = endsAt
        self.utcOffsetMinutes = utcOffsetMinutes
        self.revision = revision
        self.minimumSample = minimumSample
        self.units = units
    }

    package var subject: String { "\(communityId)|\(period)" }
}
