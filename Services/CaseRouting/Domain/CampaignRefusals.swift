package import Contracts

/// Whether a campaign can be begun so; nil where it can.
package func refusal(
    of start: StartCampaign, known: CampaignState?, at now: Timestamp, table: RoutingTable?
) -> CaseRefusal? {
    if let refusal = mayNot(start.actor, [Role.dispatcher], by: start.notAfter, at: now) { return refusal }
    guard known == nil else { return .campaignKnown(start.campaignId) }
    guard let table else { return .noPackForCampaign }
    guard table.community(start.communityId) != nil else { return .noSuchCommunity(start.communityId) }
    guard table.knows(start.category) else { return .noSuchCategory(start.category) }
    guard start.title.saysSomething, start.title.utf8.count <= CampaignState.longestText else {
        return .campaignTextNeeded("title")
    }
    guard start.deadline > now, start.deadline <= now.adding(milliseconds: CampaignState.longest) else {
        return .campaignDeadline
    }
    return refusal(of: start.targets, beside: [], in: start.communityId, table)
}

/// Whether more targets can be added so; nil where they can.
package func refusal(
    of addition: AddCampaignTargets, to campaign: CampaignState, at now: Timestamp, table: RoutingTable?
) -> CaseRefusal? {
    if let refusal = mayNot(addition.actor, [Role.dispatcher], by: addition.notAfter, at: now) { return refusal }
    guard !campaign.ended else { return .campaignOver }
    guard let table else { return .noPackForCampaign }
    return refusal(of: addition.targets, beside: campaign.targets.map(\.targetId), in: campaign.communityId, table)
}

/// Whether this person may do that now; nil where they may.
package func mayNot(_ actor: Actor, _ roles: [String], by notAfter: Timestamp?, at now: Timestamp) -> CaseRefusal? {
    if let notAfter, notAfter < now {
        return CaseRefusal(
            .tooLate, chinese: "请求于 \(notAfter) 失效，现在是 \(now)，请再试一次。",
            english: "The request was good until \(notAfter), it is \(now) now: please ask again.")
    }
    guard actor.has(Role.admin) || roles.contains(where: actor.has) else {
        return CaseRefusal(
            .notAllowed, chinese: "专项整治须由\(roles == [Role.dispatcher] ? "调度员" : "工作人员")操作。",
            english: "This is for \(roles.joined(separator: " or ")).")
    }
    return nil
}

extension CampaignState {
    /// Who may tell of a visit.
    package static let visitors = [Role.worker, Role.dispatcher]

    func refuse(_ visit: VisitCampaignTarget, of target: Target, at now: Timestamp) -> CaseRefusal? {
        guard !ended else { return .campaignOver }
        guard visit.outcome.saysSomething, visit.outcome.utf8.count <= Self.longestText else {
            return .campaignTextNeeded("outcome")
        }
        guard visit.photos?.count ?? 0 <= Self.mostPhotos else { return .tooManyVisitPhotos }
        guard visit.visitedAt >= startedAt, visit.visitedAt <= now.adding(milliseconds: Self.clockSlack) else {
            return .visitTime(since: startedAt)
        }
        guard target.visits.count < Self.mostVisits,
            targets.reduce(0, { $0 + $1.visits.count }) < Self.mostVisitsInAll
        else { return .tooManyVisits }
        return nil
    }
}

private func refusal(
    of targets: [CampaignTarget], beside known: [TargetID], in community: CommunityID, _ table: RoutingTable
) -> CaseRefusal? {
    guard (1...(CampaignState.mostTargets)).contains(targets.count + known.count), !targets.isEmpty else {
        return .targetCount
    }
    var seen = Set(known)
    for target in targets {
        guard (1...64).contains(target.targetId.rawValue.utf8.count), seen.insert(target.targetId).inserted else {
            return .targetNames(target.targetId)
        }
        guard target.address.saysSomething, target.address.utf8.count <= CampaignState.longestText / 2,
            target.ownerNote?.utf8.count ?? 0 <= CampaignState.longestText / 2
        else { return .targetTexts(target.targetId) }
        guard target.location != nil || table.middle(of: community) != nil else {
            return .targetPlace(target.targetId)
        }
    }
    return nil
}

extension RoutingTable {
    /// The middle of a community's outline, as a box; nil where it has none.
    package func middle(of id: CommunityID) -> Location? {
        var latitudes: (low: Int, high: Int)?
        var longitudes: (low: Int, high: Int)?
        for ring in community(id)?.outline.compactMap(\.first) ?? [] {
            var latitude = 0
            var longitude = 0
            for index in stride(from: 0, to: ring.count - 1, by: 2) {
                latitude += ring[index]
                longitude += ring[index + 1]
                latitudes = (min(latitudes?.low ?? latitude, latitude), max(latitudes?.high ?? latitude, latitude))
                longitudes = (
                    min(longitudes?.low ?? longitude, longitude), max(longitudes?.high ?? longitude, longitude)
                )
            }
        }
        guard let latitudes, let longitudes else { return nil }
        return Location(
            latitudeE7: (latitudes.low + latitudes.high) / 2, longitudeE7: (longitudes.low + longitudes.high) / 2)
    }
}

