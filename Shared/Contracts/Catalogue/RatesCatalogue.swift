private typealias Town = SampleTown

extension MessageCatalogue {
    static let caseRates: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseRates], by: ["case-routing"],
            "What was counted of a community's cases in a day or a month 三率, unit by unit.",
            sample: RatesPublished(
                communityId: Town.community, period: "2026-11-23",
                endsAt: Timestamp(milliseconds: 1_795_449_600_000), utcOffsetMinutes: 480, revision: 2,
                minimumSample: 10,
                units: [
                    RatesPublished.UnitRates(
                        unitId: Town.property,
                        counts: RateCounts([
                            .assigned: 12, .responded: 11, .returned: 1, .checked: 10, .reworked: 1,
                            .closed: 9, .onTime: 7, .reopened: 1, .openOverdue: 1, .asked: 12, .solvedAnswers: 6,
                            .solved: 5, .satisfiedAnswers: 6, .satisfied: 4,
                        ]))
                ]),
            minimal: RatesPublished(
                communityId: Town.community, period: "2026-11", endsAt: Timestamp(milliseconds: 1_796_054_400_000),
                utcOffsetMinutes: 480, revision: 1, minimumSample: 10, units: []))
    ]
}

extension CaseEvent {
    /// The event with a place in the log, and without one.
    var linked: CaseLogEntry { CaseLogEntry(self, chain: Town.link) }
    var unlinked: CaseLogEntry { CaseLogEntry(self, chain: nil) }
}
