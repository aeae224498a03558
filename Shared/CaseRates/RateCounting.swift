package import Contracts

/// What events of a case change in the counts; each rule is told in docs/routing-rates.md, in the same order.
package struct RateCounting {
    package private(set) var tally: RateTally
    package private(set) var changes: [RateChange] = []
    private let now: Timestamp
    private let day: String

    /// How long a unit has to answer, day and night: 24 hours.
    package static let responseTime: Int64 = 86_400_000

    package init(_ tally: RateTally, at now: Timestamp, on day: String) {
        self.tally = tally
        self.now = now
        self.day = day
    }

    package mutating func count(_ event: CaseEvent) {
        switch event {
        case .transferred: leaveSample()
        case .changed(let change): count(change)
        case .reclassified(let change): correct(change)
        case .opened, .reportJoined, .reportAmended: return
        }
    }

    private mutating func count(_ change: CaseChanged) {
        switch change.step {
        case .dispatched: takeOn(change.case.ownerUnitId)
        case .accepted, .madeSafe, .handled, .extensionAsked: answer()
        case .returned: giveBack()
        case .overdue: runLate(change.case)
        case .verified: check(change)
        case .closed: change.details?.otherCaseId == nil ? close(change.case) : closeAsBefore()
        case .reopened: change.details?.otherCaseId == nil ? reopen() : undoMerge()
        case .rated: rate(change)
        case .refused: refuse(change.case)
        case .cancelled: leaveSample()
        case .merged: merge()
        case .keptOverdue: keepLate(change)
        case .whistled: whistle(change)
        case .checkedIn: checkIn(change)
        case .whistleEnded: tally.whistle = nil
        case .filed, .checked, .parked, .resumed, .extensionDecided, .informationAsked, .informationGiven, .handedOver,
            .referred, .filingOverdue, .dispatchOverdue, .verificationOverdue, .nearDue, .escalated, .coOwnerAdded,
            .coOwnerHandled, .coOwnerOverdue, .split, .mergeProposed, .keptApart, .adopted:
            return
        }
    }

    private mutating func add(_ count: RateCount, to unit: UnitID?, on day: String, by number: Int = 1) {
        guard number != 0 else { return }
        changes.append(RateChange(unitId: unit, day: day, count: count, by: number))
    }
}

// MARK: - In a unit's hands

extension RateCounting {
    /// Another handler of the unit, or work to be done again, goes on with what the unit has.
    private mutating func takeOn(_ unit: UnitID?) {
        if let duty = tally.duty, duty.unitId == unit { return }
        passOn()
        tally.duty = RateTally.Duty(unitId: unit, since: now, day: day)
        add(.assigned, to: unit, on: day)
    }

    private mutating func answer() {
        guard var duty = tally.duty, !duty.isAnswered else { return }
        duty.isAnswered = true
        tally.duty = duty
        if isInTime(duty) { add(.responded, to: duty.unitId, on: duty.day) }
    }

    private func isInTime(_ duty: RateTally.Duty) -> Bool {
        now <= duty.since.adding(milliseconds: Self.responseTime)
    }

    private mutating func giveBack() {
        answer()
        if let duty = tally.duty { add(.returned, to: duty.unitId, on: duty.day) }
        passOn()
    }

    private mutating func runLate(_ case: CaseReference) {
        if tally.duty == nil { takeOn(`case`.ownerUnitId) }
        guard var duty = tally.duty, !duty.isOverdue else { return }
        duty.isOverdue = true
        tally.duty = duty
        // Open and overdue until it ends.
        add(.openOverdue, to: duty.unitId, on: day)
    }

    /// It leaves the unit by the unit's or the dispatcher's doing: what was overdue stays with the unit.
    private mutating func passOn() {
        if let duty = tally.duty, duty.isOverdue { add(.leftOverdue, to: duty.unitId, on: day) }
        leaveSample()
    }

    /// It leaves the unit as if it had never been there, but for an answer that was given or is late.
    private mutating func leaveSample() {
        guard let duty = tally.duty else { return }
        if duty.isOverdue { add(.openOverdue, to: duty.unitId, on: day, by: -1) }
        if !duty.isAnswered, isInTime(duty) { add(.assigned, to: duty.unitId, on: duty.day, by: -1) }
        tally.duty = nil
    }

    private mutating func merge() {
        tally.merged = tally.duty.map { RateTally.Merged(duty: $0, tookBack: !$0.isAnswered && isInTime($0)) }
        leaveSample()
    }

    /// The case stands again where it stood, and so do the counts.
    private mutating func undoMerge() {
        guard let merged = tally.merged else { return }
        tally.merged = nil
        tally.duty = merged.duty
        if merged.tookBack { add(.assigned, to: merged.duty.unitId, on: merged.duty.day) }
        if merged.duty.isOverdue { add(.openOverdue, to: merged.duty.unitId, on: day) }
    }

