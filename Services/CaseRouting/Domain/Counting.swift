package import CaseRates
package import Contracts

extension Case {
    /// Counts the events for the rates.
    ///
    /// - Parameter day: the day of `now` by the pack's clocks.
    package mutating func count(_ events: [CaseEvent], at now: Timestamp, on day: String) -> [RateChange] {
        var counting = RateCounting(tally ?? RateTally(), at: now, on: day)
        for event in events { counting.count(event) }
        tally = counting.tally == RateTally() ? nil : counting.tally
        return counting.changes
    }
}
