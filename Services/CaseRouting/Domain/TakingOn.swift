import Contracts

extension Case {
    /// 签收: the unit takes it on, so that it is no other's any more.
    func accept(_ act: ActOnCase, _ assignment: Assignment, _ course: Course) throws -> CaseAnswer {
        var course = course
        var taken = course.current
        var assignment = assignment
        assignment.acceptedAt = course.now
        try taken.endKeeping(at: course.now)
        taken.stage = .dispatched(assignment)
        taken.involve(act.actor.personId)
        course.take(.accepted, by: act.actor.personId, reason: act.givenReason) { [taken] in $0 = taken }
        return .decided(course.decision)
    }

    /// Gives the work to an outside party by link; a new link takes the place of the one before.
    ///
    /// The unit still answers for the case, and its clock runs on.
    func handOver(_ act: ActOnCase, _ assignment: Assignment, _ course: Course) -> CaseAnswer {
        guard let name = act.details?.party, !name.isEmpty, let hash = act.details?.linkHash, hash.isSHA256 else {
            return .refused(
                .detailsNeeded(
                    for: act.action, chinese: "请写明外部单位和链接。", english: "Name the party, and give its link."))
        }
        if let until = act.details?.until, until <= course.now {
            return .refused(.momentIsOver(for: act.action))
        }
        let party = OutsideParty(name: name, linkHash: hash, until: act.details?.until)
        var course = course
        var assignment = assignment
        assignment.party = party
        let details = StepDetails {
            $0.party = party.name
            $0.until = party.until
        }
        course.take(.handedOver, by: act.actor.personId, reason: act.givenReason, details: details) { changed in
            changed.stage = .dispatched(assignment)
        }
        return .decided(course.decision)
    }
}

extension OutsideParty {
    /// Why the party may not say what it says; nil where it may, and for everybody else.
    func refusal(of act: ActOnCase, at now: Timestamp) -> CaseRefusal? {
        guard act.actor.personId == personId, let until, until < now else { return nil }
        return CaseRefusal(
            .notAllowed, chinese: "链接已于 \(until) 失效，请向派遣单位索取新链接。",
            english: "The link was good until \(until): ask for a new one.")
    }
}

extension String {
    /// Whether it is a SHA-256 in small hex digits.
    fileprivate var isSHA256: Bool {
        utf8.count == 64
            && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (97...102).contains($0) }
    }
}

extension CaseRefusal {
    static func momentIsOver(for action: CaseAction) -> CaseRefusal {
        .detailsNeeded(for: action, chinese: "请写明将来的时间。", english: "Say until when, a moment to come.")
    }
}
