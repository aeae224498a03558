import Contracts

extension Case {
    /// 立案: it is true and worth handling, by a look 核实 or else by the evidence of the report.
    ///
    /// Against what somebody saw on the spot it needs a reason.
    func file(_ act: ActOnCase, _ proposed: Owner?, _ course: Course) -> CaseAnswer {
        if check?.agrees == false, act.givenReason == nil { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        course.take(.filed, by: act.actor.personId, reason: act.givenReason) { $0.stage = .filed(proposed: proposed) }
        return .decided(course.decision)
    }

    /// 核实: somebody looks before filing; whether it is filed, a dispatcher decides.
    func check(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard let agrees = act.agrees else {
            return .refused(
                CaseRefusal(
                    .verdictNeeded, chinese: "请写明是否属实。", english: "Say whether it is as reported.",
                    allowed: [.check]))
        }
        guard agrees || act.givenReason != nil else { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        let check = Check(by: act.actor.personId, at: course.now, agrees: agrees)
        course.take(
            .checked, by: check.by, reason: act.givenReason, agrees: agrees, details: act.details?.photosOnly
        ) { $0.check = check }
        return .decided(course.decision)
    }

    /// 撤销 by a dispatcher, such as of a trial report.
    func cancel(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        course.take(.cancelled, by: act.actor.personId, reason: reason) { changed in
            changed.stage = .cancelled(proposed: changed.stage.owner)
        }
        return .decided(course.decision)
    }

    /// 不予立案.
    func refuse(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        var course = course
        course.take(.refused, by: act.actor.personId, reason: reason) { $0.stage = .refused(proposed: $0.stage.owner) }
        return .decided(course.decision)
    }

    /// Sends the case where it belongs; its reports open or join a case there.
    func transfer(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        guard let target = act.toCommunityId else {
            return .refused(
                CaseRefusal(
                    .targetNeeded, chinese: "请写明移交到哪个社区。", english: "Say which community it goes to.",
                    allowed: [.transfer]))
        }
        guard target != communityId else {
            return .refused(
                CaseRefusal(
                    .sameCommunity, chinese: "案件已在社区 \(target)。", english: "The case is in \(target) already.",
                    allowed: stage.possibleActions))
        }
        var course = course
        course.depart(to: target, by: act.actor.personId, reason: reason)
        return .decided(course.decision)
    }
}
