/// When two reports or cases are one problem.
package struct PackMatching: Codable, Sendable, Equatable {
    /// From this score on (of 1000) they are merged by themselves.
    package let certain: Int
    /// From this score on a dispatcher is asked.
    package let doubtful: Int
    /// Only so far apart, in whole centimetres, are two looked at.
    package let reach: Int
    /// Only so many natural days apart.
    package let days: Int
    /// What becomes of a report that is surely of a problem which was closed lately; absent for `link`.
    package let closed: Closed?

    /// What a closed case does when its problem is reported again.
    package enum Closed: String, Codable, Sendable, CaseIterable {
        /// It is opened once more, and has the report.
        case reopen
        /// The report opens a case of its own, which names it.
        case link
    }

    package init(certain: Int, doubtful: Int, reach: Int, days: Int, closed: Closed? = nil) {
        self.certain = certain
        self.doubtful = doubtful
        self.reach = reach
        self.days = days
        self.closed = closed
    }
}
