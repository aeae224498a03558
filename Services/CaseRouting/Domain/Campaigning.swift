package import Contracts

/// What came of a command about a campaign, of one of its cases, or of the clock.
package struct CampaignDecision: Sendable, Equatable {
    package let campaign: CampaignState
    package let events: [CampaignChanged]
}

/// The answer to a person who does something with a campaign.
package enum CampaignAnswer: Sendable, Equatable {
    case decided(CampaignDecision)
    case refused(CaseRefusal)
}

/// The case that a target of a campaign opened.
package struct OpenedTarget: Sendable, Equatable {
    let target: CampaignTarget
    let found: Case

    package init(_ target: CampaignTarget, found: Case) {
        self.target = target
        self.found = found
    }

    fileprivate var state: CampaignState.Target {
        CampaignState.Target(
            targetId: target.targetId, address: target.address, location: target.location, ownerNote: target.ownerNote,
            caseId: found.id, caseNumber: found.number, stage: found.stage.name, before: target.photo)
    }
}

extension CampaignState {
    /// The most targets of a campaign, and the most visits of one door and of all: with them a state fits on its topic.
    package static let mostTargets = 200
    package static let mostVisits = 20
    package static let mostVisitsInAll = 400
    package static let mostPhotos = 3
    /// The longest text of a campaign, in bytes of UTF-8.
    package static let longestText = 600
    /// How long a campaign may go on: 366 days.
    package static let longest: Int64 = 366 * 86_400_000
    /// A visitor's clock may be ahead by so much: 5 minutes.
    package static let clockSlack: Int64 = 300_000

    /// Begins a campaign; whether it may was asked before.
    package static func begin(
        _ start: StartCampaign, with opened: [OpenedTarget], at now: Timestamp, by table: RoutingTable?
    ) -> CampaignDecision {
        let begun = CampaignState(
            campaignId: start.campaignId, version: 0, communityId: start.communityId, title: start.title,
            category: start.category, startedAt: now, startedBy: start.actor.personId, deadline: start.deadline,
            targets: opened.map(\.state), burndown: [],
            utcOffsetMinutes: table?.utcOffsetMinutes ?? 480)
        return begun.changed(at: now) { _ in
        } telling: {
            [$0.step(.started, at: now, by: start.actor.personId)]
        }
    }

    /// Takes in more targets; whether it may was asked before.
    package func adding(_ opened: [OpenedTarget], by actorId: PersonID, at now: Timestamp) -> CampaignDecision {
        changed(at: now) {
            $0.targets += opened.map(\.state)
        } telling: {
            [$0.step(.targetsAdded, at: now, by: actorId, added: opened.map(\.target.targetId))]
        }
    }

    /// Somebody was at the door of a target; visits are kept by the time of the visit.
    package func visit(_ visit: VisitCampaignTarget, at now: Timestamp) -> CampaignAnswer {
        guard let index = targets.firstIndex(where: { $0.targetId == visit.targetId }) else {
            return .refused(.noSuchTarget(visit.targetId))
        }
        if let refusal = refuse(visit, of: targets[index], at: now) { return .refused(refusal) }
        let made = Visit(at: visit.visitedAt, by: visit.actor.personId, outcome: visit.outcome, photos: visit.photos)
        return .decided(
            changed(at: now) { changed in
                let place = changed.targets[index].visits.firstIndex { $0.at > made.at }
                changed.targets[index].visits.insert(made, at: place ?? changed.targets[index].visits.count)
            } telling: { changed in
                [changed.step(.visited, at: now, by: made.by, about: changed.targets[index])]
            })
    }

    /// A person ends it; its open cases go on.
    package func end(_ end: EndCampaign, at now: Timestamp) -> CampaignAnswer {
        guard !ended else { return .refused(.campaignOver) }
        guard end.reason.saysSomething else { return .refused(.campaignReasonNeeded) }
        return .decided(
            changed(at: now) {
                $0.close(at: now)
            } telling: { changed in
                [changed.step(.ended, at: now, by: end.actor.personId, reason: end.reason)]
            })
    }

