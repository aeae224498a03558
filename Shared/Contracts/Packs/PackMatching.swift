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

    package init(certain: Int, doubtful: Int, reach: Int, days: Int) {
        self.certain = certain
        self.doubtful = doubtful
        self.reach = reach
        self.days = days
    }
}
