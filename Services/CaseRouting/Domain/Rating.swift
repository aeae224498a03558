import Contracts

extension Case {
    /// 回访: a reporter says how they find it, once for each closing.
    ///
    /// Who finds it not solved, says why, and is within the window to open it once more, does so by that word.
    func rate(
        _ act: ActOnCase, _ closing: Closing, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        let reporterId = act.actor.personId
        let (satisfied, solved) = (act.details?.satisfied, act.details?.solved)
        guard satisfied != nil || solved != nil else {
            return .refused(
                .detailsNeeded(
                    for: act.action, chinese: "请写明是否满意、是否解决。",
                    english: "Say whether you are satisfied, or whether it is solved."))
        }
        guard closing.ratedBy?.contains(reporterId) != true else { return .refused(.ratedBefore) }
        if solved == false, act.givenReason == nil { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        var rated = closing
        rated.ratedBy = (closing.ratedBy ?? []) + [reporterId]
        let details = StepDetails {
            $0.satisfied = satisfied
            $0.solved = solved
        }
        let rating = CaseCourse.Rating(reporterId: reporterId, at: course.now, satisfied: satisfied, solved: solved)
        course.take(.rated, by: reporterId, reason: act.givenReason, details: details) { [rated] changed in
            changed.stage = .closed(rated)
            changed.ratings = (changed.ratings ?? []) + [rating]
        }
        guard solved == false, let reason = act.givenReason, circumstances.isInReopenWindow(of: closing) else {
            return .decided(course.decision)
        }
        return try goRoundAgain(act, because: reason, closing, course, circumstances)
    }
}

extension CaseRefusal {
    fileprivate static var ratedBefore: CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "您已评价过这次结案；如仍有问题，可以重新打开。",
            english: "You have rated this closing already. If the problem is still there, open the case once more.",
            allowed: [.reopen])
    }
}
