import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
private let day: Int64 = 24 * hour
private let monday = CitySample.monday

@Test func `a campaign begins with a case for each target`() throws {
    let cases = try [1, 2].map { OpenedTarget(Roofs.target($0), found: try Roofs.opened($0)) }
    let decision = CampaignState.begin(Roofs.start(), with: cases, at: monday, by: Sample.table)

    #expect(decision.events.map(\.step) == [.started])
    #expect(decision.events[0].actorId == "desk")
    #expect(decision.events[0].open == 2 && decision.events[0].done == 0)
    let campaign = decision.campaign
    #expect(campaign.version == 1)
    #expect(campaign.targets.map(\.caseId) == ["case-1", "case-2"])
    #expect(campaign.targets.map(\.stage) == [.opened, .opened])
    #expect(campaign.burndown == [CampaignState.Day(day: "2026-11-23", open: 2, done: 0)])
    #expect(campaign.alarm == monday.adding(milliseconds: 15 * day + 1))
}

@Test func `five visits to one door are kept in order, whenever they are told`() throws {
    var campaign = try Roofs.begun()
    for hours: Int64 in [3, 1, 5, 2, 4] {
        let photo = CitySample.photo(Int(hours)).id
        let decision = try Roofs.visited(
            campaign, Roofs.visit(after: hours * hour, saying: "第 \(hours) 次", photos: [photo]))
        #expect(decision.events.map(\.step) == [.visited])
        #expect(decision.events[0].visits == decision.campaign.targets[0].visits.count)
        campaign = decision.campaign
    }

    #expect(campaign.targets[0].visits.map(\.outcome) == (1...5).map { "第 \($0) 次" })
    #expect(campaign.targets[0].visits.allSatisfy { $0.by == "worker-a" && $0.photos?.count == 1 })
    #expect(campaign.targets[1].visits.isEmpty)
    #expect(campaign.version == 6)
    // What was said at the door is for staff only: the event that partners read does not have it.
    let told = try ContractCoding.text(try Roofs.visited(campaign, Roofs.visit(2, saying: "业主不在家")).events[0])
    #expect(!told.contains("业主不在家"))
}

@Test func `a target is done when its case closes, and with the last one the campaign is over`() throws {
    let first = try #require(try Roofs.begun().follow(Roofs.closed(1), at: monday.adding(milliseconds: day)))
    #expect(first.events.map(\.step) == [.targetDone])
    #expect(first.events[0].targetId == "roof-1" && first.events[0].caseId == "case-1")
    #expect(first.events[0].open == 1 && first.events[0].done == 1)
    #expect(first.campaign.targets[0].doneAt == monday)
    #expect(!first.campaign.ended)

    let second = try #require(first.campaign.follow(Roofs.closed(2), at: monday.adding(milliseconds: 2 * day)))
    #expect(second.events.map(\.step) == [.targetDone, .ended])
    #expect(second.events[1].actorId == nil)
    #expect(second.campaign.ended && second.campaign.endedAt == monday.adding(milliseconds: 2 * day))
    #expect(second.campaign.alarm == nil)
    #expect(
        second.campaign.burndown == [
            CampaignState.Day(day: "2026-11-23", open: 2, done: 0),
            CampaignState.Day(day: "2026-11-24", open: 1, done: 1),
            CampaignState.Day(day: "2026-11-25", open: 0, done: 2),
        ])
    #expect(try second.campaign.follow(Roofs.closed(2), at: monday.adding(milliseconds: 3 * day)) == nil)
}

@Test func `a target whose case comes to nothing is not open any more, and not done either`() throws {
    let refused = try Sample.decided(Sample.act(.refuse), on: Roofs.opened(1)).case
    let decision = try #require(try Roofs.begun().follow(refused, at: monday.adding(milliseconds: hour)))

    #expect(decision.events.isEmpty)
    #expect(decision.campaign.targets[0].stage == .refused)
    #expect(decision.campaign.open == 1 && decision.campaign.done == 0)
    // The day's numbers are those of its end.
    #expect(decision.campaign.burndown == [CampaignState.Day(day: "2026-11-23", open: 1, done: 0)])
}

@Test func `a case that is opened once more burns the campaign up again`() throws {
    let done = try #require(try Roofs.begun().follow(Roofs.closed(1), at: monday)).campaign
    let again = try Sample.decided(
        ActOnCase(
            caseId: "case-1", communityId: CitySample.mingdu, action: .reopen, actor: CitySample.boss, reason: "又种上了"),
        on: Roofs.closed(1)
    ).case

    let reopened = try #require(done.follow(again, at: monday.adding(milliseconds: day))).campaign

    #expect(reopened.targets[0].doneAt == nil)
    #expect(reopened.open == 2 && reopened.done == 0)
}

