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
        case .checkIn, .coHandle:
            return isAdmin
                || act.details?.unitIds?.first.map { table?.isWorker(actor.personId, of: $0) == true } == true
                ? nil : .notAllowed(act.action, to: "该单位的人员", "a worker of the unit that it names")
        case .return, .handle, .accept, .askExtension, .askReporter:
            return isAdmin || isOwners(actor, table)
                ? nil : .notAllowed(act.action, to: "责任单位的处置人员", "the handler or a worker of the unit that owns it")
        case .verify:
            guard isAdmin || actor.has(Role.verifier) else {
                return .notAllowed(act.action, to: "核查员", "a verifier")
            }
            return isInvolved(actor.personId) ? .involved : nil
        case .reopen, .reply, .rate:
            return isAdmin || actor.has(Role.dispatcher) || reporterIds.contains(actor.personId)
                ? nil : .notAllowed(act.action, to: "上报人或调度员", "its reporters or a dispatcher")
        }
    }

    private func isOwners(_ actor: Actor, _ table: RoutingTable?) -> Bool {
        guard let owner = stage.owner else { return false }
        return owner.handlerId == actor.personId || table?.isWorker(actor.personId, of: owner.unitId) == true
    }

    /// Whether the person reported the problem, was to handle it or did: nobody checks their own work.
    private func isInvolved(_ person: PersonID) -> Bool {
        guard case .handled(let handling) = stage else { return false }
        return handling.handledBy == person || handling.assignment.owner.handlerId == person
            || reporterIds.contains(person)
    }
}

extension CaseRefusal {
    fileprivate static func notAllowed(_ action: CaseAction, to chinese: String, _ english: String) -> CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "\(action.chinese)须由\(chinese)操作。",
            english: "To \(action.rawValue) this case is for \(english).")
    }

    fileprivate static var involved: CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "核查须由未上报、未处置该案件的人进行。",
            english: "A case is verified by somebody who neither reported nor handled it.")
    }
}
