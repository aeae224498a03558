package import Contracts

/// Weighs whether a step of a case promises points, makes them spendable, or takes the promise back.
///
/// - Parameters:
///   - promise: what the case promised before; nil for nothing.
///   - pack: in force; without one nothing is promised, while promises still end.
///   - logic: the one in force; since the second, an anonymous reporter is promised nothing.
///   - promised: the points promised so far on a person's day. Voided promises count, so that refused reports do not
///     make room for more.
package func weigh(
    _ event: Envelope<CaseEvent>, promise: Promise?, pack: Pack?, logic: Int, promised: (PersonDay) throws -> Int
) rethrows -> PointsDecision {
    switch event.data {
    case .changed(let change) where change.step == .filed:
        guard promise == nil else { return .nothing(.alreadyPromised) }
        return try promisePoints(
            for: change.case, filed: event.attributes, pack: pack, logic: logic, promised: promised)
    case .changed(let change) where change.step == .closed:
        return endPromise(promise, as: .released, of: change.case, because: "核查通过并结案", cause: event.id)
    case .changed(let change) where change.step == .refused:
        return endPromise(promise, as: .voided, of: change.case, because: "不予立案", cause: event.id)
    case .changed(let change) where change.step == .cancelled:
        return endPromise(promise, as: .voided, of: change.case, because: "撤销", cause: event.id)
    case .changed(let change) where change.step == .merged:
        return endPromise(promise, as: .voided, of: change.case, because: "并入另一案件", cause: event.id)
    case .transferred(let transfer):
        return endPromise(promise, as: .voided, of: transfer.case, because: "转交其他社区", cause: event.id)
    case .opened, .reportJoined, .reportAmended, .reclassified, .changed:
        return .nothing(.stepDoesNotCount)
    }
}

/// Promises the first reporter what the first rule that fits says, as far as the day's cap leaves room.
private func promisePoints(
    for reference: CaseReference, filed event: MessageAttributes, pack: Pack?, logic: Int,
    promised: (PersonDay) throws -> Int
) rethrows -> PointsDecision {
    guard let pack else { return .nothing(.noPack) }
    guard let person = reference.reporterIds.first else { return .nothing(.nobodyReported) }
    // Nor is the next reporter: points are for who was first.
    guard logic < 2 || !person.isAnonymous else { return .nothing(.reporterIsAnonymous) }
    guard let rule = pack.pointRules.first(where: { $0.fits(reference) }), rule.points > 0 else {
        return .nothing(.noRuleFits)
    }
    let day = PersonDay(
        ledgerId: reference.ledgerId, personId: person,
        day: event.time.compactDay(utcOffsetMinutes: pack.calendar.utcOffsetMinutes))
    let allowance = Allowance(earned: rule.points, cap: pack.dailyPointCap, used: try promised(day))
    let step: PointsMoved.Step = allowance.granted > 0 ? .pended : .capped
    let points = allowance.granted > 0 ? allowance.granted : rule.points
    let movements =
        step == .capped
        ? []
        : [
            Movement(account: .funder(of: reference.ledgerId), amount: -points),
            Movement(account: .pending(of: person, in: reference.ledgerId), amount: points),
        ]
    let id = TransferID.promise(of: reference.caseId)
    return .moved(
        Transfer(
            event: PointsMoved(
                step: step, transferId: id, ledgerId: reference.ledgerId, postings: movements.map(\.posting),
                personId: person, points: points, caseId: reference.caseId, caseNumber: reference.caseNumber,
                causeEventId: event.id, ruleId: rule.id,
                explanation: "规则「\(rule.name)」：案件 \(reference.caseNumber)（\(pack.words(for: reference.category))）"
                    + "立案，\(allowance.words)。"),
            movements: movements,
            promise: Promise(
                caseId: reference.caseId, ledgerId: day.ledgerId, personId: person, day: day.day, points: points,
                ruleId: rule.id, transferId: id, state: step == .capped ? .capped : .pending)))
}

/// Ends a pending promise; one that has ended, or was never made, stays as it is.
private func endPromise(
    _ promise: Promise?, as state: Promise.State, of reference: CaseReference, because reason: String,
    cause: MessageID
) -> PointsDecision {
    guard let promise else { return .nothing(.nothingPromised) }
    guard promise.state == .pending else { return .nothing(.alreadyEnded) }
    let isReleased = state == .released
    let target: LedgerAccount =
        isReleased ? .available(of: promise.personId, in: promise.ledgerId) : .funder(of: promise.ledgerId)
    let movements = [
        Movement(account: .pending(of: promise.personId, in: promise.ledgerId), amount: -promise.points),
        Movement(account: target, amount: promise.points),
    ]
    let outcome = isReleased ? "转为可用" : "收回"
    return .moved(
        Transfer(
            event: PointsMoved(
                step: isReleased ? .released : .voided, transferId: .end(of: promise.caseId),
                ledgerId: promise.ledgerId, postings: movements.map(\.posting), personId: promise.personId,
                points: promise.points, caseId: promise.caseId, caseNumber: reference.caseNumber, causeEventId: cause,
                ruleId: promise.ruleId,
                explanation: "案件 \(reference.caseNumber) \(reason)，待发的 \(promise.points) 分\(outcome)。",
                pendingTransferId: promise.transferId),
            movements: movements, promise: promise.ended(as: state)))
}
