import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Portal

extension CampaignState {
    /// Two roofs, one of them done on the second of four days.
    static func sample(
        _ id: CampaignID, version: Int = 1, startedAt: Timestamp = CitySample.moment("2026-11-20T10:00:00.000+08:00"),
        ended: Bool = false
    ) -> CampaignState {
        func target(_ name: TargetID, _ stage: CaseStage, doneAt: Timestamp?) -> Target {
            Target(
                targetId: name, address: "3 栋楼顶 <\(name)>", location: nil, ownerNote: "业主外出",
                caseId: CaseID("case-\(name)"),
                caseNumber: "MD-\(name)", stage: stage, doneAt: doneAt,
                visits: [Visit(at: startedAt, by: "worker-a", outcome: "已说明", photos: nil)],
                before: CitySample.photo(7).id, after: [CitySample.photo(8).id])
        }
        return CampaignState(
            campaignId: id, version: version, communityId: CitySample.mingdu, title: "楼顶种菜专项整治",
            category: CitySample.garbage, startedAt: startedAt, startedBy: "desk",
            deadline: CitySample.moment("2026-11-25T18:00:00.000+08:00"), ended: ended,
            targets: [target("roof-1", .dispatched, doneAt: nil), target("roof-2", .closed, doneAt: .minutes(-60))],
            burndown: [Day(day: "2026-11-20", open: 2, done: 0), Day(day: "2026-11-21", open: 1, done: 1)],
            utcOffsetMinutes: 480)
    }
}

private func step(_ step: CampaignChanged.Step, of state: CampaignState) -> CampaignChanged {
    CampaignChanged(
        step: step, campaignId: state.campaignId, communityId: state.communityId, title: state.title,
        deadline: state.deadline, open: state.open, done: state.done, at: PortalUnderTest.noon, actorId: "desk")
}

@Test func `the burndown has every day from the first to the deadline, and none that is to come`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CampaignState.sample("campaign-1"))
        let page = try await portal.browser(of: "worker-a", .worker, on: client).open("/console/campaigns/campaign-1")
            .text
        let rows = page.matches(
            of: /datetime="([0-9-]+)">[^<]*<\/time><\/th><td data-value="([0-9]*)">[^<]*<\/td><td>([0-9.]+)</
        )
        .map { "\($0.1) \($0.2) \($0.3)" }
        // Five steps from two to nothing; today is the 23rd.
        #expect(
            rows == [
                "2026-11-20 2 2", "2026-11-21 1 1.6", "2026-11-22 1 1.2", "2026-11-23 1 0.8", "2026-11-24  0.4",
                "2026-11-25  0",
            ])
        #expect(page.contains("/console/cases/case-roof-1") && page.contains("3 栋楼顶 &lt;roof-1&gt;"))
        // A worker notes visits, and neither adds nor ends.
        #expect(page.contains("/campaign-1/visits") && !page.contains("/campaign-1/end"))
    }
}

@Test func `a dispatcher begins a campaign by the form, a line a target`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(CitySample.pack())
        let desk = try portal.browser(of: "desk", .dispatcher, on: client)
        let form = try await desk.open("/console/campaigns")
        let fields = [
            "formToken": try #require(form.hidden("formToken")), "key": try #require(form.hidden("key")),
            "communityId": "mingdu", "title": "楼顶种菜专项整治", "category": "E0102", "deadline": "2026-12-08T18:00",
            "targets": "3 栋 2 单元楼顶 | 业主电话 13812345678\r\n\r\n 4 栋楼顶 \n",
        ]

        async let waiting = desk.send("/console/campaigns", fields)
        let command = try await portal.command()
        let sent = try Envelope<StartCampaign>(value: command.value).data
        let begun = CampaignState.sample(sent.campaignId)
        try await portal.hear(step(.started, of: begun), begun, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 303)
        #expect(answer.headers[.location] == "/console/campaigns/\(sent.campaignId)?done=1")
        #expect(sent.deadline == CitySample.moment("2026-12-08T10:00:00.000Z"))
        #expect(sent.targets.map(\.targetId) == ["target-1", "target-2"])
        #expect(sent.targets.map(\.address) == ["3 栋 2 单元楼顶", "4 栋楼顶"])
        #expect(sent.targets.map(\.ownerNote) == ["业主电话 ***********", nil])
        #expect(try await desk.open("/console/campaigns").text.contains("楼顶种菜专项整治"))
    }
}

@Test func `a form that is wrong comes back with what was typed, and what is refused with the reason`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(CitySample.pack())
        try await portal.hear(CampaignState.sample("campaign-1"))
        let desk = try portal.browser(of: "desk", .dispatcher, on: client)
        let form = try await desk.open("/console/campaigns")
        let token = try #require(form.hidden("formToken"))
        let empty = try await desk.send(
            "/console/campaigns",
            ["formToken": token, "communityId": "mingdu", "title": "夜间清理", "category": "E0102", "deadline": "soon"])
        #expect(empty.status == 409 && empty.text.contains("value=\"夜间清理\""))
        #expect(empty.text.contains("deadline:") && empty.text.contains("targets:"))
        #expect(try await portal.unanswered() == 0)

        async let waiting = desk.send(
            "/console/campaigns/campaign-1/end", ["formToken": token, "key": "end-1", "reason": "已办结"])
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: EndCampaign.type, code: "campaign-over", reason: "已经结束。"),
            cause: command.id)
        let refused = try await waiting
        #expect(refused.status == 409 && refused.text.contains("已经结束。"))

        let worker = try portal.browser(of: "worker-a", .worker, on: client)
        let page = try await worker.open("/console/campaigns/campaign-1")
        let forbidden = try await worker.send(
            "/console/campaigns/campaign-1/end",
            ["formToken": try #require(page.hidden("formToken")), "reason": "已办结"])
        #expect(forbidden.status == 403)
        #expect(try await worker.send("/console/campaigns/campaign-1/visits", ["outcome": "无人"]).status == 403)
    }
}
