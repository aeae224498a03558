import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation

/// A campaign 专项整治 runs: it begins with a case for each target, is told of visits, follows its cases, and ends.
struct RunningCampaigns {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    static let deadlineKind = "campaign-deadline"

    private var campaigns: CampaignStore { CampaignStore(transaction) }

    func start(_ command: Command) throws -> Disposition {
        let start = try command.read(StartCampaign.self).data
        let now = transaction.clock
        let known = try campaigns.find(start.campaignId)
        if let refusal = refusal(of: start, known: known, at: now, table: table) { return .refused(Refusal(refusal)) }
        let opened = try start.targets.map { target in
            try open(target, of: start.campaignId, start.title, start.category, in: start.communityId, command)
        }
        try campaigns.carryOut(CampaignState.begin(start, with: opened, at: now, by: table), replacing: nil)
        return .applied
    }

    func addTargets(_ command: Command) throws -> Disposition {
        let addition = try command.read(AddCampaignTargets.self).data
        guard let found = try find(addition.campaignId, in: addition.communityId) else {
            return .refused(Refusal(.noCampaign(addition.campaignId)))
        }
        if let refusal = refusal(of: addition, to: found, at: transaction.clock, table: table) {
            return .refused(Refusal(refusal))
        }
        let opened = try addition.targets.map { target in
            try open(target, of: found.campaignId, found.title, found.category, in: found.communityId, command)
        }
        try campaigns.carryOut(
            found.adding(opened, by: addition.actor.personId, at: transaction.clock), replacing: found)
        return .applied
    }

    func visit(_ command: Command) throws -> Disposition {
        let visit = try command.read(VisitCampaignTarget.self).data
        guard let found = try find(visit.campaignId, in: visit.communityId) else {
            return .refused(Refusal(.noCampaign(visit.campaignId)))
        }
        let now = transaction.clock
        if let refusal = mayNot(visit.actor, CampaignState.visitors, by: visit.notAfter, at: now) {
            return .refused(Refusal(refusal))
        }
        return try take(found.visit(visit, at: now), on: found)
    }

    func end(_ command: Command) throws -> Disposition {
        let end = try command.read(EndCampaign.self).data
        guard let found = try find(end.campaignId, in: end.communityId) else {
            return .refused(Refusal(.noCampaign(end.campaignId)))
        }
        let now = transaction.clock
        if let refusal = mayNot(end.actor, [Role.dispatcher], by: end.notAfter, at: now) {
            return .refused(Refusal(refusal))
        }
        return try take(found.end(end, at: now), on: found)
    }

    /// Never refuses: a refusal would put the timer back, and it would be due for ever.
    func wake(_ timer: TimerDue) throws -> Disposition {
        guard let found = try campaigns.find(CampaignID(timer.about)),
            let decision = found.ring(at: transaction.clock)
        else { return .applied }
        try campaigns.carryOut(decision, replacing: found)
        return .applied
    }

    private func find(_ id: CampaignID, in community: CommunityID) throws -> CampaignState? {
        guard let found = try campaigns.find(id), found.communityId == community else { return nil }
        return found
    }

    private func take(_ answer: CampaignAnswer, on found: CampaignState) throws -> Disposition {
        switch answer {
        case .refused(let refusal):
            return .refused(Refusal(refusal))
        case .decided(let decision):
            try campaigns.carryOut(decision, replacing: found)
            return .applied
        }
    }

    /// Opens the case of a target, by a report that nobody made: it is the campaign's, and earns nobody anything.
    private func open(
        _ target: CampaignTarget, of campaign: CampaignID, _ title: String, _ category: CategoryCode,
        in community: CommunityID, _ command: Command
    ) throws -> OpenedTarget {
        let now = transaction.clock
        let reportId = ReportID(transaction.newID("campaign-report", of: target.targetId.rawValue).description)
        guard let location = target.location ?? table?.middle(of: community) else {
            throw CampaignStoreError.noPlace(target.targetId)
        }
        let report = ReportSubmitted(
            reportId: reportId, communityId: community, kind: .snapshot, category: category,
            description: "\(title)：\(target.address)", location: location, address: target.address, observedAt: nil,
            submittedAt: now, reporterId: .anonymous("campaign-\(campaign)"), channel: "campaign",
            identity: ReportIdentity.anonymous.rawValue)
        let day = CaseNumber.day(at: now, by: table)
        let ordinal = try store.nextOrdinal(in: community, day: day)
        let decision = try Case.open(
            ArrivingReport(report: report, hop: 0, communityId: community),
            id: CaseID(transaction.newID("case", of: reportId.rawValue).description),
            number: CaseNumber.text(communityId: community, day: day, ordinal: ordinal, by: table),
            classification: Classification(category: category, concern: nil),
            in: Circumstances(now: now, table: table, openCases: store.openCases(of:))
        ).opened(for: campaign)
        try store.carryOut(decision, replacing: nil)
        try CaseReportRow(
            reportId: reportId, hop: 0, caseId: decision.case.id, firstStamp: command.stamp,
            command: try kept(report, as: reportId, of: command)
        ).insert(in: transaction.database)
        return OpenedTarget(target, found: decision.case)
    }

    /// The report as the command that would have brought it, so that a transfer can send it on.
    private func kept(_ report: ReportSubmitted, as id: ReportID, of command: Command) throws -> Data {
        let submitted = Envelope(
            report, id: transaction.newID("report", of: id.rawValue), source: "/case-routing/campaign",
            time: report.submittedAt, cause: command.attributes)
        let registering = Envelope(
            RegisterReport(report: submitted), id: transaction.newID("register", of: id.rawValue),
            source: "/case-routing/campaign", time: report.submittedAt, cause: command.attributes)
        return try registering.value()
    }
}
