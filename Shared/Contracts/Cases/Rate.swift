/// A rate: how many of how many.
package enum Rate: String, CaseIterable, Sendable, Codable {
    case response
    case solution
    case satisfaction
    case onTime = "on-time"
    case `return`
    case rework
    case reopen
    case whistle
    case checkIn = "check-in"

    package var chinese: String {
        switch self {
        case .response: "响应率"
        case .solution: "解决率"
        case .satisfaction: "满意率"
        case .onTime: "按时结案率"
        case .return: "退回率"
        case .rework: "返工率"
        case .reopen: "重开率"
        case .whistle: "吹哨率"
        case .checkIn: "报到率"
        }
    }

    package func part(of counts: RateCounts) -> Int {
        switch self {
        case .response: counts[.responded]
        case .solution: counts[.solved]
        case .satisfaction: counts[.satisfied]
        case .onTime: counts[.onTime]
        case .return: counts[.returned]
        case .rework: counts[.reworked]
        case .reopen: counts[.reopened]
        case .whistle: counts[.whistled]
        case .checkIn: counts[.came]
        }
    }

    /// The size of the sample.
    package func sample(of counts: RateCounts) -> Int {
        switch self {
        case .response, .return, .whistle: counts[.assigned]
        case .solution: counts[.solvedAnswers]
        case .satisfaction: counts[.satisfiedAnswers]
        case .onTime: counts[.closed] + counts[.openOverdue] + counts[.leftOverdue]
        case .rework: counts[.checked]
        case .reopen: counts[.closed]
        case .checkIn: counts[.called]
        }
    }
}
