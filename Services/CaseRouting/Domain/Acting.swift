package import Contracts

/// Answers a person's action on a case; `case` is nil where the store has none of that id.
package func answer(_ act: ActOnCase, about case: Case?, in circumstances: Circumstances) throws -> CaseAnswer {
    if let notAfter = act.notAfter, notAfter < circumstances.now {
        return .refused(
            CaseRefusal(
                .tooLate, chinese: "请求于 \(notAfter) 失效，现在是 \(circumstances.now)，请再试一次。",
                english: "The request was good until \(notAfter), it is \(circumstances.now) now: please ask again."))
    }
    guard let found = `case`, found.communityId == act.communityId else { return .refused(.notFound(act.caseId)) }
    guard found.possibleActions.contains(act.action) else {
        return .refused(found.wrongStage(for: act.action))
    }
    if let refusal = found.missingRight(act, table: circumstances.table) { return .refused(refusal) }
    return try found.take(act, in: circumstances).watching(at: circumstances.now, by: circumstances.table)
}

extension Case.Stage {
    /// What decides which actions a case takes that stands here.
    package var situation: CaseSituation {
        var situation = CaseSituation(stage: name)
        guard case .dispatched(let assignment) = self else { return situation }
        situation.isAccepted = assignment.acceptedAt != nil
        situation.canBeMadeSafe = assignment.canBeMadeSafe
        situation.isTimed = assignment.time != nil
        situation.asksForTime = assignment.extensionAsked != nil
        return situation
    }

    /// What people can do with a case that stands here, whoever they are, without what ties it to others.
    package var possibleActions: [CaseAction] { situation.stageActions }
}

extension Case {
    /// What people can do with the case as it stands, whoever they are.
    package var possibleActions: [CaseAction] { stage.situation.possibleActions }

    /// Takes the action; who may was asked before.
    fileprivate func take(_ act: ActOnCase, in circumstances: Circumstances) throws -> CaseAnswer {
        var course = Course(self, at: circumstances.now)
        // A deadline that passed before its timer was read is told first, so that no late work looks punctual.
        course.noticeWatch()
        course.noticeDeadline()
        course.noticeKeeper()
        if let refusal = try openPartsRefusal(for: act, circumstances) { return .refused(refusal) }
        course.climb(by: circumstances.table)
        course.noticeCoOwners()
        course.noticeWhistle()
        switch (act.action, course.current.stage) {
        case (.file, .opened(let proposed)): return file(act, proposed, course)
        case (.refuse, .opened), (.refuse, .filed), (.refuse, .dispatched): return refuse(act, course)
        case (.dispatch, .filed(let proposed)): return try dispatch(act, from: proposed, course, circumstances)
        case (.dispatch, .dispatched(let assignment)):
            return try reassign(act, from: assignment, course, circumstances)
        case (.return, .dispatched(let assignment)): return try giveBack(act, assignment, course, circumstances)
        case (.whistle, .dispatched): return blowWhistle(act, course, circumstances.table)
        case (.checkIn, .dispatched): return checkIn(act, course)
        case (.addCoOwner, .dispatched(let assignment)):
            return addCoOwner(act, beside: assignment, course, circumstances.table)
        case (.coHandle, .dispatched): return coHandle(act, course)
        case (.handle, .dispatched) where !openParts.isEmpty:
            return .refused(.partsAreOpen(openParts.map(\.unitId)))
        case (.handle, .dispatched(let assignment)): return try handle(act, assignment, course, circumstances.table)
        case (.verify, .handled(let handling)): return try verify(act, handling, course, circumstances)
        case (.reopen, .closed(let closing)): return try reopen(act, closing, course, circumstances)
        case (.transfer, _): return transfer(act, course, circumstances)
        case (.reclassify, _): return try reclassify(act, course, circumstances)
        case (.merge, _), (.split, _), (.keepApart, _), (.adopt, _): return try takeTies(act, course, circumstances)
        case (.check, _): return check(act, course)
        case (.cancel, _): return cancel(act, course)
        case (.accept, .dispatched(let assignment)): return try accept(act, assignment, course)
        case (.makeSafe, .dispatched(let assignment)): return makeSafe(act, assignment, course, circumstances)
        case (.handOver, .dispatched(let assignment)): return handOver(act, assignment, course)
        case (.askExtension, .dispatched(let assignment)): return askExtension(act, assignment, course)
        case (.decideExtension, .dispatched(let assignment)):
            return try decideExtension(act, assignment, course, circumstances)
        case (.rate, .closed(let closing)): return try rate(act, closing, course, circumstances)
        default: return try takeAside(act, course, circumstances)
        }
    }

    func wrongStage(for action: CaseAction) -> CaseRefusal {
        let possible = possibleActions
        let chinese = possible.isEmpty ? "不能再操作" : "可以：\(possible.map(\.chinese).joined(separator: "、"))"
        let english = possible.isEmpty ? "nothing more" : possible.map(\.rawValue).joined(separator: ", ")
        // What was merged into it can be taken out again as long as it may be opened.
        let isClosed = action == .split && stage.closedAt != nil
        let hint = isClosed ? (chinese: "请先重新打开，再拆案。", english: " To split it, open it once more first.") : ("", "")
        return CaseRefusal(
            .wrongStage, chinese: "案件\(stage.name.chinese)，不能\(action.chinese)；\(chinese)。\(hint.0)",
            english:
                "The case is \(stage.name.rawValue): \(action.rawValue) is not possible now. Possible: \(english).\(hint.1)",
            allowed: possible)
    }
}

extension ActOnCase {
    /// The reason, where one was given that says something.
    var givenReason: String? {
        reason.flatMap { text in text.utf8.contains { $0 > UInt8(ascii: " ") } ? text : nil }
    }
}
