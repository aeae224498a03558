import Contracts
import EventProcessing
import PointsDomain

/// Notice, objection, and only then claw-back 告知、申诉、追回.
struct GivingNotices {
    let transaction: Transaction
    let ledger: Ledger

    static let windowTimer = "notice-window"

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    // MARK: Giving

    func give(_ command: Command) throws -> Disposition {
        let give = try command.read(GiveNotice.self).data
        if let notAfter = give.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        let content = give.fingerprint
        if let known = try NoticeRow.content(of: give.noticeId, in: transaction.database) {
            // The same again is answered as the first time: it was done.
            return known == content ? .applied : .refused(.noticeConflict(give.noticeId))
        }
        if let fault = give.fault { return .refused(Refusal(fault)) }
        if let signalId = give.signalId, try !isSignal(signalId, about: give.personId, in: give.ledgerId) {
            return .refused(Refusal(.noSignal(signalId)))
        }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        let awards: [NoticedAwards.Award]
        switch try awardsToNotice(give) {
        case .success(let found): awards = found
        case .failure(let fault): return .refused(Refusal(fault.fault))
        }
        try keep(give, awards, by: pack, content: content)
        return .applied
    }

    private struct Fault: Error {
        let fault: NoticeFault
    }

    /// What it is about, each once; or why nothing can be.
    private func awardsToNotice(_ give: GiveNotice) throws -> Result<[NoticedAwards.Award], Fault> {
        let desk = NoticedAwards(transaction: transaction, ledgerId: give.ledgerId, personId: give.personId)
        var awards: [NoticedAwards.Award] = []
        for id in give.transferIds {
            guard let award = try desk.award(id) else { return .failure(Fault(fault: .notAnAward(id))) }
            let other = try NoticedAwardRow.notice(
                about: award.name, of: give.personId, in: give.ledgerId, transaction.database)
            if let other { return .failure(Fault(fault: .noticed(id, by: other))) }
            if !awards.contains(where: { $0.name == award.name }) { awards.append(award) }
        }
        return awards.due > 0 ? .success(awards) : .failure(Fault(fault: .nothingDue))
    }

    private func isSignal(_ id: SignalID, about person: PersonID, in ledger: LedgerID) throws -> Bool {
        guard let signal = try SignalRow.find(id, in: transaction.database) else { return false }
        return signal.ledgerId == ledger && signal.personIds.contains(person)
    }

    private func keep(
        _ give: GiveNotice, _ awards: [NoticedAwards.Award], by pack: Pack, content: String
    ) throws {
        let days = pack.points?.objectionDays ?? PackPoints.objectionDaysWithoutPack
        let notice = Notice(
            noticeId: give.noticeId, ledgerId: give.ledgerId, personId: give.personId, transferIds: give.transferIds,
            points: awards.due, reason: give.reason, signalId: give.signalId, givenBy: give.actor.personId,
            objectionUntil: pack.calendar.objectionEnd(after: days, from: transaction.clock))
        try NoticeRow.insert(notice, content: content, in: transaction.database)
        for award in awards { try NoticedAwardRow.insert(award.name, of: notice, in: transaction.database) }
        try transaction.setTimer(
            timerID(of: notice), kind: Self.windowTimer, about: notice.noticeId.rawValue, due: notice.objectionUntil)
        try tell(notice.changed(.given, at: transaction.clock, by: notice.givenBy, reason: notice.reason))
    }

    // MARK: Answering

    func answer(_ command: Command) throws -> Disposition {
        let answer = try command.read(AnswerNotice.self).data
        if let notAfter = answer.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        guard var notice = try NoticeRow.find(answer.noticeId, in: transaction.database),
            notice.ledgerId == answer.ledgerId
        else { return .refused(.noNotice(answer.noticeId)) }
        if notice.wasAnswered(by: answer) { return .applied }
        if let fault = notice.fault(of: answer, at: transaction.clock) { return .refused(Refusal(fault)) }
        let actor = answer.actor.personId
        switch answer.answer {
        case .object:
            notice.pass(to: .objected, by: actor, answer: answer.reason)
            try end(notice, with: notice.changed(.objected, at: transaction.clock, by: actor, reason: answer.reason))
        case .dismiss:
            notice.pass(to: .dismissed, by: actor, answer: answer.reason)
            for award in try awards(of: notice) {
                try NoticedAwardRow.delete(award.name, of: notice, in: transaction.database)
            }
            try end(notice, with: notice.changed(.dismissed, at: transaction.clock, by: actor, reason: answer.reason))
        case .uphold:
            notice.pass(to: .upheld, by: actor, answer: answer.reason)
            try takePoints(
                of: notice, .upheld, by: actor, because: Explanation("经复核维持", english: "Upheld on review"),
                reason: answer.reason)
        }
        return .applied
    }