    /// By the limit of the right category it was never late.
    private mutating func correct(_ change: CaseReclassified) {
        guard change.isOverdue == false, var duty = tally.duty, duty.isOverdue, !duty.isSettled else { return }
        duty.isOverdue = false
        tally.duty = duty
        add(.openOverdue, to: duty.unitId, on: day, by: -1)
    }

    /// A unit that gave the case back kept it too long.
    private mutating func keepLate(_ change: CaseChanged) {
        for unit in change.details?.unitIds ?? [] { add(.leftOverdue, to: unit, on: day) }
    }

    private mutating func check(_ change: CaseChanged) {
        guard let agrees = change.agrees else { return }
        let unit = tally.duty.map(\.unitId) ?? change.case.ownerUnitId
        add(.checked, to: unit, on: day)
        guard !agrees else { return }
        add(.reworked, to: unit, on: day)
        if let isOverdue = tally.duty?.isOverdue { tally.duty?.isSettled = isOverdue }
    }

    private mutating func refuse(_ case: CaseReference) {
        add(.refused, to: tally.duty.map(\.unitId) ?? `case`.ownerUnitId, on: day)
        passOn()
    }
}

// MARK: - Closed

extension RateCounting {
    private mutating func close(_ case: CaseReference) {
        answer()
        let unit = tally.duty.map(\.unitId) ?? `case`.ownerUnitId
        let isOnTime = tally.duty?.isOverdue != true
        if !isOnTime { add(.openOverdue, to: unit, on: day, by: -1) }
        tally.duty = nil
        tally.closing = RateTally.Closing(unitId: unit, day: day, isOnTime: isOnTime)
        add(.closed, to: unit, on: day)
        if isOnTime { add(.onTime, to: unit, on: day) }
        // Nobody can ask who has no name.
        add(.asked, to: unit, on: day, by: `case`.reporterIds.filter { !$0.isAnonymous }.count)
    }

    /// A merge that had opened it was undone: it is closed as it was.
    private mutating func closeAsBefore() {
        leaveSample()
        guard var closing = tally.closing, closing.isReopened else { return }
        closing.isReopened = false
        tally.closing = closing
        add(.reopened, to: closing.unitId, on: closing.day, by: -1)
        if closing.isOnTime { add(.onTime, to: closing.unitId, on: closing.day) }
    }

    private mutating func reopen() {
        guard var closing = tally.closing, !closing.isReopened else { return }
        closing.isReopened = true
        tally.closing = closing
        add(.reopened, to: closing.unitId, on: closing.day)
        if closing.isOnTime { add(.onTime, to: closing.unitId, on: closing.day, by: -1) }
    }

    /// Only reporters' own words count, and of each the last.
    private mutating func rate(_ change: CaseChanged) {
        guard let closing = tally.closing, let person = change.actorId, change.case.reporterIds.contains(person) else {
            return
        }
        let answer = RateTally.Answer(
            reporterId: person, satisfied: change.details?.satisfied, solved: change.details?.solved)
        if let old = closing.answers.first(where: { $0.reporterId == person }) { tell(old, of: closing, by: -1) }
        tell(answer, of: closing, by: 1)
        tally.closing?.answers.removeAll { $0.reporterId == person }
        tally.closing?.answers.append(answer)
    }

    private mutating func tell(_ answer: RateTally.Answer, of closing: RateTally.Closing, by number: Int) {
        if let solved = answer.solved {
            add(.solvedAnswers, to: closing.unitId, on: closing.day, by: number)
            if solved { add(.solved, to: closing.unitId, on: closing.day, by: number) }
        }
        if let satisfied = answer.satisfied {
            add(.satisfiedAnswers, to: closing.unitId, on: closing.day, by: number)
            if satisfied { add(.satisfied, to: closing.unitId, on: closing.day, by: number) }
        }
    }
}

// MARK: - 吹哨

extension RateCounting {
    private mutating func whistle(_ change: CaseChanged) {
        let called = change.details?.unitIds ?? []
        tally.whistle = RateTally.Whistle(day: day, awaited: called)
        add(.whistled, to: tally.duty.map(\.unitId) ?? change.case.ownerUnitId, on: day)
        for unit in called { add(.called, to: unit, on: day) }
    }

    private mutating func checkIn(_ change: CaseChanged) {
        guard var whistle = tally.whistle else { return }
        for unit in change.details?.unitIds ?? [] {
            guard let index = whistle.awaited.firstIndex(of: unit) else { continue }
            whistle.awaited.remove(at: index)
            add(.came, to: unit, on: whistle.day)
        }
        tally.whistle = whistle
    }
}
