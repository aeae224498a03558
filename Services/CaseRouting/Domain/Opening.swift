package import Contracts
import OwnerRules

/// A report on its way into a case.
package struct ArrivingReport: Sendable, Equatable {
    package let report: ReportSubmitted
    /// How often it was handed on: 0 for one that comes straight from intake.
    package let hop: Int
    /// Where it is bound: the community that it was sent to, after a transfer.
    package let communityId: CommunityID

    /// Beyond so many hand-overs a dispatcher must look.
    package static let mostHops = 5

    /// The photos that it brings.
    let photos: [ReportPhoto]

    package init(report: ReportSubmitted, hop: Int, communityId: CommunityID) {
        self.report = report
        self.hop = hop
        self.communityId = communityId
        photos = report.photos ?? []
    }

    /// Whether it may join the case of another report: not after it was handed round too often.
    package var mayJoin: Bool { hop <= Self.mostHops }

    var contribution: Case.Contribution {
        Case.Contribution(
            reportId: report.reportId, reporterId: report.reporterId, hop: hop, voiceNotes: report.voiceNotes ?? [])
    }
}

extension LedgerID {
    /// Where a community has no ledger of its own.
    package static let `default` = LedgerID("default")
}

extension Case {
    /// Opens a case for a report that found none to join; never refused.
    ///
    /// What is odd about it (no pack, an unknown community or category, no owner, too many hand-overs) flags it.
    package static func open(
        _ arriving: ArrivingReport, id: CaseID, number: String, classification: Classification,
        in circumstances: Circumstances
    ) throws -> CaseDecision {
        let report = arriving.report
        let table = circumstances.table
        let place = arriving.communityId
        let routing = try circumstances.route(
            classification.category, in: place, at: report.location, kind: report.kind)
        let owner = routing.owner
        var opened = Case(
            id: id, number: number, communityId: place, ledgerId: table?.community(place)?.ledgerId ?? .default,
            kind: report.kind, category: classification.category, description: report.description,
            address: report.address, location: report.location, submittedAt: report.submittedAt,
            openedAt: circumstances.now, version: 1, reports: [arriving.contribution], stage: .opened(proposed: owner),
            flagged: concerns(arriving, classification, owner, table))
        opened.gridId = table?.owners.grid(at: report.location, in: place)?.id
        opened.take(arriving.photos, of: report.reportId)
        try opened.keepWatch(at: circumstances.now, by: table)
        let event = CaseOpened(
            caseId: id, caseNumber: number, reportId: report.reportId, communityId: place, ledgerId: opened.ledgerId,
            category: opened.category, kind: report.kind, reporterId: report.reporterId, ownerUnitId: owner?.unitId,
            handlerId: owner?.handlerId, location: report.location, submittedAt: report.submittedAt,
            openedAt: opened.openedAt, routing: routing.trace, flagged: opened.flagged, made: ReportMade(report),
            gridId: opened.gridId)
        return CaseDecision(case: opened, events: [.opened(event)])
    }

    private static func concerns(
        _ arriving: ArrivingReport, _ classification: Classification, _ owner: Owner?, _ table: RoutingTable?
    ) -> String? {
        var concerns = Concern.ofArrival(
            hop: arriving.hop, in: arriving.communityId, near: arriving.report.nearestCommunity, by: table)
        if table != nil {
            if let concern = classification.concern { concerns.append(concern) }
            if owner == nil { concerns.append(Concern.noOwner) }
        } else {
            concerns.append(Concern.noPack)
        }
        return Concern.joined(concerns)
    }

    /// How far a report may lie from the case that its reporter supports, in whole centimetres: who stands before a problem
    /// sees the cases around, and sets the pin by hand.
    package static let supportReach = 50_000

    /// Takes in a report whose reporter saw this case before sending and supports it 附议.
    ///
    /// Nil where it cannot be this one: it has ended, is full, is of another kind or community, or lies too far away. Then
    /// the report goes its usual way.
    package func support(_ arriving: ArrivingReport) -> CaseDecision? {
        guard arriving.report.supports == id, arriving.mayJoin, takesReports, kind == arriving.report.kind,
            communityId == arriving.communityId, let distance = arriving.report.location.distance(to: location),
            distance <= Self.supportReach
        else { return nil }
        let match = CaseMatch(score: 1_000, reasons: ["上报人附议本案 / its reporter supports this case"])
        return join(arriving, distance: distance, match: match)
    }

    /// Another report of the same problem, `distance` whole centimetres from the case's place.
    package func join(_ arriving: ArrivingReport, distance: Int, match: CaseMatch? = nil) -> CaseDecision {
        var joined = self
        joined.version += 1
        joined.reports.append(arriving.contribution)
        joined.take(arriving.photos, of: arriving.report.reportId)
        let event = ReportJoined(
            case: joined.reference, reportId: arriving.report.reportId, reporterId: arriving.report.reporterId,
            distance: distance, match: match, made: ReportMade(arriving.report))
        return CaseDecision(case: joined, events: [.reportJoined(event)])
    }
}
