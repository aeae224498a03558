import Contracts
import EventProcessing
import PointsDomain

/// The book of hours 志愿服务时长: entries, and what each earns once.
struct RecordingHours {
    let transaction: Transaction
    let ledger: Ledger

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    func record(_ command: Command) throws -> Disposition {
        let record = try command.read(RecordHours.self).data
        if let notAfter = record.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        let content = record.fingerprint
        if let known = try HoursRow.content(of: record.recordId, in: transaction.database) {
            // The same again is answered as the first time: it was done.
            return known == content ? .applied : .refused(.hoursConflict(record.recordId))
        }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        let entry = record.entry(by: pack.points)
        if let reverses = record.reverses {
            return try takeBack(reverses, record, as: entry, content: content)
        }
        let besides = try HoursRow.overlapping(entry, in: transaction.database)
        if let fault = fault(of: record, entry: entry, by: pack.points, besides: besides, at: transaction.clock) {
            return .refused(Refusal(fault))
        }
        let award = try award(for: entry, by: pack, actor: record.actor.personId)
        try keep(entry, record, transferId: award, content: content)
        return .applied
    }

    /// Books what the entry earns; nil where it earns nothing, or no budget is left for it.
    private func award(for entry: HoursEntry, by pack: Pack, actor: PersonID) throws -> TransferID? {
        guard let task = pack.points?.tasks?.first(where: { $0.id == entry.taskId }),
            task.points(for: entry.minutes) > 0
        else { return nil }
        try ledger.fund(entry.ledgerId, by: pack)
        let budget = try ledger.balance(of: .issued(of: entry.ledgerId)).balance
        let expiresAt = pack.points?.expiryMonths.map { pack.calendar.expiry(after: $0, from: transaction.clock) }
        let award = entry.award(
            by: task, budget: budget, expiresAt: expiresAt, actor: actor, cause: transaction.causeID)
        guard let award else { return nil }
        try ledger.book(award)
        return award.event.step == .awarded ? award.event.transferId : nil
    }

    private func takeBack(
        _ id: HoursRecordID, _ record: RecordHours, as entry: HoursEntry, content: String
    ) throws -> Disposition {
        let taken = try HoursRow.find(id, in: transaction.database)
        if let fault = fault(of: record, takingBack: taken, named: id) { return .refused(Refusal(fault)) }
        let back = try taken?.transferId.flatMap { award in
            try takeBack(award, earnedBy: entry, reason: record.reason ?? "", actor: record.actor.personId)
        }
        try keep(entry, record, transferId: back, content: content)
        return .applied
    }

    /// Takes an award back as far as it is still there; nil where nothing of it is.
    private func takeBack(
        _ award: TransferID, earnedBy entry: HoursEntry, reason: String, actor: PersonID
    ) throws -> TransferID? {
        // What was corrected, or taken back after a notice, is not taken once more.
        guard let booked = try TransferRow.find(award, in: transaction.database),
            try TransferRow.correction(of: award, in: transaction.database) == nil
        else { return nil }
        let account = LedgerAccount.available(of: entry.personId, in: entry.ledgerId)
        try ledger.expire(account)
        let back = entry.takingBack(
            booked, lots: try ledger.lots(of: account), actor: actor, cause: transaction.causeID, reason: reason)
        guard let back else { return nil }
        try ledger.book(back)
        try TransferRow.insert(correction: back.event.transferId, of: award, in: transaction.database)
        return back.event.transferId
    }

    private func keep(
        _ entry: HoursEntry, _ record: RecordHours, transferId: TransferID?, content: String
    ) throws {
        try HoursRow.insert(entry, transferId: transferId, content: content, in: transaction.database)
        let total = try HoursTotalRow.add(entry, in: transaction.database)
        try transaction.emit(
            HoursRecorded(
                recordId: entry.recordId, ledgerId: entry.ledgerId, personId: entry.personId, teamId: entry.teamId,
                taskId: entry.taskId, minutes: entry.minutes, servedAt: entry.servedAt, total: total,
                reverses: entry.reverses, transferId: transferId, actorId: record.actor.personId,
                reason: record.reason),
            to: TopicCatalogue.pointsEvents, key: entry.ledgerId.rawValue)
    }
}

extension RecordHours {
    fileprivate var fingerprint: String {
        ContentHash.fingerprint(
            "hours", ledgerId.rawValue, personId.rawValue, teamId?.rawValue, taskId, "\(minutes)", "\(servedAt)",
            reverses?.rawValue, reason, actor.personId.rawValue)
    }
}
