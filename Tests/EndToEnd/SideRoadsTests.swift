import Contracts
import Foundation
import TestSupport
import Testing

/// The side roads of the loop with real processes, through portal's doors, as staff, riders and a contractor would walk them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SideRoadsTests {
    private struct Standing: Decodable, Sendable {
        struct Course: Decodable, Sendable {
            let parentId: String?
        }

        let stage: String
        let handlerId: String?
        let course: Course?
    }

    private struct Linked: Decodable { let link: String }

    private struct Campaign: Decodable {
        struct Target: Decodable { let caseId: String }
        struct Day: Decodable {
            let open: Int
            let done: Int
        }

        let targets: [Target]?
        let burndown: [Day]
        let endedAt: String?
    }

    @Test func `a case rests, asks, calls for help, goes to a contractor and comes back, and others are tied and cut`()
        async throws
    {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let main = try await deployment.caseOfReport(by: "rider-1", "E0102", key: "side-1").caseId
            try await Self.playClock(main, deployment)
            try await Self.playHelp(main, deployment)
            try await Self.playContractor(main, deployment)
            try await Self.playTies(deployment)
            try await Self.playCampaign(deployment)

            let verified = try await deployment.suishoupai("verify-case", main, "--data", deployment.data)
            #expect(verified.status == 0, "\(verified.output)")
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "30", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
        }
    }

    /// More time, which another one grants; a rest that ends by itself; a question that stops the clock.
    private static func playClock(_ id: String, _ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        let rider = try await deployment.token("rider", "rider-1")
        try await deployment.act(#"{"action": "file"}"#, on: id, token: desk)
        try await deployment.act(#"{"action": "dispatch"}"#, on: id, token: desk)
        let worker = try await worker(of: id, deployment)
        try await deployment.act(#"{"action": "accept"}"#, on: id, token: worker)
        try await deployment.act(
            #"{"action": "ask-extension", "limit": "1d", "reason": "缺配件"}"#, on: id, token: worker)
        try await refused(#"{"action": "decide-extension", "agrees": true}"#, on: id, token: worker, deployment)
        try await deployment.act(#"{"action": "decide-extension", "agrees": true}"#, on: id, token: desk)

        let until = moment(inMilliseconds: 4_000)
        try await deployment.act(
            #"{"action": "park", "reason": "等道路开挖许可", "until": "\#(until)"}"#, on: id, token: desk)
        #expect(try await standing(id, deployment).stage == "parked")
        try await refused(#"{"action": "handle", "reason": "已清运"}"#, on: id, token: worker, deployment)
        try await stands(id, at: "dispatched", deployment)

        try await deployment.act(#"{"action": "ask-reporter", "reason": "是哪个单元？"}"#, on: id, token: worker)
        #expect(try await standing(id, deployment).stage == "waiting")
        try await deployment.act(#"{"action": "reply", "reason": "三单元门口"}"#, on: id, token: rider)
        try await stands(id, at: "dispatched", deployment)
    }

    /// Units are called to the spot and come; another unit has a part, without which nothing is done.
    private static func playHelp(_ id: String, _ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        let until = moment(inMilliseconds: 3_600_000)
        try await deployment.act(
            #"""
            {"action": "whistle", "unitIds": ["sanitation", "urban-management"], "until": "\#(until)",
             "reason": "社区单独解决不了"}
            """#, on: id, token: desk)
        for unit in ["sanitation", "urban-management"] {
            let called = try await deployment.token("worker", "worker-\(unit)-1")
            try await deployment.act(#"{"action": "check-in", "unitIds": ["\#(unit)"]}"#, on: id, token: called)
        }
        try await deployment.act(
            #"{"action": "add-co-owner", "unitIds": ["parks"], "limit": "1d"}"#, on: id, token: desk)
        let worker = try await worker(of: id, deployment)
        let early = try await refused(#"{"action": "handle", "reason": "已清运"}"#, on: id, token: worker, deployment)
        #expect(early.contains("parks"), "the refusal names who is still at it: \(early)")
        let parks = try await deployment.token("worker", "worker-parks-1")
        try await deployment.act(#"{"action": "co-handle", "unitIds": ["parks"]}"#, on: id, token: parks)
    }

    /// A contractor says by a link that it is done; the reporter says that it is not, and later that it is.
    private static func playContractor(_ id: String, _ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        let rider = try await deployment.token("rider", "rider-1")
        let handed = try await deployment.post(
            "portal", "/v1/cases/\(id)/actions", token: desk, json: #"{"action": "hand-over", "party": "洁净保洁公司"}"#)
        #expect(handed.status == 200, "\(handed.text)")
        let link = try handed.json(Linked.self).link
        let path = try #require(URLComponents(string: link)?.path)
        let shown = try await deployment.get("portal", path)
        #expect(shown.status == 200 && shown.text.contains("洁净保洁公司"), "\(shown.text)")
        #expect(!shown.text.contains("rider-1"), "a contractor sees no people")
        let done = try await deployment.post("portal", path, token: nil, json: #"{"reason": "已清运"}"#)
        #expect(done.status == 200, "\(done.text)")
        try await verify(id, deployment)

        try await deployment.act(
            #"{"action": "rate", "solved": false, "reason": "又堆上了"}"#, on: id, token: rider)
        try await stands(id, at: "dispatched", deployment)
        try await deployment.act(
            #"{"action": "handle", "reason": "已清运"}"#, on: id, token: try await worker(of: id, deployment))
        try await verify(id, deployment)
        try await deployment.act(
            #"{"action": "rate", "solved": true, "satisfied": true}"#, on: id, token: rider)
        let timeline = try await deployment.get("portal", "/v1/cases/\(id)/timeline", token: desk).text
        for step in [
            "extension-asked", "extension-decided", "parked", "resumed", "information-asked", "information-given",
            "whistled", "checked-in", "whistle-ended", "co-owner-added", "co-owner-handled", "handed-over", "reopened",
            "rated",
        ] {
            #expect(timeline.contains("\"case.\(step)\""), "\(step) is missing")
        }
    }

    /// Merged and cut apart again, a part of another, referred and taken back.
    private static func playTies(_ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        let kept = try await deployment.caseOfReport(by: "rider-2", "E0505", key: "side-2", metresNorth: 20).caseId
        let other = try await deployment.caseOfReport(by: "rider-3", "P0118", key: "side-3", metresNorth: 40).caseId
        try await deployment.act(
            #"{"action": "merge", "otherCaseId": "\#(kept)", "reason": "同一处"}"#, on: other, token: desk)
        try await stands(other, at: "merged", deployment)
        let joined = try await deployment.get("portal", "/v1/cases/\(kept)/timeline", token: desk).text
        #expect(joined.contains("\"case.report-joined\""), "\(joined)")
        let merged = try await deployment.get("portal", "/v1/cases/\(other)/timeline", token: desk).text
        let report = try #require(merged.firstMatch(of: /"reportIds":\["([^"]+)"\]/)?.output.1, "\(merged)")
        #expect(merged.contains("\"score\"") && joined.contains("\(report)"), "why, and which report: \(merged)")
        try await deployment.act(
            #"{"action": "split", "reportIds": ["\#(report)"], "reason": "其实是两处"}"#, on: kept, token: desk)
        try await stands(other, at: "opened", deployment)

        try await deployment.act(#"{"action": "adopt", "otherCaseId": "\#(kept)"}"#, on: other, token: desk)
        #expect(try await standing(other, deployment).course?.parentId == kept)
        try await deployment.act(#"{"action": "adopt"}"#, on: other, token: desk)
        try await deployment.act(#"{"action": "refer", "reason": "需要五方议事"}"#, on: other, token: desk)
        #expect(try await standing(other, deployment).stage == "referred")
        try await deployment.act(#"{"action": "resume", "reason": "议定不再增设"}"#, on: other, token: desk)
        try await deployment.act(#"{"action": "cancel", "reason": "上报人已自行处理"}"#, on: other, token: desk)
        try await stands(other, at: "cancelled", deployment)
    }

    /// Two roofs: one door is visited twice, both are cleared, and the campaign is over by itself.
    private static func playCampaign(_ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        let deadline = moment(inMilliseconds: 86_400_000 * 15)
        let started = try await deployment.post(
            "portal", "/v1/campaigns", token: desk,
            json: #"""
                {"communityId": "mingdu", "title": "楼顶菜园清理", "category": "E0505", "deadline": "\#(deadline)",
                 "targets": [{"targetId": "3-2", "address": "3 栋 2 单元楼顶"}, {"targetId": "5-1", "address": "5 栋 1 单元楼顶"}]}
                """#, headers: ["Idempotency-Key": "side-campaign"])
        #expect(started.status == 201, "\(started.text)")
        let id = try #require(started.text.firstMatch(of: /"campaignId":"([^"]+)"/)?.output.1)
        let path = "/v1/campaigns/\(id)"
        let visitor = try await deployment.token("worker", "worker-mingdu-committee-1")
        for outcome in ["没人在家", "同意清理"] {
            let visit = try await deployment.post(
                "portal", path + "/visits", token: visitor,
                json: #"{"targetId": "3-2", "visitedAt": "\#(moment(inMilliseconds: 0))", "outcome": "\#(outcome)"}"#)
            #expect(visit.status == 200, "\(visit.text)")
        }
        let campaign = try await eventually("portal shows both targets") {
            let view = try await deployment.get("portal", path, token: desk)
            guard view.status == 200 else { return nil as Campaign? }
            let campaign = try view.json(Campaign.self)
            return campaign.targets?.count == 2 ? campaign : nil
        }
        for target in campaign.targets ?? [] {
            try await stands(target.caseId, at: "opened", deployment)
            try await deployment.act(#"{"action": "file"}"#, on: target.caseId, token: desk)
            try await deployment.act(#"{"action": "dispatch"}"#, on: target.caseId, token: desk)
            let worker = try await worker(of: target.caseId, deployment)
            try await deployment.act(#"{"action": "handle", "reason": "已清运"}"#, on: target.caseId, token: worker)
            try await verify(target.caseId, deployment)
        }
        try await eventually("the campaign is over") {
            let campaign = try await deployment.get("portal", path, token: desk).json(Campaign.self)
            return campaign.endedAt != nil && campaign.burndown.last?.open == 0 && campaign.burndown.last?.done == 2
        }
    }

    // MARK: - Who, when and where

    private static func moment(inMilliseconds pause: Int64) -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + pause)
    }

    private static func standing(_ id: String, _ deployment: Deployment) async throws -> Standing {
        let desk = try await deployment.token(anybody: "dispatcher")
        return try await deployment.get("portal", "/v1/cases/\(id)", token: desk).json(Standing.self)
    }

    private static func stands(_ id: String, at stage: String, _ deployment: Deployment) async throws {
        let desk = try await deployment.token(anybody: "dispatcher")
        try await eventually("\(id) is \(stage)", within: .seconds(60)) {
            let view = try await deployment.get("portal", "/v1/cases/\(id)", token: desk)
            return view.status == 200 ? try view.json(Standing.self).stage == stage : false
        }
    }

    private static func worker(of id: String, _ deployment: Deployment) async throws -> String {
        try await deployment.token("worker", try #require(try await standing(id, deployment).handlerId))
    }

    private static func verify(_ id: String, _ deployment: Deployment) async throws {
        let verifier = try await deployment.token("verifier", "verifier-mingdu-1")
        try await stands(id, at: "handled", deployment)
        try await deployment.act(#"{"action": "verify", "agrees": true}"#, on: id, token: verifier)
        try await stands(id, at: "closed", deployment)
    }

    /// Acts on a case, which must not be taken; says what was answered.
    @discardableResult
    private static func refused(
        _ json: String, on id: String, token: String, _ deployment: Deployment
    ) async throws -> String {
        let answer = try await deployment.post("portal", "/v1/cases/\(id)/actions", token: token, json: json)
        #expect(answer.status == 403 || answer.status == 409, "\(json): \(answer.status) \(answer.text)")
        return answer.text
    }
}
