import Contracts

extension Case {
    /// Why the actor may not act so on this case; nil where they may.
    ///
    /// Portal proved who they are and which roles they have; posts in units are the pack's word.
    func missingRight(_ act: ActOnCase, table: RoutingTable?) -> CaseRefusal? {
        let actor = act.actor
        let isAdmin = actor.has(Role.admin)
        switch act.action {
        case .file, .refuse, .dispatch, .transfer, .reclassify, .park, .resume, .decideExtension, .cancel, .handOver,
            .refer, .whistle, .addCoOwner, .merge, .split, .keepApart, .adopt:
            return isAdmin || actor.has(Role.dispatcher) ? nil : .notAllowed(act.action, to: "调度员", "a dispatcher")
        case .check:
            return isAdmin || [Role.dispatcher, Role.verifier, Role.worker].contains { actor.has($0) }
                ? nil : .notAllowed(act.action, to: "工作人员", "staff")
        case .askReporter where actor.has(Role.dispatcher): return nil
        case .handle where actor.has(Role.outsideParty): return isParty(act) ? nil : .notTheirs
        case .checkIn, .coHandle:
            return isAdmin
                || act.details?.unitIds?.first.map { table?.isWorker(actor.personId, of: $0) == true } == true
                ? nil : .notAllowed(act.action, to: "该单位的人员", "a worker of the unit that it names")
        case .return, .handle, .makeSafe, .accept, .askExtension, .askReporter:
            return isAdmin || isOwners(actor, table)
                ? nil : .notAllowed(act.action, to: "责任单位的处置人员", "the handler or a worker of the unit that owns it")
        case .verify:
            guard isAdmin || actor.has(Role.verifier) else {
                return .notAllowed(act.action, to: "核查员", "a verifier")
            }
            return isInvolved(actor.personId) ? .involved : nil
        case .rate:
            return reporterIds.contains(actor.personId)
                ? nil : .notAllowed(act.action, to: "上报人", "its reporters")
        case .reopen, .reply:
            return isAdmin || actor.has(Role.dispatcher) || reporterIds.contains(actor.personId)
                ? nil : .notAllowed(act.action, to: "上报人或调度员", "its reporters or a dispatcher")
        }
    }

    private func isOwners(_ actor: Actor, _ table: RoutingTable?) -> Bool {
        guard let owner = stage.owner else { return false }
        return owner.handlerId == actor.personId || table?.isWorker(actor.personId, of: owner.unitId) == true
    }

    /// Whether the case was given to them by the link that they showed.
    private func isParty(_ act: ActOnCase) -> Bool {
        guard let party = stage.assignment?.party else { return false }
        return party.personId == act.actor.personId && party.linkHash == act.details?.linkHash
    }

    /// Whether the person reported the problem, was to handle it or had a hand in it: nobody checks their own work.
    private func isInvolved(_ person: PersonID) -> Bool {
        guard case .handled(let handling) = stage else { return false }
        return handling.handledBy == person || handling.assignment.owner.handlerId == person
            || reporterIds.contains(person) || involved?.contains(person) == true
    }
}

extension CaseRefusal {
    fileprivate static func notAllowed(_ action: CaseAction, to chinese: String, _ english: String) -> CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "\(action.chinese)须由\(chinese)操作。",
            english: "To \(action.rawValue) this case is for \(english).")
    }

    fileprivate static var notTheirs: CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "该链接已不能用于此案件，请向派遣单位索取新链接。",
            english: "The case is not with you by this link any more: ask for a new one.")
    }

    fileprivate static var involved: CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "核查须由未上报、未处置该案件的人进行。",
            english: "A case is verified by somebody who neither reported nor handled it.")
    }
}
