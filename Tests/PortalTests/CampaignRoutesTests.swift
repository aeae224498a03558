import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let roofs: JSONValue = [
    "communityId": "mingdu", "title": "楼顶种菜专项整治", "category": "C0101", "deadline": "2026-12-08T18:00:00+08:00",
    "targets": [
        [
            "targetId": "roof-1", "address": "3 栋 2 单元楼顶",
            "location": ["latitude": 28.6829, "longitude": 115.8582], "ownerNote": "业主电话 13812345678",
            "photo": .string(CitySample.photo(7).id.rawValue),
        ],
        ["targetId": "roof-2", "address": "4 栋楼顶"],
    ],
]

private func campaign(
    _ id: CampaignID, version: Int = 1, ended: Bool = false, startedAt: Timestamp = PortalUnderTest.noon,
    visits: [CampaignState.Visit] = []
) -> CampaignState {
    CampaignState(
        campaignId: id, version: version, communityId: CitySample.mingdu, title: "楼顶种菜专项整治", category: "C0101",
        startedAt: startedAt, startedBy: "desk", deadline: .minutes(600), endedAt: ended ? .minutes(5) : nil,
        ended: ended,
        targets: [
            CampaignState.Target(
                targetId: "roof-1", address: "3 栋 2 单元楼顶", location: nil, ownerNote: nil, caseId: "case-1",
                caseNumber: "MD-1", stage: .opened, visits: visits, before: CitySample.photo(7).id,
                after: [CitySample.photo(8).id])
        ], burndown: [CampaignState.Day(day: "2026-11-23", open: 1, done: 0)], utcOffsetMinutes: 480)
}

private func step(_ step: CampaignChanged.Step, of state: CampaignState) -> CampaignChanged {
    CampaignChanged(
        step: step, campaignId: state.campaignId, communityId: state.communityId, title: state.title,
        deadline: state.deadline, open: state.open, done: state.done, at: PortalUnderTest.noon, actorId: "desk")
}

@Test func `a campaign is begun and answered as it stands`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.send("/v1/campaigns", roofs, token: token, key: "k-1")
        let command = try await portal.command()
        let sent = try Envelope<StartCampaign>(value: command.value).data
        let begun = campaign(sent.campaignId)
        try await portal.hear(step(.started, of: begun), begun, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 201)
        #expect(answer.json["outcome"] == "applied")
        #expect(answer.json["campaignId"] == .string(sent.campaignId.rawValue))
        #expect(answer.json["campaign"]?["open"] == 1)
        #expect(answer.json["campaign"]?["burndown"]?.array?.count == 1)
        #expect(command.topic == "case-commands.v1" && command.key == "mingdu")
        #expect(sent.campaignId.rawValue == command.id.description)
        #expect(sent.targets.count == 2)
        #expect(sent.targets[0].location == Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000))
        #expect(sent.targets[0].ownerNote == "业主电话 ***********")
        #expect(sent.targets.map(\.photo) == [CitySample.photo(7).id, nil])
        #expect(sent.actor.roles == ["dispatcher"])
        #expect(try await portal.unanswered() == 0)
        #expect(portal.metrics.text().contains(#"commands_total{action="campaign-start",outcome="applied"} 1"#))
    }
}

@Test func `a visit is told by a worker, masked, and shown with its campaign`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(campaign("campaign-1"))
        let token = try await portal.token("worker-a", .worker)
        let body: JSONValue = [
            "targetId": "roof-1", "visitedAt": "2026-11-23T10:00:00+08:00", "outcome": "已说明，电话 13812345678",
            "photos": [.string(CitySample.photo(1).id.rawValue)],
        ]

        async let waiting = client.send("/v1/campaigns/campaign-1/visits", body, token: token)
        let command = try await portal.command()
        let sent = try Envelope<VisitCampaignTarget>(value: command.value).data
        let visited = campaign(
            "campaign-1", version: 2,
            visits: [.init(at: sent.visitedAt, by: "worker-a", outcome: sent.outcome, photos: sent.photos)])
        try await portal.hear(step(.visited, of: visited), visited, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200)
        #expect(sent.outcome == "已说明，电话 ***********")
        #expect(sent.photos == [CitySample.photo(1).id])
        #expect(sent.visitedAt == CitySample.moment("2026-11-23T02:00:00.000Z"))
        #expect(
            answer.json["campaign"]?["targets"]?.array?.first?["visits"]?.array?.first?["outcome"]
                == "已说明，电话 ***********")
        let target = answer.json["campaign"]?["targets"]?.array?.first
        #expect(target?["before"] == .string(CitySample.photo(7).id.rawValue))
        #expect(target?["after"]?.array == [.string(CitySample.photo(8).id.rawValue)])
    }
}

