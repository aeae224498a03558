import CaseRoutingDomain
import Contracts
import TestSupport

/// Cases and actions for the tests of the rules.
enum Sample {
    static let table = RoutingTable(CitySample.pack())
    static let caseId = CaseID("case-1")
    static let owner = Owner(unitId: CitySample.property, handlerId: "worker-a")

    static func circumstances(
        at now: Timestamp = CitySample.monday, table: RoutingTable? = table, load: [PersonID: Int] = [:]
    ) -> Circumstances {
        Circumstances(now: now, table: table, suggested: "D0103") { load[$0] ?? 0 }
    }

    static func arriving(
        _ report: ReportSubmitted = CitySample.report(), hop: Int = 0, in community: CommunityID? = nil
    ) -> ArrivingReport {
        ArrivingReport(report: report, hop: hop, communityId: community ?? report.communityId)
    }

    static func opening(
        _ arriving: ArrivingReport = arriving(), by table: RoutingTable? = table, load: [PersonID: Int] = [:]
    ) throws -> CaseDecision {
        try Case.open(
            arriving, id: caseId, number: "MD-20261123-0001",
            classification: classify(arriving.report, by: table),
            in: circumstances(table: table, load: load))
    }

    static func act(
        _ action: CaseAction, by actor: Actor = CitySample.boss, reason: String? = "现场情况", unitId: UnitID? = nil,
        handlerId: PersonID? = nil, agrees: Bool? = true, to target: CommunityID? = CitySample.longjiang,
        category: CategoryCode? = CitySample.parking, details: StepDetails? = nil, notAfter: Timestamp? = nil
    ) -> ActOnCase {
        ActOnCase(
            caseId: caseId, communityId: CitySample.mingdu, action: action, actor: actor, reason: reason,
            unitId: unitId, handlerId: handlerId, agrees: agrees, toCommunityId: target, category: category,
            details: details, notAfter: notAfter)
    }

    /// A case in the stage, brought there by the usual steps, all at the same moment.
    static func `case`(_ stage: CaseStage) throws -> Case {
        let path: [ActOnCase] =
            switch stage {
            case .opened: []
            case .filed: [act(.file)]
            case .dispatched: [act(.file), act(.dispatch)]
            case .handled: [act(.file), act(.dispatch), act(.handle, by: CitySample.actor("worker-a", "worker"))]
            case .closed:
                [
                    act(.file), act(.dispatch), act(.handle, by: CitySample.actor("worker-a", "worker")),
                    act(.verify, by: CitySample.checker),
                ]
            case .refused: [act(.refuse)]
            case .transferred: [act(.transfer)]
            case .cancelled: []
            case .parked, .waiting, .referred, .merged: throw NotYet(stage: stage)
            }
        if stage == .cancelled { return try amended(opening().case, by: CitySample.amendment(.withdrawn)).case }
        return try path.reduce(opening().case) { try decided($1, on: $0).case }
    }

    static func decided(
        _ act: ActOnCase, on case: Case, in circumstances: Circumstances = circumstances()
    ) throws -> CaseDecision {
        switch try answer(act, about: `case`, in: circumstances) {
        case .decided(let decision): return decision
        case .refused(let refusal): throw Unexpected(refusal: refusal)
        }
    }

    /// A case after an amendment of one of its reports, which are all as `report` but for their ids.
    static func amended(
        _ found: Case, by amendment: ReportAmended, of report: ReportSubmitted = CitySample.report()
    ) throws -> CaseDecision {
        switch answer(
            amendment, of: RegisteredReport(report: report, hop: 0), in: found, at: CitySample.monday,
            reading: { CitySample.report($0.reportId, from: $0.reporterId) })
        {
        case .decided(let decision, _): return decision
        case .refused(let refusal): throw Unexpected(refusal: refusal)
        case .handedOn(let target): throw Elsewhere(target: target)
        }
    }

    struct NotYet: Error {
        let stage: CaseStage
    }

    struct Elsewhere: Error {
        let target: CommunityID
    }

    /// The refusal of an action; nil where it was done.
    static func refused(
        _ act: ActOnCase, on case: Case?, in circumstances: Circumstances = circumstances()
    ) throws -> CaseRefusal? {
        switch try answer(act, about: `case`, in: circumstances) {
        case .decided: return nil
        case .refused(let refusal): return refusal
        }
    }

    struct Unexpected: Error {
        let refusal: CaseRefusal
    }
}

extension CaseDecision {
    /// The steps that were told, by their types.
    var told: [String] { events.map(\.messageType) }
}