    /// A case of it changed: nil where that is nothing to a campaign.
    package func follow(_ found: Case, at now: Timestamp) -> CampaignDecision? {
        guard let index = targets.firstIndex(where: { $0.caseId == found.id }),
            targets[index].stage != found.stage.name || targets[index].after != found.afterPhotos
        else { return nil }
        let isDone = found.stage.closedAt != nil && targets[index].doneAt != found.stage.closedAt
        let isOver =
            !ended && !found.isOpen && targets.allSatisfy { $0.caseId == found.id || !$0.stage.isOpen }
        return changed(at: now) { changed in
            changed.targets[index].stage = found.stage.name
            changed.targets[index].doneAt = found.stage.closedAt
            changed.targets[index].after = found.afterPhotos
            if isOver { changed.close(at: now) }
        } telling: { changed in
            (isDone ? [changed.step(.targetDone, at: now, about: changed.targets[index])] : [])
                + (isOver ? [changed.step(.ended, at: now)] : [])
        }
    }

    /// When the deadline must be told: a millisecond after it, while there is something left to do.
    package var alarm: Timestamp? { ended || isOverdue ? nil : deadline.adding(milliseconds: 1) }

    /// The deadline's timer went off: nil where nobody needs to hear of it any more.
    package func ring(at now: Timestamp) -> CampaignDecision? {
        guard let alarm, now >= alarm else { return nil }
        return changed(at: now) {
            $0.isOverdue = true
        } telling: {
            [$0.step(.overdue, at: now)]
        }
    }

    /// One change: one version, the day's numbers as they are after it, and what is told of it.
    private func changed(
        at now: Timestamp, _ change: (inout CampaignState) -> Void,
        telling events: (CampaignState) -> [CampaignChanged]
    ) -> CampaignDecision {
        var changed = self
        changed.version += 1
        change(&changed)
        let today = now.day(utcOffsetMinutes: utcOffsetMinutes)
        let numbers = Day(day: today, open: changed.open, done: changed.done)
        if changed.burndown.last?.day == today { changed.burndown.removeLast() }
        let before = changed.burndown.last
        if before?.open != numbers.open || before?.done != numbers.done { changed.burndown.append(numbers) }
        return CampaignDecision(campaign: changed, events: events(changed))
    }

    private mutating func close(at now: Timestamp) {
        endedAt = now
        ended = true
    }

    private func step(
        _ step: CampaignChanged.Step, at now: Timestamp, by actorId: PersonID? = nil, reason: String? = nil,
        about target: Target? = nil, added: [TargetID]? = nil
    ) -> CampaignChanged {
        CampaignChanged(
            step: step, campaignId: campaignId, communityId: communityId, title: title, deadline: deadline, open: open,
            done: done, at: now, actorId: actorId, reason: reason, targetId: target?.targetId, caseId: target?.caseId,
            visits: target?.visits.count, targetIds: added)
    }
}

extension Case {
    /// The last photos of the work on it: what a campaign puts beside the one from before; nil where there are none.
    package var afterPhotos: [PhotoID]? { workPhotos.map { Array($0.suffix(CampaignState.mostPhotos)) } }
}

extension Timestamp {
    /// The day as `2026-11-23`.
    fileprivate func day(utcOffsetMinutes: Int) -> String {
        let compact = compactDay(utcOffsetMinutes: utcOffsetMinutes)
        return "\(compact.dropLast(4))-\(compact.dropLast(2).suffix(2))-\(compact.suffix(2))"
    }
}

extension String {
    /// Whether there is anything to read in it.
    var saysSomething: Bool { utf8.contains { $0 > UInt8(ascii: " ") } }
}

extension CaseDecision {
    /// The same, of a case that was opened for a campaign.
    package func opened(for campaign: CampaignID) -> CaseDecision {
        var opened = self.case
        opened.campaignId = campaign
        return CaseDecision(case: opened, events: events)
    }
}
