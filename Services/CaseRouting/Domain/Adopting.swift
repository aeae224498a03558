import Contracts

extension Case {
    /// 归入主案: it becomes a part of another case, or, where none is named, no part of any.
    func adopt(_ act: ActOnCase, _ course: Course, _ circumstances: Circumstances) throws -> CaseAnswer {
        guard act.details?.otherCaseId != nil else { return standAlone(act, course) }
        guard let parent = try otherCase(act, circumstances) else { return .refused(.otherCaseNeeded(for: act.action)) }
        guard parent.isOpen else { return .refused(.otherCaseEnded(parent, for: act.action)) }
        guard parent.id != same?.parentId else { return .refused(.partAlready(of: parent)) }
        // Two levels at most, so that no case is a part of itself by a detour.
        guard parent.same?.parentId == nil else { return .refused(.parentIsPart(parent)) }
        guard try !circumstances.others.hasParts(id) else { return .refused(.hasParts(number)) }
        var course = course
        let details = StepDetails { $0.otherCaseId = parent.id }
        course.take(.adopted, by: act.actor.personId, reason: act.givenReason, details: details) { part in
            part.tie { $0.parentId = parent.id }
        }
        return .decided(course.decision)
    }

    private func standAlone(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard same?.parentId != nil else { return .refused(.partOfNone) }
        var course = course
        course.take(.adopted, by: act.actor.personId, reason: act.givenReason) { part in
            part.tie { $0.parentId = nil }
        }
        return .decided(course.decision)
    }

    /// Why it cannot be done with yet: it ends only with all its parts; nil where none is open.
    func openPartsRefusal(for act: ActOnCase, _ circumstances: Circumstances) throws -> CaseRefusal? {
        switch act.action {
        case .handle, .merge: break
        case .verify where act.agrees == true: break
        default: return nil
        }
        let open = try circumstances.others.openParts(id)
        return open.isEmpty ? nil : .openParts(open, for: act.action)
    }
}
