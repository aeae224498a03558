/// Enters served time in the book of hours 志愿服务时长记录 (民政部令第67号, 2020), or takes an entry back.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct RecordHours: Message {
    package static let type = "hours.record"

    package let recordId: HoursRecordID
    package let ledgerId: LedgerID
    package let personId: PersonID
    package let teamId: TeamID?
    /// The volunteer task of the pack.
    package let taskId: String
    /// Whole minutes, positive.
    package let minutes: Int
    /// When the service began and where a day is counted by the pack's calendar.
    package let servedAt: Timestamp
    /// The entry that this one takes back; absent for a new one.
    package let reverses: HoursRecordID?
    package let reason: String?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        recordId: HoursRecordID, ledgerId: LedgerID, personId: PersonID, teamId: TeamID? = nil, taskId: String,
        minutes: Int, servedAt: Timestamp, reverses: HoursRecordID? = nil, reason: String? = nil, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.recordId = recordId
        self.ledgerId = ledgerId
        self.personId = personId
        self.teamId = teamId
        self.taskId = taskId
        self.minutes = minutes
        self.servedAt = servedAt
        self.reverses = reverses
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { recordId.rawValue }
}

/// An entry of the book of hours, which is kept apart from points; none is ever changed.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct HoursRecorded: Message {
    package static let type = "hours.recorded"

    package let recordId: HoursRecordID
    package let ledgerId: LedgerID
    package let personId: PersonID
    package let teamId: TeamID?
    package let taskId: String
    /// Whole minutes; negative where an entry is taken back.
    package let minutes: Int
    package let servedAt: Timestamp
    /// What the book holds for the person after it, in minutes.
    package let total: Int
    package let reverses: HoursRecordID?
    /// The award that the entry earned, once and never again; absent where it earned none.
    ///
    /// Of an entry that takes another back: the transfer that took its award back.
    package let transferId: TransferID?
    package let actorId: PersonID
    package let reason: String?

    package init(
        recordId: HoursRecordID, ledgerId: LedgerID, personId: PersonID, teamId: TeamID?, taskId: String, minutes: Int,
        servedAt: Timestamp, total: Int, reverses: HoursRecordID?, transferId: TransferID?, actorId: PersonID,
        reason: String?
    ) {
        self.recordId = recordId
        self.ledgerId = ledgerId
        self.personId = personId
        self.teamId = teamId
        self.taskId = taskId
        self.minutes = minutes
        self.servedAt = servedAt
        self.total = total
        self.reverses = reverses
        self.transferId = transferId
        self.actorId = actorId
        self.reason = reason
    }

    package var subject: String { recordId.rawValue }
}
