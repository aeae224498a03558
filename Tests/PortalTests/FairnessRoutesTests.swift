import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let patrol: JSONValue = [
    "ledgerId": "nanchang", "personId": "rider-1", "taskId": "night-patrol", "minutes": 120,
    "servedAt": "2026-11-22T20:00:00+08:00", "reason": "电话 13812345678",
]

private func recorded(
    _ id: HoursRecordID, of person: PersonID = "rider-1", minutes: Int = 120, after: Int64 = 0,
    reverses: HoursRecordID? = nil
) -> HoursRecorded {
    HoursRecorded(
        recordId: id, ledgerId: "nanchang", personId: person, teamId: nil, taskId: "night-patrol", minutes: minutes,
        servedAt: .minutes(after), total: 120, reverses: reverses, transferId: nil, actorId: "desk", reason: nil)
}

private func changed(
    _ step: NoticeChanged.Step, _ id: NoticeID = "notice-1", to person: PersonID = "rider-1", taken: Int? = nil,
    by actor: PersonID? = "desk", at moment: Timestamp = PortalUnderTest.noon
) -> NoticeChanged {
    NoticeChanged(
        step: step, noticeId: id, ledgerId: "nanchang", personId: person, transferIds: ["award-1"], points: 10,
        taken: taken, signalId: nil, objectionUntil: .minutes(21_600), at: moment, actorId: actor, reason: "照片重复")
}

private func raised(_ id: SignalID, about people: [PersonID] = ["rider-1"], after: Int64 = 0) -> SignalRaised {
    SignalRaised(
        signalId: id, ledgerId: "nanchang", kind: .burst, personIds: people, caseIds: ["case-1"],
        explanation: "10 分钟内上报 6 次，阈值 6 次。", at: .minutes(after))
}

@Test func `hours are entered once for a key, masked, and answered as they stand`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)

        async let waiting = client.send("/v1/points/hours", patrol, token: token, key: "k-1")
        let command = try await portal.command()
        let sent = try command.read(RecordHours.self).data
        // What it earned may come first, and answers nothing.
        try await portal.hear(AccountState.sample(.available, 10), cause: command.id)
        try await portal.hear(recorded(sent.recordId), cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 201)
        #expect(answer.json["outcome"] == "applied" && answer.json["now"]?["minutes"] == 120)
        #expect(command.topic == "points-commands.v1" && command.key == "nanchang")
        #expect(sent.recordId.rawValue == command.id.description)
        #expect(sent.reason == "电话 ***********" && sent.actor.roles == ["dispatcher"])
        #expect(try await portal.unanswered() == 0)
        let again = try await client.send("/v1/points/hours", patrol, token: token, key: "k-1")
        #expect(again.status == 201)
        #expect(try await portal.commands().count == 1)
    }
}

@Test func `an entry is taken back by its id alone`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(recorded("hours-1", after: 3))
        let token = try await portal.token("desk", .admin)
        let body: JSONValue = ["reverses": "hours-1", "reason": "登记重复"]

        async let waiting = client.send("/v1/points/hours", body, token: token)
        let command = try await portal.command()
        let sent = try command.read(RecordHours.self).data
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: RecordHours.type, code: "already-taken-back", reason: "已撤回"),
            cause: command.id)
        let answer = try await waiting

        #expect(sent.reverses == "hours-1" && sent.minutes == 120 && sent.servedAt == .minutes(3))
        #expect(answer.status == 409 && answer.json["code"] == "already-taken-back")
        let unknown = try await client.send(
            "/v1/points/hours", ["reverses": "hours-9", "reason": "登记重复"], token: token)
        #expect(unknown.status == 404)
    }
}

@Test func `a person sees their hours with the total, and a certificate of those that count`() async throws {
    try await PortalUnderTest.run { portal, client in
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        try await portal.hear(
            recorded("hours-3", minutes: -60, after: 2, reverses: "hours-2"), recorded("hours-1", after: 1),
            recorded("hours-2", minutes: 60, after: 2), recorded("hours-4", of: hidden, minutes: 30, after: 3),
            recorded("hours-5", of: "rider-2", after: 4))
        // The same record once more is the same record.
        try await portal.hear(recorded("hours-1", after: 1))
        let token = try await portal.token("rider-1", .rider)

        let page = try await client.ask("/v1/me/hours?limit=3", token: token).json
        #expect(page["totalMinutes"] == 150)
        let entries = page["entries"]?["items"]?.array ?? []
        #expect(entries.compactMap { $0["recordId"]?.string } == ["hours-4", "hours-3", "hours-2"])
        #expect(entries.compactMap { $0["takenBack"]?.bool } == [false, false, true])
        #expect(page["entries"]?["nextCursor"]?.string != nil)
        let certificate = try await client.ask("/v1/me/hours/certificate", token: token).json
        #expect(certificate["title"] == "志愿服务记录证明" && certificate["totalMinutes"] == 150)
        #expect(
            certificate["services"]?.array?.compactMap { $0["recordId"]?.string } == ["hours-4", "hours-1"])
    }
}

