/// A person put a case under another category than the one that it had.
package struct CaseReclassified: Message {
    package static let type = "case.reclassified"

    /// With the new category and, before the dispatch, the owner whom the pack's rules name for it.
    package let `case`: CaseReference
    package let previousCategory: CategoryCode
    /// What the first report was taken for at intake: the reporter's own choice, else what its words point to; absent
    /// where neither said anything.
    package let suggested: CategoryCode?
    package let at: Timestamp
    package let actorId: PersonID
    package let reason: String
    /// Why this owner: the rule that decided, in words; absent in events from before it was told.
    package let routing: String?
    /// By when it must be handled now, by the new limit from the original start; absent before the dispatch.
    package let deadline: Timestamp?
    /// Whether its deadline is known as missed after it; absent before the dispatch.
    ///
    /// A breach that the right limit does not know is none.
    package let isOverdue: Bool?

    package init(
        case: CaseReference, previousCategory: CategoryCode, suggested: CategoryCode?, at: Timestamp,
        actorId: PersonID, reason: String, routing: String? = nil, deadline: Timestamp? = nil,
        isOverdue: Bool? = nil
    ) {
        self.case = `case`
        self.previousCategory = previousCategory
        self.suggested = suggested
        self.at = at
        self.actorId = actorId
        self.reason = reason
        self.routing = routing
        self.deadline = deadline
        self.isOverdue = isOverdue
    }

    package var subject: String { `case`.caseId.rawValue }
}
