import Contracts
import ServiceKit

/// What the body of `POST /v1/cases/{id}/actions` asks for.
struct ActionRequest: Sendable, Equatable {
    let action: CaseAction
    let reason: String?
    let unitId: String?
    let handlerId: String?
    let agrees: Bool?
    let toCommunityId: String?
    let category: String?
    let details: StepDetails?

    /// Reads the body.
    ///
    /// Fields that belong to another action are wrong, so that nothing that was meant is lost.
    /// - Throws: ``ProblemDetails`` 403 where the roles do not suffice for the action, else 422 that names every wrong
    ///   field.
    init(_ body: JSONValue, by principal: Principal) throws {
        self = try FieldReader.read(body) { fields in
            let action: CaseAction = fields.enumeration("action")
            // Who may not is told so before what else is wrong.
            if fields.errors.isEmpty { try principal.require(anyOf: action.roles) }
            let request = ActionRequest(
                action: action, reason: fields.optionalString("reason", length: 1...1_000),
                unitId: fields.optionalString("unitId", length: 1...100),
                handlerId: fields.optionalString("handlerId", length: 1...128),
                agrees: fields.optionalBool("agrees"),
                toCommunityId: fields.optionalString("toCommunityId", length: 1...100),
                category: fields.optionalString("category", length: 1...100), details: fields.details())
            request.noteMissing(in: fields)
            request.noteForeign(in: fields)
            return request
        }
    }

    private init(
        action: CaseAction, reason: String?, unitId: String?, handlerId: String?, agrees: Bool?,
        toCommunityId: String?, category: String?, details: StepDetails?
    ) {
        self.action = action
        self.reason = reason
        self.unitId = unitId
        self.handlerId = handlerId
        self.agrees = agrees
        self.toCommunityId = toCommunityId
        self.category = category
        self.details = details
    }

    private func noteMissing(in fields: FieldReader) {
        guard fields.errors.isEmpty else { return }
        let saysNo = agrees == false || (action == .rate && details?.solved == false)
        let needsReason = action.alwaysNeedsReason || saysNo
        if needsReason, reason == nil { fields.note("reason", "is missing: \(action.rawValue) needs one") }
        if action.needsVerdict, agrees == nil {
            fields.note("agrees", "is missing: \(action.rawValue) needs true or false")
        }
        if action == .transfer, toCommunityId == nil {
            fields.note("toCommunityId", "is missing: transfer needs a community")
        }
        if action == .reclassify, category == nil {
            fields.note("category", "is missing: reclassify needs a category of the pack")
        }
        action.noteMissing(details, in: fields)
    }

    private func noteForeign(in fields: FieldReader) {
        if action != .dispatch, unitId != nil { fields.note("unitId", "belongs to dispatch only") }
        if action != .dispatch, handlerId != nil { fields.note("handlerId", "belongs to dispatch only") }
        if !action.needsVerdict, agrees != nil {
            fields.note("agrees", "belongs to check, verify and decide-extension only")
        }
        if action != .transfer, toCommunityId != nil { fields.note("toCommunityId", "belongs to transfer only") }
        if action != .reclassify, category != nil { fields.note("category", "belongs to reclassify only") }
        action.noteForeign(details, in: fields)
    }

    /// The command that it makes.
    ///
    /// Free text is masked here, before it is kept or sent anywhere: it comes back in events that partners read.
    ///
    /// - Parameter link: what an outside party is given; only its hash goes along.
    func command(
        on state: CaseState, by actor: Actor, link: OutsideLink? = nil, notAfter: Timestamp
    ) -> ActOnCase {
        var details = details
        if let party = details?.party { details?.party = Masking.masked(party) }
        details?.linkHash = link?.hash
        return ActOnCase(
            caseId: state.caseId, communityId: state.communityId, action: action, actor: actor,
            reason: reason.map(Masking.masked),
            unitId: unitId.map { UnitID($0) }, handlerId: handlerId.map { PersonID($0) }, agrees: agrees,
            toCommunityId: toCommunityId.map { CommunityID($0) }, category: category.map { CategoryCode($0) },
            details: details, notAfter: notAfter)
    }
}

extension CaseAction {
    /// Who may try at all; whether they may with this case, its owner decides.
    var roles: Set<Role> {
        switch self {
        case .file, .refuse, .dispatch, .transfer, .reclassify: [.dispatcher, .admin]
        case .return, .handle, .makeSafe: [.worker, .admin]
        case .verify: [.verifier, .admin]
        case .reopen, .reply: [.rider, .resident, .dispatcher, .admin]
        case .rate: [.rider, .resident, .admin]
        case .check: [.worker, .verifier, .dispatcher, .admin]
        case .accept, .askExtension, .askReporter, .checkIn, .coHandle: [.worker, .dispatcher, .admin]
        case .park, .resume, .decideExtension, .cancel, .handOver, .refer, .whistle, .addCoOwner, .merge, .split,
            .keepApart, .adopt:
            [.dispatcher, .admin]
        }
    }

    fileprivate var needsVerdict: Bool { [.check, .verify, .decideExtension].contains(self) }

    var alwaysNeedsReason: Bool {
        switch self {
        case .refuse, .return, .reopen, .transfer, .reclassify, .park, .resume, .askExtension, .askReporter, .reply,
            .cancel, .refer, .whistle, .merge, .split, .keepApart, .handle:
            true
        case .file, .dispatch, .verify, .check, .accept, .decideExtension, .handOver, .rate, .checkIn,
            .addCoOwner, .coHandle, .makeSafe, .adopt:
            false
        }
    }
}
