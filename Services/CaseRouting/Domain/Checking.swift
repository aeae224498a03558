import Contracts

extension Case {
    /// How long after closing a case can be opened once more where the pack does not say: 15 days.
    package static let reopenWindow: Int64 = 15 * 86_400_000

    /// 核查: if it is done the case is closed; if not, the same owner has it again, with a new clock.
    func verify(
        _ act: ActOnCase, _ handling: Handling, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        guard let agrees = act.agrees else {
            return .refused(
                CaseRefusal(
                    .verdictNeeded, chinese: "请写明核查是否属实。", english: "Say whether the work was found done.",
                    allowed: [.verify]))
        }
        let actorId = act.actor.personId
        let details = act.details?.photosOnly
        var course = course
        if agrees {
            course.take(.verified, by: actorId, reason: act.givenReason, agrees: true, details: details) { _ in }
            let closing = Closing(handling: handling, verifiedBy: actorId, closedAt: course.now)
            course.take(.closed, by: actorId) { $0.stage = .closed(closing) }
            return .decided(course.decision)
        }
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        switch try assignment(of: handling.assignment.owner, in: circumstances) {
        case .refused(let refusal):
            return .refused(refusal)
        case .made(let assignment):
            course.take(.verified, by: actorId, reason: reason, agrees: false, details: details) { $0.reworks += 1 }
            course.enter(assignment, by: actorId, table: circumstances.table)
            return .decided(course.decision)
        }
    }

    /// Opens a closed case once more: with its owner where the pack still knows them, else for the dispatcher.
    func reopen(
        _ act: ActOnCase, _ closing: Closing, _ course: Course, _ circumstances: Circumstances
    ) throws
        -> CaseAnswer
    {
        guard circumstances.isInReopenWindow(of: closing) else {
            let days = circumstances.reopenWindow / 86_400_000
            return .refused(
                CaseRefusal(
                    .reopenWindowOver, chinese: "案件已结案超过 \(days) 天，不能重新打开；请重新上报。",
                    english:
                        "The case was closed more than \(days) days ago, on \(closing.closedAt): please report it anew."
                ))
        }
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        return try goRoundAgain(act, because: reason, closing, course, circumstances)
    }

    /// The case that was closed is opened once more, by a reporter's own wish or by how they find it.
    func goRoundAgain(
        _ act: ActOnCase, because reason: String, _ closing: Closing, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let last = closing.handling.assignment.owner
        var course = course
        course.take(.reopened, by: act.actor.personId, reason: reason) { changed in
            changed.stage = .filed(proposed: last)
            changed.reopens += 1
        }
        guard let table = circumstances.table, table.knows(last.unitId) else { return .decided(course.decision) }
        let stays = last.handlerId.map { table.isWorker($0, of: last.unitId) } ?? false
        let owner = stays ? last : try circumstances.owner(last.unitId, in: communityId)
        switch try assignment(of: owner, in: circumstances) {
        case .refused(let refusal):
            return .refused(refusal)
        case .made(let assignment):
            course.enter(assignment, by: act.actor.personId, table: table)
            return .decided(course.decision)
        }
    }
}

extension Circumstances {
    package var reopenWindow: Int64 { table?.reopenWindow ?? Case.reopenWindow }

    func isInReopenWindow(of closing: Closing) -> Bool {
        now <= closing.closedAt.adding(milliseconds: reopenWindow)
    }
}