extension CaseRefusal {
    package static func noCampaign(_ id: CampaignID) -> CaseRefusal {
        CaseRefusal(
            .noCampaign, chinese: "本社区没有专项整治 \(id)。", english: "There is no campaign \(id) in this community.")
    }

    static func campaignKnown(_ id: CampaignID) -> CaseRefusal {
        CaseRefusal(
            .campaignKnown, chinese: "专项整治 \(id) 已开始；请另用编号，或为它增加对象。",
            english: "Campaign \(id) has begun already: use another id, or add targets to it.")
    }

    static var campaignOver: CaseRefusal {
        CaseRefusal(
            .campaignOver, chinese: "专项整治已结束；未办结的案件照常办理。",
            english: "The campaign is over; its open cases go on: act on them, or begin another campaign.")
    }

    static var noPackForCampaign: CaseRefusal {
        CaseRefusal(.noPack, chinese: "尚无数据包，不能开始。", english: "No pack is in force, so no category is known.")
    }

    static func noSuchCommunity(_ id: CommunityID) -> CaseRefusal {
        CaseRefusal(
            .unknownCommunity, chinese: "数据包没有社区 \(id)，请另选。",
            english: "The pack has no community \(id): choose another.")
    }

    static func noSuchCategory(_ category: CategoryCode) -> CaseRefusal {
        CaseRefusal(
            .unknownCategory, chinese: "数据包没有类别 \(category)，请另选。",
            english: "The pack has no category \(category): choose another.")
    }

    static func campaignTextNeeded(_ field: String) -> CaseRefusal {
        CaseRefusal(
            .campaignText, chinese: "\(field) 须写明，最多 200 字。", english: "Give \(field), of at most 600 bytes in UTF-8.")
    }

    static var campaignReasonNeeded: CaseRefusal {
        CaseRefusal(.reasonNeeded, chinese: "提前结束须写明理由。", english: "To end a campaign early, say why.")
    }

    static var campaignDeadline: CaseRefusal {
        CaseRefusal(
            .campaignDeadline, chinese: "期限须晚于现在，且在 366 天内。",
            english: "The deadline must be later than now, within 366 days.")
    }

    static var targetCount: CaseRefusal {
        CaseRefusal(
            .targetCount, chinese: "对象须有 1 至 \(CampaignState.mostTargets) 个（含已有的）。",
            english: "A campaign has 1 to \(CampaignState.mostTargets) targets, those that it has included.")
    }

    static func targetNames(_ id: TargetID) -> CaseRefusal {
        CaseRefusal(
            .targetName, chinese: "对象编号 \(id) 重复或过长（最多 64 字节）。",
            english: "The target id \(id) stands twice or has more than 64 bytes: give each its own.")
    }

    static func targetTexts(_ id: TargetID) -> CaseRefusal {
        CaseRefusal(
            .campaignText, chinese: "对象 \(id) 须写明地址；地址和备注各最多 100 字。",
            english: "Give target \(id) an address; address and note have at most 300 bytes in UTF-8.")
    }

    static func targetPlace(_ id: TargetID) -> CaseRefusal {
        CaseRefusal(
            .targetPlace, chinese: "对象 \(id) 须写明位置：数据包没有社区边界。",
            english: "Give target \(id) a location: the pack has no outline of the community to place it in.")
    }

    static func noSuchTarget(_ id: TargetID) -> CaseRefusal {
        CaseRefusal(
            .noTarget, chinese: "专项整治没有对象 \(id)，请先增加。", english: "The campaign has no target \(id): add it first.")
    }

    static func visitTime(since start: Timestamp) -> CaseRefusal {
        CaseRefusal(
            .visitTime, chinese: "走访时间须在 \(start) 之后、现在之前。",
            english: "A visit is later than \(start), when the campaign began, and not later than now.")
    }

    static var tooManyVisits: CaseRefusal {
        CaseRefusal(
            .tooManyVisits, chinese: "走访记录已满（每个对象 \(CampaignState.mostVisits) 次）；请在案件中办理。",
            english: "No more visits are kept (\(CampaignState.mostVisits) of one door): go on with its case.")
    }

    static var tooManyVisitPhotos: CaseRefusal {
        CaseRefusal(
            .tooManyPhotos, chinese: "每次走访最多 \(CampaignState.mostPhotos) 张照片。",
            english: "A visit has at most \(CampaignState.mostPhotos) photos.")
    }
}
