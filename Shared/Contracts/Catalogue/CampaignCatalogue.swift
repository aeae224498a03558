private typealias Town = SampleTown

extension MessageCatalogue {
    static let campaigns: [MessageDescriptor] = campaignCommands + campaignSteps + campaignStates

    private static let campaignId = CampaignID("b2f6a0d4-1c58-5e93-8a7b-0d94c6e1f352")
    private static let targets = [
        CampaignTarget(
            targetId: "roof-03", address: "上上城 3 栋 2 单元楼顶", location: Town.place, ownerNote: "出租户，业主在外地",
            photo: Town.photos[0].id),
        CampaignTarget(
            targetId: "roof-04", address: "上上城 4 栋 1 单元楼顶", location: Town.place, ownerNote: "业主同意自行清理",
            photo: Town.photos[0].id),
    ]

    private static let campaignCommands: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["portal"],
            "Begins a campaign 专项整治: each target opens a case of its own.",
            sample: start(notAfter: Town.minutesLater(5)), minimal: start(notAfter: nil)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["portal"], "Adds targets to a campaign that runs.",
            sample: AddCampaignTargets(
                campaignId: campaignId, communityId: Town.community, targets: targets,
                actor: Town.actor(Town.dispatcher, "dispatcher"), notAfter: Town.minutesLater(5)),
            minimal: AddCampaignTargets(
                campaignId: campaignId, communityId: Town.community, targets: targets,
                actor: Town.actor(Town.dispatcher, "dispatcher"))),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["portal"],
            "Tells that somebody was at the door of a target, and what came of it.",
            sample: visit(photos: Town.photos.map(\.id), notAfter: Town.minutesLater(65)),
            minimal: visit(photos: nil, notAfter: nil)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["portal"],
            "Ends a campaign before all of it is done; its open cases go on.",
            sample: EndCampaign(
                campaignId: campaignId, communityId: Town.community, reason: "其余由小区改造一并解决",
                actor: Town.actor(Town.dispatcher, "dispatcher"), notAfter: Town.minutesLater(5)),
            minimal: EndCampaign(
                campaignId: campaignId, communityId: Town.community, reason: "其余由小区改造一并解决",
                actor: Town.actor(Town.dispatcher, "dispatcher"))),
    ]

    private static func start(notAfter: Timestamp?) -> StartCampaign {
        StartCampaign(
            campaignId: campaignId, communityId: Town.community, title: "楼顶种菜专项整治", category: "C0101",
            deadline: Town.minutesLater(21_600), targets: targets, actor: Town.actor(Town.dispatcher, "dispatcher"),
            notAfter: notAfter)
    }

    private static func visit(photos: [PhotoID]?, notAfter: Timestamp?) -> VisitCampaignTarget {
        VisitCampaignTarget(
            campaignId: campaignId, communityId: Town.community, targetId: "roof-03", visitedAt: Town.minutesLater(60),
            outcome: "已说明，同意周末自行清理", photos: photos, actor: Town.actor(Town.worker, "worker"), notAfter: notAfter)
    }

    private static let campaignSteps: [MessageDescriptor] = CampaignChanged.Step.allCases.map { step in
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"], purpose(of: step), sample: sample(of: step),
            minimal: CampaignChanged(
                step: step, campaignId: campaignId, communityId: Town.community, title: "楼顶种菜专项整治",
                deadline: Town.minutesLater(21_600), open: 1, done: 1, at: Town.minutesLater(60)))
    }

    private static func purpose(of step: CampaignChanged.Step) -> String {
        switch step {
        case .started: "A campaign 专项整治 began."
        case .targetsAdded: "A campaign has more targets than before; each opened a case of its own."
        case .visited: "Somebody was at the door of a target of a campaign."
        case .targetDone: "A target of a campaign is done: its case closed."
        case .overdue: "The deadline of a campaign passed with targets open."
        case .ended: "A campaign is over: no target is open any more, or a person ended it."
        }
    }

    private static func sample(of step: CampaignChanged.Step) -> CampaignChanged {
        let isByPerson = step != .targetDone && step != .overdue
        let isAboutTarget = step == .visited || step == .targetDone
        return CampaignChanged(
            step: step, campaignId: campaignId, communityId: Town.community, title: "楼顶种菜专项整治",
            deadline: Town.minutesLater(21_600), open: 1, done: 1, at: Town.minutesLater(60),
            actorId: isByPerson ? Town.dispatcher : nil, reason: step == .ended ? "其余由小区改造一并解决" : nil,
            targetId: isAboutTarget ? "roof-03" : nil, caseId: isAboutTarget ? Town.caseID : nil,
            visits: isAboutTarget ? 5 : nil, targetIds: step == .targetsAdded ? targets.map(\.targetId) : nil)
    }

    private static let campaignStates: [MessageDescriptor] = [
        MessageDescriptor(
            .state, on: [TopicCatalogue.campaigns], by: ["case-routing"],
            "A campaign as it stands after each change, with the visits to each door.",
            sample: state(endedAt: Town.minutesLater(90)), minimal: state(endedAt: nil))
    ]

    private static func state(endedAt: Timestamp?) -> CampaignState {
        CampaignState(
            campaignId: campaignId, version: 9, communityId: Town.community, title: "楼顶种菜专项整治", category: "C0101",
            startedAt: Town.morning, startedBy: Town.dispatcher, deadline: Town.minutesLater(21_600), isOverdue: false,
            endedAt: endedAt, ended: endedAt != nil,
            targets: [
                CampaignState.Target(
                    targetId: "roof-03", address: "上上城 3 栋 2 单元楼顶", location: Town.place, ownerNote: "出租户，业主在外地",
                    caseId: Town.caseID, caseNumber: Town.caseNumber, stage: .closed, doneAt: Town.minutesLater(90),
                    visits: [
                        CampaignState.Visit(
                            at: Town.minutesLater(60), by: Town.worker, outcome: "已说明，同意周末自行清理",
                            photos: Town.photos.map(\.id))
                    ], before: Town.photos[0].id, after: Town.photos.map(\.id))
            ], burndown: [CampaignState.Day(day: "2026-11-23", open: 0, done: 1)], utcOffsetMinutes: 480)
    }
}
