package import Contracts

/// Weighs what a step of a case means: whether it promises points, divides them anew, makes them spendable or takes them
/// back.
///
/// - Parameters:
///   - known: what is known of the case; nil where nothing is.
///   - pack: in force; without one nothing is promised, while promises still end.
package func weigh(
    _ event: Envelope<CaseEvent>, known: EarningCase?, pack: Pack?, records: some EarningRecords
) throws -> Weighed {
    let reference = event.data.reference
    var desk = EarningDesk(
        weighed: Weighed(case: known ?? EarningCase(reference)),
        reference: reference, cause: event.id, time: event.time, pack: pack, records: records)
    try desk.weigh(event.data)
    return desk.weighed
}

/// Takes back what one of those who earn by a case was promised, because of a notice 告知; nobody else gets it.
///
/// - Parameters:
///   - words: Why, for the person, with how many points it is about.
///   - fill: What else the event says.
package func withdraw(
    _ earner: Earner, of known: EarningCase, cause: MessageID, words: (_ points: Int) -> Explanation,
    _ fill: (inout PointsMoved) -> Void
) -> Weighed {
    var ending = Ending(weighed: Weighed(case: known), cause: cause)
    ending.withdraw(earner, words, fill)
    return ending.weighed
}

/// Makes the promise of a closed case spendable, once its time has come; what was reopened or ended meanwhile stays as it is.
package func release(_ known: EarningCase, at clock: Timestamp, cause: MessageID) -> Weighed {
    var ending = Ending(weighed: Weighed(case: known), cause: cause)
    if let dueAt = known.promise?.dueAt, dueAt <= clock { ending.release() } else { ending.weighed.reason = .waits }
    return ending.weighed
}

extension EarningDesk {
    fileprivate mutating func weigh(_ event: CaseEvent) throws {
        switch event {
        case .opened(let opened):
            take(
                opened.reportId, of: opened.reporterId, sent: opened.made?.submittedAt ?? opened.submittedAt,
                opened.made)
            weighed.reason = .stepDoesNotCount
        case .reportJoined(let joined):
            take(joined.reportId, of: joined.reporterId, sent: joined.made?.submittedAt, joined.made)
            try divideAnew(because: Explanation("有人附议", english: "was supported by somebody"))
        case .reportAmended(let amended) where amended.amendment == .withdrawn:
            weighed.case.parts.removeAll { $0.reportId == amended.reportId }
            try divideAnew(because: Explanation("有上报撤回", english: "lost a report that was withdrawn"))
        case .changed(let change): try weigh(change)
        case .transferred: end(as: .voided, because: Explanation("转交其他社区", english: "was passed to another community"))
        case .reportAmended, .reclassified: weighed.reason = .stepDoesNotCount
        }
    }

    private mutating func weigh(_ change: CaseChanged) throws {
        switch change.step {
        case .filed: try file()
        case .closed: close(at: change.at)
        case .reopened where change.details?.otherCaseId != nil: try makeAgain()
        case .reopened: reopen()
        case .refused: end(as: .voided, because: Explanation("不予立案", english: "was not filed"))
        case .cancelled: end(as: .voided, because: Explanation("撤销", english: "was cancelled"))
        case .merged: end(as: .merged, because: Explanation("并入另一案件", english: "was merged into another one"))
        case .split:
            let left = Set(change.details?.reportIds ?? [])
            weighed.case.parts.removeAll { left.contains($0.reportId) }
            try divideAnew(because: Explanation("有上报拆出", english: "lost a report that was split off"))
        default: weighed.reason = .stepDoesNotCount
        }
    }

    private mutating func take(_ reportId: ReportID, of reporter: PersonID, sent: Timestamp?, _ made: ReportMade?) {
        weighed.case.take(
            EarningCase.Part(
                reportId: reportId, reporterId: reporter, submittedAt: sent, isFast: made?.has(.movingFast) ?? false))
    }

    private mutating func file() throws {
        guard weighed.case.promise == nil else { return weighed.reason = .alreadyPromised }
        guard let pack else { return weighed.reason = .noPack }
        guard let first = reference.reporterIds.first else { return weighed.reason = .nobodyReported }
        guard
            let promise = pack.promise(for: reference, filed: time, sent: weighed.case.sent(by: first))
        else { return weighed.reason = .noRuleFits }
        weighed.case.promise = promise
        try promiseEach(because: Explanation("立案", english: "was filed"))
    }

    /// A merge was undone: what it took back is promised again.
    private mutating func makeAgain() throws {
        guard var promise = weighed.case.promise else { return weighed.reason = .nothingPromised }
        guard promise.state == .merged else { return weighed.reason = .alreadyEnded }
        promise.state = .pending
        promise.number += 1
        weighed.case.promise = promise
        try promiseEach(because: Explanation("并案撤销", english: "stands alone again"))
    }

    /// What the case promised becomes spendable once it can be reopened no more.
    private mutating func close(at closedAt: Timestamp) {
        guard var promise = weighed.case.promise else { return weighed.reason = .nothingPromised }
        guard promise.state == .pending else { return weighed.reason = .alreadyEnded }
        let days = pack?.points?.releaseDays ?? pack?.loop?.reopenDays ?? usualReopenDays
        promise.closedAt = closedAt
        promise.dueAt = closedAt.adding(milliseconds: Int64(days) * 86_400_000)
        weighed.case.promise = promise
        guard days > 0 else { return end { $0.release() } }
        weighed.timer = .set(promise.dueAt ?? closedAt)
        weighed.reason = .waits
    }

    private mutating func reopen() {
        guard weighed.case.promise?.state == .pending else {
            return weighed.reason = weighed.case.promise == nil ? .nothingPromised : .alreadyEnded
        }
        weighed.case.promise?.closedAt = nil
        weighed.case.promise?.dueAt = nil
        weighed.timer = .cancelled
        weighed.reason = .stepDoesNotCount
    }

    private mutating func end(as state: Promise.State, because reason: Explanation) {
        end { $0.takeBack(as: state, because: reason) }
    }

    private mutating func end(_ body: (inout Ending) -> Void) {
        var ending = Ending(weighed: weighed, cause: cause)
        body(&ending)
        weighed = ending.weighed
    }
}

/// How many natural days after closing a case can be reopened, where the pack says nothing.
package let usualReopenDays = 15