@Test func `a notice is given by staff and heard of by its person, who alone may object`() async throws {
    try await PortalUnderTest.run { portal, client in
        let desk = try await portal.token("desk", .dispatcher)
        let body: JSONValue = [
            "ledgerId": "nanchang", "personId": "rider-1", "transferIds": ["award-1"], "reason": "照片重复",
        ]
        async let waiting = client.send("/v1/points/notices", body, token: desk)
        let command = try await portal.command()
        let sent = try command.read(GiveNotice.self).data
        try await portal.hear(changed(.given, sent.noticeId), cause: command.id)
        let given = try await waiting
        #expect(given.status == 201 && given.json["now"]?["state"] == "given")
        #expect(sent.transferIds == ["award-1"] && command.key == "nanchang")

        let path = "/v1/me/notices/\(sent.noticeId)/objection"
        let other = try await portal.token("rider-2", .rider)
        #expect(try await client.send(path, ["reason": "不是我"], token: other).status == 404)
        #expect(try await client.ask("/v1/me/notices", token: other).items("noticeId") == [])
        let rider = try await portal.token("rider-1", .rider)
        async let objecting = client.send(path, ["reason": "是新垃圾"], token: rider)
        let objection = try await portal.command(2)
        #expect(try objection.read(AnswerNotice.self).data.answer == .object)
        try await portal.hear(changed(.objected, sent.noticeId, by: "rider-1"), cause: objection.id)
        let answer = try await objecting
        #expect(answer.status == 200 && answer.json["now"]?["state"] == "objected")
        let mine = try await client.ask("/v1/me/notices", token: rider).json["items"]?.array?.first
        #expect(mine?["objection"] == "照片重复" && mine?["points"] == 10)
    }
}

@Test func `another decides a notice, and what the clock decided answers nobody`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            changed(.given, at: .minutes(1)), changed(.given, "notice-2", to: "rider-2", at: .minutes(2)))
        let admin = try await portal.token("admin-1", .admin)
        async let waiting = client.send(
            "/v1/points/notices/notice-1/decision", ["decision": "uphold", "reason": "属实"], token: admin)
        let command = try await portal.command()
        #expect(try command.read(AnswerNotice.self).data.answer == .uphold)
        try await portal.hear(changed(.upheld, taken: 4, by: "admin-1", at: .minutes(3)), cause: command.id)
        let answer = try await waiting
        #expect(answer.json["now"]?["state"] == "upheld" && answer.json["now"]?["taken"] == 4)

        try await portal.hear(
            changed(.lapsed, "notice-2", to: "rider-2", taken: 10, by: nil, at: .minutes(4)), cause: .random())
        #expect(try await portal.count("commandOutcome") == 1)
        let all = try await client.pages("/v1/points/notices?", limit: 1, token: admin)
        #expect(all.flatMap { $0.items("noticeId") } == ["notice-2", "notice-1"])
        #expect(all.flatMap { $0.items("state") } == ["lapsed", "upheld"])
        let one = try await client.ask("/v1/points/notices?personId=rider-2", token: admin)
        #expect(one.items("noticeId") == ["notice-2"])
    }
}

@Test func `signals are listed and reviewed by staff, by the name that they are about`() async throws {
    try await PortalUnderTest.run { portal, client in
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "desk"))
        try await portal.hear(raised("signal-1"), raised("signal-2", about: [hidden], after: 1))
        let desk = try await portal.token("desk", .dispatcher)

        async let waiting = client.send(
            "/v1/points/signals/signal-1/review", ["founded": false, "reason": "集中排查"], token: desk)
        let command = try await portal.command()
        let sent = try command.read(ReviewSignal.self).data
        #expect(!sent.founded && sent.actor.personId == "desk")
        try await portal.hear(
            SignalReviewed(
                signalId: "signal-1", ledgerId: "nanchang", founded: false, reason: sent.reason, at: .minutes(2),
                actorId: "desk"), cause: command.id)
        let answer = try await waiting
        #expect(answer.status == 200 && answer.json["now"]?["finding"] == "集中排查")

        func ids(_ query: String) async throws -> [String] {
            try await client.ask("/v1/points/signals\(query)", token: desk).items("signalId")
        }
        #expect(try await ids("") == ["signal-2", "signal-1"])
        #expect(try await ids("?reviewed=false") == ["signal-2"])
        #expect(try await ids("?reviewed=true") == ["signal-1"])
        #expect(
            try await client.ask("/v1/points/signals?reviewed=maybe", token: desk).wrongFields == ["reviewed"])
        async let refused = client.send(
            "/v1/points/signals/signal-2/review", ["founded": false, "reason": "没事"], token: desk)
        let own = try await portal.command(2)
        #expect(try own.read(ReviewSignal.self).data.actor.personId == hidden)
        try await portal.hear(
            CommandRefused(commandId: own.id, commandType: ReviewSignal.type, code: "not-allowed", reason: "本人"),
            cause: own.id)
        #expect(try await refused.status == 409)
    }
}

@Test func `only staff comes to what is the staff's, and what is wrong is named`() async throws {
    try await PortalUnderTest.run { portal, client in
        let rider = try await portal.token("rider-1", .rider, .worker)
        let desk = try await portal.token("desk", .dispatcher)
        try await portal.hear(changed(.given), raised("signal-1"))

        for path in [
            "/v1/points/hours", "/v1/points/notices", "/v1/points/notices/notice-1/decision",
            "/v1/points/signals/signal-1/review",
        ] {
            #expect(try await client.send(path, [:], token: rider).status == 403, "\(path)")
            #expect(try await client.send(path, [:], token: desk).status == 422, "\(path)")
        }
        for path in ["/v1/points/notices", "/v1/points/signals"] {
            #expect(try await client.ask(path, token: rider).status == 403)
        }
        let empty = try await client.send("/v1/points/hours", [:], token: desk)
        #expect(Set(empty.wrongFields) == ["ledgerId", "personId", "taskId", "minutes", "servedAt"])
        #expect(try await portal.commands().isEmpty)
    }
}
