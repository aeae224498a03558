package import Contracts

/// What the clock will do to a case by itself, unless somebody comes before.
package enum Alarm: Hashable, Sendable {
    /// The time to judge a report is over 立案时限.
    case filing
    /// The handling deadline is over.
    case deadline
    /// The deadline of the unit that keeps a case 首接负责 is over.
    case kept
    /// Most of the time is used up 临期.
    case nearDue
    /// The next level must look.
    case escalation
    /// A parked case goes on 挂账, or a reporter has not answered.
    case rest
    /// The time to be on the spot is over 吹哨.
    case whistle
    /// The deadline of a co-owner is over 协办.
    case coOwner(UnitID)

    /// For the timer's kind.
    package var name: String {
        switch self {
        case .filing: "filing"
        case .deadline: "deadline"
        case .kept: "kept"
        case .nearDue: "near-due"
        case .escalation: "escalation"
        case .rest: "rest"
        case .whistle: "whistle"
        case .coOwner(let unit): "co-owner:\(unit)"
        }
    }

    package init?(name: String) {
        switch name {
        case "filing": self = .filing
        case "deadline": self = .deadline
        case "kept": self = .kept
        case "near-due": self = .nearDue
        case "escalation": self = .escalation
        case "rest": self = .rest
        case "whistle": self = .whistle
        default:
            guard name.hasPrefix("co-owner:") else { return nil }
            self = .coOwner(UnitID(String(name.dropFirst("co-owner:".count))))
        }
    }
}

extension Case {
    /// What the clock will do to the case, and when each is due.
    ///
    /// Follows from the case alone: what is not here any more does not ring.
    package var alarms: [Alarm: Timestamp] {
        var alarms: [Alarm: Timestamp] = [:]
        // The deadline's own millisecond is still on time.
        if let deadline = watchedFiling { alarms[.filing] = deadline.adding(milliseconds: 1) }
        if let deadline = watchedDeadline { alarms[.deadline] = deadline.adding(milliseconds: 1) }
        if let (_, deadline) = watchedKeeper { alarms[.kept] = deadline.adding(milliseconds: 1) }
        if let nearDue = watchedNearDue { alarms[.nearDue] = nearDue }
        if let end = stage.restsUntil { alarms[.rest] = end }
        alarms[.escalation] = escalationDue
        alarms[.whistle] = whistleDue
        for (unit, deadline) in watchedParts { alarms[.coOwner(unit)] = deadline.adding(milliseconds: 1) }
        return alarms
    }

    /// An alarm went off: nil where nobody needs to hear of it any more.
    package func ring(_ alarm: Alarm, in circumstances: Circumstances) throws -> CaseDecision? {
        guard let due = alarms[alarm], due <= circumstances.now else { return nil }
        switch alarm {
        case .filing: return change(at: circumstances.now) { $0.noticeFiling() }
        case .deadline: return passDeadline(at: circumstances.now, by: circumstances.table)
        case .kept: return change(at: circumstances.now) { $0.noticeKeeper() }
        case .nearDue: return comeNearDue(in: circumstances)
        case .rest: return try endRest(in: circumstances)
        case .escalation: return change(at: circumstances.now) { $0.climb(by: circumstances.table) }
        case .whistle: return change(at: circumstances.now) { $0.noticeWhistle() }
        case .coOwner: return change(at: circumstances.now) { $0.noticeCoOwners() }
        }
    }
}

extension Case {
    /// What the clock makes of the case; nil where it has nothing to say.
    private func change(at now: Timestamp, _ notice: (inout Course) -> Void) -> CaseDecision? {
        var course = Course(self, at: now)
        notice(&course)
        return course.events.isEmpty ? nil : course.decision
    }
}
