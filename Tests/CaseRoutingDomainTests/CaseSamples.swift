import CaseRoutingDomain
import Contracts
import Foundation
import TestSupport
import WorkingTime

/// Cases and actions for the tests of the rules.
enum Sample {
    static let table = RoutingTable(CitySample.pack())
    /// Where no category has a limit that can be counted, since the pack has none.
    static let withoutLimits = RoutingTable(CitySample.pack(categories: []))
    static let caseId = CaseID("case-1")
    static let owner = Owner(unitId: CitySample.property, handlerId: "worker-a")
    /// Why it is theirs.
    static let trace =
        "规则 R1：类别 E0102，名都 → 名都物业；2 人中 worker-a 最少（0 件） / "
        + "rule R1: E0102 in mingdu → mingdu-property; of 2, worker-a has fewest (0)"

    static func circumstances(
        at now: Timestamp = CitySample.monday, table: RoutingTable? = table, load: [PersonID: Int] = [:]
    ) -> Circumstances {
        Circumstances(now: now, table: table, suggested: "D0103", others: others) { load[$0] ?? 0 }
    }

    static let other = CaseID("case-2")

    /// A store in which there is one more case.
    private static var others: OtherCases {
        OtherCases(
            find: { id in
                guard id == other else { return nil }
                let report = CitySample.report("report-2", from: "rider-2", at: CitySample.townHall.north(4_000))
                let load = Circumstances(now: CitySample.monday, table: table) { _ in 0 }
                return try Case.open(
                    arriving(report), id: other, number: "MD-20261123-0002",
                    classification: classify(report, by: table), in: load
                ).case
            }, openParts: { _ in [] }, hasParts: { _ in false },
            report: { part, _ in CitySample.report(part.reportId) },
            newCase: { ("case-3", "MD-20261123-0003") })
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
        category: CategoryCode? = CitySample.parking, details: StepDetails? = details, notAfter: Timestamp? = nil
    ) -> ActOnCase {
        ActOnCase(
            caseId: caseId, communityId: CitySample.mingdu, action: action, actor: actor, reason: reason,
            unitId: unitId, handlerId: handlerId, agrees: agrees, toCommunityId: target, category: category,
            details: details, notAfter: notAfter)
    }

    /// What every action needs beside the rest.
    static let details = StepDetails {
        $0.until = friday
        $0.limit = "2d"
        $0.party = "电信分公司"
        $0.linkHash = PlatformKey.hash(of: "a link")
        $0.satisfied = true
        $0.solved = true
        $0.unitIds = [CitySample.sanitation]
    }

    /// Friday of the same week, 09:00.
    static let friday = CitySample.moment("2026-11-27T09:00:00.000+08:00")
    static let worker = CitySample.actor("worker-a", "worker")
    static let rider = CitySample.actor("rider-1", "rider")
    static let party = CitySample.actor(
        PersonID("outside:\(PlatformKey.hash(of: "a link").prefix(16))"), "outside-party")

    /// A clock of the sample city that runs for `limit` from a moment.
    static func time(_ limit: String, from start: Timestamp = CitySample.monday) throws -> StepTime {
        let table = RoutingTable(
            CitySample.pack(categories: [CitySample.category(CitySample.garbage, limit: limit, keywords: [])]))
        let assignment = try decided(act(.dispatch), on: `case`(.filed), in: circumstances(at: start, table: table))
            .case.stage.assignment
        guard let time = assignment?.time else { throw NoTime() }
        return time
    }

    struct NoTime: Error {}

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
            case .merged: [act(.merge, details: StepDetails { $0.otherCaseId = other })]
            case .parked: [act(.file), act(.dispatch), act(.park)]
            case .waiting: [act(.file), act(.dispatch), act(.askReporter)]
            case .referred: [act(.file), act(.dispatch), act(.refer)]
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
        switch try answer(
            amendment, of: RegisteredReport(report: report, hop: 0), in: found, at: CitySample.monday, by: table,
            reading: { CitySample.report($0.reportId, from: $0.reporterId) })
        {
        case .decided(let decision, _): return decision
        case .refused(let refusal): throw Unexpected(refusal: refusal)
        case .handedOn(let target): throw Elsewhere(target: target)
        }
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