    /// The time for an objection is over, and none came.
    func lapse(_ timer: TimerDue) throws {
        guard var notice = try NoticeRow.find(NoticeID(timer.about), in: transaction.database),
            notice.hasLapsed(at: transaction.clock)
        else { return }
        notice.pass(to: .lapsed, by: nil, answer: nil)
        try takePoints(
            of: notice, .lapsed, by: nil, because: Explanation("申诉期满无人申诉", english: "Nobody objected in time"),
            reason: notice.reason)
    }

    // MARK: Claw-back

    private func takePoints(
        of notice: Notice, _ step: NoticeChanged.Step, by actor: PersonID?, because words: Explanation, reason: String
    ) throws {
        let desk = NoticedAwards(transaction: transaction, ledgerId: notice.ledgerId, personId: notice.personId)
        let account = LedgerAccount.available(of: notice.personId, in: notice.ledgerId)
        let awards = try awards(of: notice)
        try ledger.expire(account)
        for award in awards {
            guard let promised = award.promised else { continue }
            try desk.void(promised, for: notice, by: actor, because: words)
        }
        let clawBack = ClawBack(
            due: awards.due, voided: awards.reduce(0) { $0 + ($1.promised == nil ? 0 : $1.due) },
            awarded: awards.compactMap(\.booked).flatMap { $0.lots(of: account) }, open: try ledger.lots(of: account))
        if let transfer = notice.transfer(clawBack, by: actor, cause: transaction.causeID, because: words) {
            try ledger.book(transfer)
            try keepFromCorrection(awards, by: transfer.event.transferId)
        }
        try end(
            notice,
            with: notice.changed(
                step, at: transaction.clock, by: actor, reason: "\(reason)（\(clawBack.words)）", taken: clawBack.taken))
    }

    /// Points that were taken back are not taken once more by a correction of the award.
    private func keepFromCorrection(_ awards: [NoticedAwards.Award], by clawBack: TransferID) throws {
        for booked in awards.compactMap(\.booked) {
            guard try TransferRow.correction(of: booked.transferId, in: transaction.database) == nil else { continue }
            try TransferRow.insert(correction: clawBack, of: booked.transferId, in: transaction.database)
        }
    }

    private func awards(of notice: Notice) throws -> [NoticedAwards.Award] {
        let desk = NoticedAwards(transaction: transaction, ledgerId: notice.ledgerId, personId: notice.personId)
        var awards: [NoticedAwards.Award] = []
        for award in try notice.transferIds.compactMap({ try desk.award($0) }) {
            if !awards.contains(where: { $0.name == award.name }) { awards.append(award) }
        }
        return awards
    }

    private func end(_ notice: Notice, with change: NoticeChanged) throws {
        try NoticeRow.update(notice, in: transaction.database)
        try transaction.cancelTimer(timerID(of: notice))
        try tell(change)
    }

    private func tell(_ change: NoticeChanged) throws {
        try transaction.emit(change, to: TopicCatalogue.pointsEvents, key: change.ledgerId.rawValue)
    }

    private func timerID(of notice: Notice) -> String { "\(Self.windowTimer)|\(notice.noticeId)" }
}

extension [NoticedAwards.Award] {
    fileprivate var due: Int { reduce(0) { $0 + $1.due } }
}

extension GiveNotice {
    fileprivate var fingerprint: String {
        ContentHash.fingerprint(
            "notice", ledgerId.rawValue, personId.rawValue, transferIds.map(\.rawValue).joined(separator: ","), reason,
            signalId?.rawValue, actor.personId.rawValue)
    }
}
