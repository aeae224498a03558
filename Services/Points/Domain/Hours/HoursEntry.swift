package import Contracts

/// An entry of the book of hours 志愿服务时长; none is ever changed, only taken back by another.
package struct HoursEntry: Sendable, Equatable {
    package let recordId: HoursRecordID
    package let ledgerId: LedgerID
    package let personId: PersonID
    package let teamId: TeamID?
    package let taskId: String
    /// Whole minutes; negative where an entry is taken back.
    package let minutes: Int
    package let servedAt: Timestamp
    package let reverses: HoursRecordID?
    /// The award that it earned; nil where it earned none.
    package let transferId: TransferID?
    /// The entry that takes it back; nil while it counts.
    package let reversedBy: HoursRecordID?

    package init(
        recordId: HoursRecordID, ledgerId: LedgerID, personId: PersonID, teamId: TeamID?, taskId: String, minutes: Int,
        servedAt: Timestamp, reverses: HoursRecordID? = nil, transferId: TransferID? = nil,
        reversedBy: HoursRecordID? = nil
    ) {
        self.recordId = recordId
        self.ledgerId = ledgerId
        self.personId = personId
        self.teamId = teamId
        self.taskId = taskId
        self.minutes = minutes
        self.servedAt = servedAt
        self.reverses = reverses
        self.transferId = transferId
        self.reversedBy = reversedBy
    }

    /// The first moment after the service.
    package var endsAt: Timestamp { servedAt.adding(milliseconds: Int64(minutes) * 60_000) }

    /// Whether the two share a minute: nobody serves twice at once.
    package func overlaps(_ other: HoursEntry) -> Bool { servedAt < other.endsAt && other.servedAt < endsAt }
}

extension RecordHours {
    /// So many minutes fit into one entry.
    package static let mostMinutes = 1_440

    /// The entry that it asks for, with the team that the person belongs to where it names none.
    package func entry(by points: PackPoints?) -> HoursEntry {
        let teams = points?.teams ?? []
        let own = teams.first {
            $0.ledgerId == ledgerId && ($0.leaderId == personId || $0.memberIds.contains(personId))
        }
        return HoursEntry(
            recordId: recordId, ledgerId: ledgerId, personId: personId, teamId: teamId ?? own?.id, taskId: taskId,
            minutes: reverses == nil ? minutes : -minutes, servedAt: servedAt, reverses: reverses)
    }
}

// HoursFault
//   notAllowed       who may not enter hours, or enters their own
//   nobody           a name that leads to nobody
//   badMinutes       none, or more than a day has
//   notYetServed     the service is not over
//   unknownTask      no task of the pack
//   unknownTeam      no team of the ledger
//   overlaps         minutes that another entry has
//   reasonMissing    an entry taken back without a word why
//   noEntry          nothing to take back
//   differs          another person, task or time than the entry that it takes back
//   takenBack        taken back before

/// Why an entry is not made.
package enum HoursFault: Sendable, Equatable {
    case notAllowed
    case nobody
    case badMinutes
    case notYetServed
    case unknownTask(String)
    case unknownTeam(TeamID)
    case overlaps(HoursEntry)
    case reasonMissing
    case noEntry(HoursRecordID)
    case differs(HoursEntry)
    case takenBack(HoursRecordID, by: HoursRecordID)
}

/// Looks whether hours may be entered; nil where they may.
///
/// - Parameter besides: the person's entries that still count and lie near.
package func fault(
    of command: RecordHours, entry: HoursEntry, by points: PackPoints?, besides: [HoursEntry], at now: Timestamp
) -> HoursFault? {
    if let fault = commonFault(of: command) { return fault }
    guard entry.personId.canHoldPoints else { return .nobody }
    guard entry.endsAt <= now else { return .notYetServed }
    guard points?.tasks?.contains(where: { $0.id == entry.taskId }) == true else { return .unknownTask(entry.taskId) }
    if let teamId = command.teamId {
        let isKnown = points?.teams?.contains { $0.id == teamId && $0.ledgerId == entry.ledgerId } == true
        guard isKnown else { return .unknownTeam(teamId) }
    }
    return besides.first { $0.overlaps(entry) }.map(HoursFault.overlaps)
}

/// Looks whether an entry may be taken back; nil where it may.
package func fault(of command: RecordHours, takingBack entry: HoursEntry?, named id: HoursRecordID) -> HoursFault? {
    if let fault = commonFault(of: command) { return fault }
    guard command.reason?.isEmpty == false else { return .reasonMissing }
    guard let entry, entry.ledgerId == command.ledgerId, entry.reverses == nil else { return .noEntry(id) }
    if let by = entry.reversedBy { return .takenBack(id, by: by) }
    let isSame =
        entry.personId == command.personId && entry.taskId == command.taskId && entry.minutes == command.minutes
        && entry.servedAt == command.servedAt
    return isSame ? nil : .differs(entry)
}

private func commonFault(of command: RecordHours) -> HoursFault? {
    let enters = [Role.dispatcher, Role.admin, Role.station]
    guard enters.contains(where: command.actor.has), command.actor.personId != command.personId else {
        return .notAllowed
    }
    return (1...RecordHours.mostMinutes).contains(command.minutes) ? nil : .badMinutes
}
