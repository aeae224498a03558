import Contracts
import WorkingTime

/// Tells a campaign in the words of people.
struct CampaignTeller {
    let frame: Frame
    let pack: Pack?
    let visit: Visit
    let now: Timestamp

    private var time: LocalTime { LocalTime(pack) }
    private var cases: CaseTeller { CaseTeller(frame: frame, pack: pack, visit: visit, now: now) }

    func category(_ code: CategoryCode) -> String { cases.category(code) }

    func card(_ state: CampaignState) -> [String: Any] {
        let over = state.targets.count - state.open
        return [
            "campaignId": state.campaignId.rawValue, "campaignTitle": state.title,
            "communityName": pack?.communities.first { $0.id == state.communityId }?.name ?? state.communityId.rawValue,
            "categoryName": category(state.category),
            "deadline": "\(time.day(state.deadline)) \(time.clock(state.deadline))",
            "started": time.day(state.startedAt), "isEnded": state.ended,
            "endedDay": state.endedAt.map(time.day) ?? "", "isLate": state.isOverdue,
            "targetCount": state.targets.count, "openCount": state.open, "doneCount": state.done, "overCount": over,
            "visitedCount": state.targets.count { !$0.visits.isEmpty },
        ]
    }

    func page(_ state: CampaignState) -> [String: Any] {
        var page = card(state)
        let days = burndown(state)
        page["burndown"] = days.map { day in
            [
                "day": day.day, "shortDay": String(day.day.suffix(5)), "left": day.left.map(String.init) ?? "–",
                "leftValue": day.left.map(String.init) ?? "", "planned": tenths(day.plannedTenths),
            ]
        }
        page["targets"] = state.targets.map { target($0, of: state) }
        // The clocks of browsers are not asked. The minute that has begun is over: in the first one of a campaign the other
        // would be before its beginning.
        let minute = now.adding(milliseconds: 59_999)
        page["nowThere"] = "\(time.day(minute))T\(time.clock(minute))"
        return page
    }

    private func target(_ target: CampaignState.Target, of state: CampaignState) -> [String: Any] {
        var told: [String: Any] = [
            "targetId": target.targetId.rawValue, "address": target.address, "ownerNote": target.ownerNote ?? "",
            "caseId": target.caseId.rawValue, "caseNumber": target.caseNumber, "stage": target.stage.rawValue,
            "stageName": frame.words.text("stage.\(target.stage.rawValue)", visit.language),
            "visitedTimes": target.visits.count, "isVisited": !target.visits.isEmpty,
            "visits": target.visits.reversed().map {
                ["visitTime": time.short($0.at, now: now), "visitBy": $0.by.rawValue, "visitOutcome": $0.outcome]
            },
        ]
        if let before = target.before { told["beforePhotos"] = cases.photos([before]) }
        if let after = target.after, !after.isEmpty { told["afterPhotos"] = cases.photos(after) }
        return told
    }

    struct Day: Equatable {
        let day: String
        /// How many targets were left when it ended; nil for days to come.
        let left: Int?
        /// How many would be left if the same number were done every day up to the deadline, in tenths.
        let plannedTenths: Int
    }

    /// Every day from the first to the deadline, or to today where that is later: days without a change are as the one before.
    func burndown(_ state: CampaignState) -> [Day] {
        func civil(_ moment: Timestamp) -> CivilDay {
            CivilDay(milliseconds: moment.milliseconds, utcOffsetMinutes: state.utcOffsetMinutes)
        }
        let first = civil(state.startedAt)
        let deadline = max(civil(state.deadline), first)
        let until = min(state.endedAt.map(civil) ?? civil(now), civil(now))
        let known = Dictionary(state.burndown.map { ($0.day, $0.open) }, uniquingKeysWith: { $1 })
        let length = max(deadline.dayNumber - first.dayNumber, 1)
        var left = state.targets.count
        return (first.dayNumber...max(deadline, until).dayNumber).map { number in
            let day = CivilDay(dayNumber: number)
            left = known[day.isoText] ?? left
            let gone = min(number - first.dayNumber, length)
            return Day(
                day: day.isoText, left: day <= until ? left : nil,
                plannedTenths: state.targets.count * 10 * (length - gone) / length)
        }
    }

    private func tenths(_ number: Int) -> String {
        number % 10 == 0 ? "\(number / 10)" : "\(number / 10).\(number % 10)"
    }
}