@Test func `a refusal is told in the owner's words`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(campaign("campaign-1"))
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.send("/v1/campaigns/campaign-1/end", ["reason": "已办结"], token: token)
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: EndCampaign.type, code: "campaign-over", reason: "已结束 / over"),
            cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 409)
        #expect(answer.json["code"] == "campaign-over")
    }
}

@Test func `campaigns are listed newest first, page by page, for staff only`() async throws {
    try await PortalUnderTest.run { portal, client in
        for number in 1...5 {
            try await portal.hear(
                campaign(CampaignID("campaign-\(number)"), ended: number == 2, startedAt: .minutes(Int64(number))))
        }
        // A state that is older than what is known changes nothing.
        try await portal.hear(campaign("campaign-2", version: 1, ended: false))
        let token = try await portal.token("checker", .verifier)

        let pages = try await client.pages("/v1/campaigns?", limit: 2, token: token)
        #expect(pages.flatMap { $0.items("campaignId") } == (1...5).reversed().map { "campaign-\($0)" })
        #expect(pages[0].json["items"]?.array?.first?["targets"] == nil)
        let over = try await client.ask("/v1/campaigns?ended=true", token: token)
        #expect(over.items("campaignId") == ["campaign-2"])
        #expect(try await client.ask("/v1/campaigns?communityId=longjiang", token: token).items("campaignId") == [])
        #expect(try await client.ask("/v1/campaigns?ended=maybe", token: token).wrongFields == ["ended"])
        let one = try await client.ask("/v1/campaigns/campaign-3", token: token)
        #expect(one.json["total"] == 1)
        #expect(one.json["targets"]?.array?.count == 1)
        #expect(try await client.ask("/v1/campaigns/none", token: token).status == 404)

        let rider = try await portal.token("rider-1", .rider)
        #expect(try await client.ask("/v1/campaigns", token: rider).status == 403)
        #expect(try await client.ask("/v1/campaigns/campaign-3", token: rider).status == 403)
    }
}

@Test func `only who may can ask, and what is wrong is named`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(campaign("campaign-1"))
        let worker = try await portal.token("worker-a", .worker)
        let desk = try await portal.token("desk", .dispatcher)
        let verifier = try await portal.token("checker", .verifier)

        #expect(try await client.send("/v1/campaigns", roofs, token: worker).status == 403)
        #expect(try await client.send("/v1/campaigns/campaign-1/end", ["reason": "x"], token: worker).status == 403)
        #expect(try await client.send("/v1/campaigns/campaign-1/visits", [:], token: verifier).status == 403)
        let empty = try await client.send("/v1/campaigns", [:], token: desk)
        #expect(empty.status == 422)
        #expect(Set(empty.wrongFields) == ["communityId", "title", "category", "deadline", "targets"])
        let odd = try await client.send(
            "/v1/campaigns/campaign-1/visits",
            [
                "targetId": "roof-1", "visitedAt": "today", "outcome": "好",
                "photos": [.string(String(repeating: "z", count: 64))],
            ], token: worker)
        #expect(Set(odd.wrongFields) == ["visitedAt", "photos"])
        #expect(try await portal.commands().isEmpty)
    }
}

@Test(arguments: ["short", String(repeating: "z", count: 64)])
func `a photo of a target that is no photo's id is refused by name`(photo: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(campaign("campaign-1"))
        let targets: JSONValue = [
            "targets": [["targetId": "roof-9", "address": "9 栋楼顶", "photo": .string(photo)]]
        ]

        let answer = try await client.send(
            "/v1/campaigns/campaign-1/targets", targets, token: try await portal.token("desk", .dispatcher))

        #expect(answer.status == 422)
        #expect(answer.wrongFields.contains { $0.hasSuffix("photo") }, "\(answer.wrongFields)")
    }
}
