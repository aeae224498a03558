import Contracts
import WorkingTime

extension Case {
    /// 申请延期: the unit asks for more time; another person decides.
    func askExtension(_ act: ActOnCase, _ assignment: Assignment, _ course: Course) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        let limit: TimeLimit
        do throws(TimeLimitError) {
            limit = try TimeLimit(act.details?.limit ?? "")
        } catch {
            return .refused(
                .detailsNeeded(
                    for: act.action, chinese: "请写明延长多久，如 2d。",
                    english: "Say how much more time is needed, such as 2d: \(error)."))
        }
        let actorId = act.actor.personId
        var course = course
        var assignment = assignment
        assignment.extensionAsked = ExtensionAsked(limit: limit, askedBy: actorId)
        let details = StepDetails { $0.limit = limit.text }
        course.take(.extensionAsked, by: actorId, reason: reason, details: details) { changed in
            changed.stage = .dispatched(assignment)
            changed.involve(actorId)
        }
        return .decided(course.decision)
    }

    /// 延期审批: granted time counts from the deadline before it; a deadline that was missed stays missed.
    func decideExtension(
        _ act: ActOnCase, _ assignment: Assignment, _ course: Course, _ circumstances: Circumstances
    ) throws -> CaseAnswer {
        guard let asked = assignment.extensionAsked else { return .refused(wrongStage(for: act.action)) }
        guard act.actor.personId != asked.askedBy else { return .refused(.ownExtension) }
        guard let agrees = act.agrees else {
            return .refused(
                CaseRefusal(
                    .verdictNeeded, chinese: "请写明是否同意延期。", english: "Say whether more time is granted.",
                    allowed: [.decideExtension]))
        }
        guard agrees || act.givenReason != nil else { return .refused(.reasonNeeded(for: act.action)) }
        var assignment = assignment
        assignment.extensionAsked = nil
        if agrees {
            guard let table = circumstances.table else { return .refused(.noPackForClocks) }
            switch table.reading {
            case .value(let reading): try assignment.time?.extend(by: asked.limit, at: course.now, by: reading)
            case .fault(let fault): return .refused(.packFault(category, fault))
            }
        }
        var course = course
        let details = StepDetails { $0.limit = asked.limit.text }
        course.take(
            .extensionDecided, by: act.actor.personId, reason: act.givenReason, agrees: agrees, details: details
        ) { $0.stage = .dispatched(assignment) }
        // What had missed its deadline has another to miss, and the ladder begins at the bottom again.
        course.climb(by: circumstances.table)
        return .decided(course.decision)
    }
}

extension CaseRefusal {
    fileprivate static var ownExtension: CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "延期须由申请人以外的人审批。",
            english: "More time is granted by somebody else than who asked for it.")
    }

    static var noPackForClocks: CaseRefusal {
        CaseRefusal(.noPack, chinese: "尚无数据包，不能计时。", english: "No pack is in force, so no time can be counted.")
    }
}
