package import Contracts

/// Weighs whether a step of a case promises points, makes them spendable, or takes the promise back.
///
/// - Parameters:
///   - promise: what the case promised before; nil for nothing.
///   - pack: in force; without one nothing is promised, while promises still end.
///   - promised: the points promised so far on a person's day. Voided promises count, so that refused reports do not
///     make room for more.
package func weigh(
    _ event: Envelope<CaseEvent>, promise: Promise?, pack: Pack?, promised: (PersonDay) throws -> Int
) rethrows -> PointsDecision {
    switch event.data {
    case .changed(let change) where change.step == .filed:
        guard promise == nil else { return .nothing(.alreadyPromised) }
        return try promisePoints(for: change.case, filed: event.attributes, pack: pack, promised: promised)
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
    for reference: CaseReference, filed event: MessageAttributes, pack: Pack?, promised: (PersonDay) throws -> Int
) rethrows -> PointsDecision {
    guard let pack else { return .nothing(.noPack) }
    guard let person = reference.reporterIds.first else { return .nothing(.nobodyReported) }
    // Nor is the next reporter: points are for who was first.
    guard person.canHoldPoints else { return .nothing(.reporterIsAnonymous) }
    guard let rule = pack.pointRules.first(where: { $0.fits(reference) }), rule.points > 0 else {
        return .nothing(.noRuleFits)
    }
    let day = PersonDay(
        ledgerId: reference.ledgerId, personId: person,
        day: event.time.compactDay(utcOffsetMinutes: pack.calendar.utcOffsetMinutes))
    let allowance = Allowance(earned: rule.points, cap: pack.points?.caps?.personDay, used: try promised(day))
    let step: PointsMoved.Step = allowance.granted > 0 ? .pended : .capped
    let points = allowance.granted > 0 ? allowance.granted : rule.points
    let id = TransferID.promise(of: reference.caseId)
    return .moved(
        Transfer(
            PointsMoved(
                step: step, transferId: id, ledgerId: reference.ledgerId, points: points, causeEventId: event.id,
                explanation: "规则「\(rule.name)」：案件 \(reference.caseNumber)（\(pack.words(for: reference.category))）"
                    + "立案，\(allowance.words)。"
            ) {
                $0.personId = person
                $0.caseId = reference.caseId
                $0.caseNumber = reference.caseNumber
                $0.ruleId = rule.id
            },
            step == .capped
                ? []
                : [
                    Movement(.issued(of: reference.ledgerId), -points),
                    Movement(.pending(of: person, in: reference.ledgerId), points),
                ]),
        Promise(
            caseId: reference.caseId, ledgerId: day.ledgerId, personId: person, day: day.day, points: points,
            ruleId: rule.id, transferId: id, state: step == .capped ? .capped : .pending))
}

/// Ends a pending promise; one that has ended, or was never made, stays as it is.
private func endPromise(
    _ promise: Promise?, as state: Promise.State, of reference: CaseReference, because reason: String,
    cause: MessageID
) -> PointsDecision {
    guard let promise else { return .nothing(.nothingPromised) }
    guard promise.state == .pending else { return .nothing(.alreadyEnded) }
    let isReleased = state == .released
    let outcome = isReleased ? "转为可用" : "收回"
    let target: Movement =
        isReleased
        ? Movement(
            .available(of: promise.personId, in: promise.ledgerId), promise.points, lots: .opens(expiresAt: nil))
        : Movement(.issued(of: promise.ledgerId), promise.points)
    return .moved(
        Transfer(
            PointsMoved(
                step: isReleased ? .released : .voided, transferId: .end(of: promise.caseId),
                ledgerId: promise.ledgerId, points: promise.points, causeEventId: cause,
                explanation: "案件 \(reference.caseNumber) \(reason)，待发的 \(promise.points) 分\(outcome)。"
            ) {
                $0.personId = promise.personId
                $0.caseId = promise.caseId
                $0.caseNumber = reference.caseNumber
                $0.ruleId = promise.ruleId
                $0.pendingTransferId = promise.transferId
            },
            [Movement(.pending(of: promise.personId, in: promise.ledgerId), -promise.points), target]),
        promise.ended(as: state))
}

/// What a case event means for the ledger.
package enum PointsDecision: Sendable, Equatable {
    /// Why nothing moves.
    package enum Reason: String, Sendable, Equatable {
        /// The step neither promises nor ends a promise.
        case stepDoesNotCount
        case noPack
        case noRuleFits
        case nobodyReported
        /// The first reporter's name leads to nobody: points would lie there for ever.
        case reporterIsAnonymous
        /// The case has had its promise, made or capped.
        case alreadyPromised
        case nothingPromised
        /// The promise was released, voided or capped before.
        case alreadyEnded
    }

    case nothing(Reason)
    case moved(Transfer, Promise)
}

extension TransferID {
    /// The transfer that promises points for a case, or holds them back: a case has one, however often it is filed.
    package static func promise(of caseId: CaseID) -> TransferID { derived(from: caseId.rawValue, "promise") }

    /// The transfer that ends a case's promise, one way or the other: so it ends once.
    package static func end(of caseId: CaseID) -> TransferID { derived(from: caseId.rawValue, "end") }
}
