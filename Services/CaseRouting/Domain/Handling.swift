import Contracts

extension Case {
    /// 退回: the unit says that it is not theirs; the dispatcher decides anew, with the unit still proposed.
    func giveBack(_ act: ActOnCase, _ assignment: Assignment, _ course: Course) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        course.take(.returned, by: act.actor.personId, reason: reason) { changed in
            changed.stage = .filed(proposed: assignment.owner)
            changed.returns += 1
        }
        return .decided(course.decision)
    }

    /// 处置反馈.
    func handle(_ act: ActOnCase, _ assignment: Assignment, _ course: Course) -> CaseAnswer {
        var course = course
        let handling = Handling(assignment: assignment, handledBy: act.actor.personId, handledAt: course.now)
        course.take(.handled, by: act.actor.personId, reason: act.givenReason) { $0.stage = .handled(handling) }
        return .decided(course.decision)
    }
}
