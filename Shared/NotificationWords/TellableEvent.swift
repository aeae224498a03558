import Contracts

/// The events that people can be told about, and what a text about them can be filled with.
package enum TellableEvent {
    package static let caseEvents =
        [CaseOpened.type, ReportJoined.type] + CaseChanged.Step.allCases.map(\.rawValue) + [
            CaseTransferred.type, CaseReportAmended.type, CaseReclassified.type,
        ]
    package static let pointEvents = PointsMoved.Step.allCases.map(\.rawValue)
    /// A notice that points are to be taken back, and how it ended.
    package static let noticeEvents = NoticeChanged.Step.allCases.map(\.rawValue)
    package static let orderEvents = OrderChanged.Step.allCases.map(\.rawValue)
    package static let all = caseEvents + pointEvents + noticeEvents + orderEvents

    /// What a weekly digest can be filled with.
    package static let digestVariables = ["reports", "closed", "points", "messages"]

    /// Every variable that a text about an event may hold.
    package static let variables = [
        "caseNumber", "category", "community", "reason", "points", "deadline", "station", "prizes",
    ]

    /// Those of them that the event can fill.
    package static func variables(of event: String) -> Set<String> {
        if noticeEvents.contains(event) { return ["points", "reason", "deadline"] }
        if pointEvents.contains(event) { return ["caseNumber", "points", "reason"] }
        if event == OrderChanged.Step.placed.rawValue { return ["station", "prizes", "points", "deadline"] }
        if orderEvents.contains(event) { return ["station", "prizes", "points", "reason"] }
        var variables: Set = ["caseNumber", "category", "community"]
        if deadlineEvents.contains(event) { variables.insert("deadline") }
        if !eventsWithoutReason.contains(event) { variables.insert("reason") }
        return variables
    }

    /// What nobody gives a reason for: what a report does, and what the clock or a comparison finds.
    private static let eventsWithoutReason = Set(
        [CaseOpened.type, ReportJoined.type]
            + [
                CaseChanged.Step.overdue, .nearDue, .filingOverdue, .dispatchOverdue, .verificationOverdue,
                .coOwnerOverdue, .keptOverdue, .mergeProposed,
            ].map(\.rawValue))

    /// The steps that set, move or meet a deadline.
    private static let deadlineEvents = Set(
        [
            CaseChanged.Step.dispatched, .overdue, .nearDue, .resumed, .informationGiven, .extensionDecided, .madeSafe,
            .coOwnerAdded, .coOwnerOverdue, .keptOverdue, .whistled, .filingOverdue, .dispatchOverdue,
            .verificationOverdue,
        ].map(\.rawValue))
}