@Test func `a deadline that passes is told once, and not when all is done`() throws {
    let campaign = try Roofs.begun()
    let due = try #require(campaign.alarm)

    #expect(campaign.ring(at: due.adding(milliseconds: -1)) == nil)
    let overdue = try #require(campaign.ring(at: due))
    #expect(overdue.events.map(\.step) == [.overdue])
    #expect(overdue.campaign.isOverdue && !overdue.campaign.ended)
    #expect(overdue.campaign.ring(at: due.adding(milliseconds: day)) == nil)
}

@Test func `a person ends a campaign with a reason, and then nothing is added`() throws {
    func end(_ reason: String, _ campaign: CampaignState) throws -> CampaignAnswer {
        campaign.end(
            EndCampaign(
                campaignId: "campaign-1", communityId: CitySample.mingdu, reason: reason, actor: CitySample.desk),
            at: monday)
    }
    let campaign = try Roofs.begun()
    guard case .decided(let decision) = try end("由小区改造一并解决", campaign) else {
        Issue.record("it was not ended")
        return
    }

    #expect(decision.events.map(\.step) == [.ended])
    #expect(decision.events[0].actorId == "desk" && decision.events[0].reason == "由小区改造一并解决")
    #expect(decision.campaign.ended && decision.campaign.open == 2)
    #expect(try end(" ", campaign).refused == .reasonNeeded)
    #expect(try end("再次", decision.campaign).refused == .campaignOver)
    #expect(decision.campaign.visit(Roofs.visit(), at: monday.adding(milliseconds: day)).refused == .campaignOver)
    let more = AddCampaignTargets(
        campaignId: "campaign-1", communityId: CitySample.mingdu, targets: [Roofs.target(3)], actor: CitySample.desk)
    #expect(refusal(of: more, to: decision.campaign, at: monday, table: Sample.table)?.code == .campaignOver)
    #expect(refusal(of: more, to: campaign, at: monday, table: Sample.table) == nil)
    // A case that closes afterwards is a target done all the same.
    #expect(try decision.campaign.follow(Roofs.closed(1), at: monday)?.events.map(\.step) == [.targetDone])
}

@Test func `a full campaign fits on its topic`() throws {
    let long = String(repeating: "字", count: 100)
    let cases = try (0..<CampaignState.mostTargets).map { number in
        OpenedTarget(
            CampaignTarget(
                targetId: TargetID("\(number)" + String(repeating: "x", count: 60)), address: long,
                location: CitySample.townHall, ownerNote: long, photo: CitySample.photo(0).id),
            found: try Roofs.opened(number))
    }
    var campaign = CampaignState.begin(Roofs.start(), with: cases, at: monday, by: Sample.table).campaign
    let photos = (0..<CampaignState.mostPhotos).map { CitySample.photo($0).id }
    for number in campaign.targets.indices { campaign.targets[number].after = photos }
    for number in 0..<CampaignState.mostVisitsInAll {
        campaign.targets[number % 200].visits.append(
            CampaignState.Visit(
                at: monday, by: PersonID(String(repeating: "p", count: 128)), outcome: long + long, photos: photos))
    }
    campaign.burndown = (0..<400).map { CampaignState.Day(day: "2026-11-\($0)", open: 200, done: 200) }

    #expect(try ContractCoding.encode(campaign).count < 880_000)
}

@Test func `a target without a place counts as in the middle of its community`() {
    let city = CitySample.pack()
    let outlined = PackCommunity(
        id: CitySample.mingdu, name: "名都", ledgerId: "gaoxin", caseNumberPrefix: "MD",
        outline: [[[286_800_000, 1_158_500_000, 100_000, 0, 0, 200_000, -100_000, 0]]])
    let table = RoutingTable(
        Pack(
            name: "sample", title: "样例", version: 1, calendar: city.calendar, communities: [outlined],
            units: city.units, people: city.people, categories: city.categories, routingRules: city.routingRules,
            pointRules: [], templates: [], webhooks: [], mergeDistance: 5_000))

    #expect(table.middle(of: CitySample.mingdu) == Location(latitudeE7: 286_850_000, longitudeE7: 1_158_600_000))
    #expect(table.middle(of: CitySample.longjiang) == nil)
    #expect(
        refusal(of: Roofs.start([CampaignTarget(targetId: "r", address: "某处")]), known: nil, at: monday, table: table)
            == nil)
}
