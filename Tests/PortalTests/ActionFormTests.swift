import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test(
    arguments: [
        ([:], ["action"]),
        (["action": "burn"], ["action"]),
        (["action": 7, "reason": "", "agrees": "yes"], ["action", "reason", "agrees"]),
        (["action": "file", "note": "x"], ["note"]),
        (["action": "refuse"], ["reason"]), (["action": "return"], ["reason"]), (["action": "reopen"], ["reason"]),
        (["action": "transfer"], ["reason", "toCommunityId"]),
        (["action": "refuse", "reason": "   "], ["reason"]),
        (["action": "refuse", "reason": .string(String(repeating: "长", count: 1_001))], ["reason"]),
        (["action": "reclassify"], ["reason", "category"]), (["action": "reclassify", "reason": "x"], ["category"]),
        (["action": "verify"], ["agrees"]), (["action": "verify", "agrees": false], ["reason"]),
        (
            ["action": "file", "unitId": "u", "handlerId": "h", "agrees": true, "toCommunityId": "c", "category": "x"],
            ["unitId", "handlerId", "agrees", "toCommunityId", "category"]
        ),
        (["action": "check"], ["agrees"]), (["action": "check", "agrees": false], ["reason"]),
        (["action": "decide-extension", "agrees": false], ["reason"]),
        (["action": "park", "reason": "x"], ["until"]), (["action": "park", "until": "soon"], ["until"]),
        (["action": "ask-extension", "reason": "x"], ["limit"]),
        (["action": "ask-extension", "reason": "x", "limit": "two days"], ["limit"]),
        (["action": "hand-over"], ["party"]), (["action": "rate"], ["solved"]),
        (["action": "rate", "solved": false], ["reason"]), (["action": "rate", "solved": "no"], ["solved"]),
        (["action": "check-in"], ["unitIds"]), (["action": "merge", "reason": "x"], ["otherCaseId"]),
        (["action": "whistle", "reason": "x", "unitIds": ["u"]], ["until"]),
        (["action": "split", "reason": "x"], ["reportIds"]),
        (["action": "handle", "reason": "x", "photos": [["id": "x"]]], ["photos[0].id", "photos[0].look"]),
        (["action": "handle"], ["reason"]),
        (["action": "handle", "reason": "x", "photos": "x"], ["photos"]),
        (["action": "split", "reason": "x", "reportIds": 1], ["reportIds"]),
        (
            [
                "action": "file", "until": "2026-11-27T09:00:00+08:00", "limit": "2d", "unitIds": ["u"], "party": "p",
                "satisfied": true, "solved": true, "otherCaseId": "c", "reportIds": ["r"],
                "photos": [["id": .string(CitySample.photo(1).id.rawValue), "look": "7c3e1f0f870783c1"]],
            ],
            ["photos", "until", "limit", "unitIds", "party", "satisfied", "solved", "otherCaseId", "reportIds"]
        ),
        (["action": "hand-over", "party": "p", "linkHash": "0"], ["linkHash"]),
        ("file", [""]),
    ] as [(JSONValue, [String])])
func `an action that is wrong names every wrong field and is not taken`(
    body: JSONValue, wrong: [String]
) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())

        let answer = try await client.act(body, token: try await portal.token("boss", .admin), key: "k-1")

        #expect(answer.status == 422)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer.wrongFields == wrong)
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `what is no JSON, or too much of it, is not taken`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("boss", .admin)
        func send(_ text: String) async throws -> Answer {
            try await client.execute(
                uri: "/v1/cases/case-1/actions", method: .post, headers: [.authorization: "Bearer \(token)"],
                body: ByteBuffer(string: text)
            ) { Answer($0) }
        }

        #expect(try await send("{\"action\":").status == 400)
        #expect(try await send("").status == 400)
        #expect(try await send("\"" + String(repeating: "x", count: 70_000) + "\"").status == 413)
        #expect(try await portal.commands().isEmpty)
    }
}

/// A right form of each action, and who may try it.
private let rights: [(action: CaseAction, body: JSONValue, roles: Set<Role>)] = [
    (.file, ["action": "file"], [.dispatcher, .admin]),
    (.refuse, ["action": "refuse", "reason": "查无此事"], [.dispatcher, .admin]),
    (.dispatch, ["action": "dispatch", "unitId": "mingdu-property", "handlerId": "worker-a"], [.dispatcher, .admin]),
    (.transfer, ["action": "transfer", "reason": "属于龙江", "toCommunityId": "longjiang"], [.dispatcher, .admin]),
    (.reclassify, ["action": "reclassify", "reason": "是井盖", "category": "P0101"], [.dispatcher, .admin]),
    (.return, ["action": "return", "reason": "不归我们管"], [.worker, .admin]),
    (.handle, ["action": "handle", "reason": "已清运"], [.worker, .admin]),
    (.verify, ["action": "verify", "agrees": true], [.verifier, .admin]),
    (.reopen, ["action": "reopen", "reason": "又坏了"], [.rider, .resident, .dispatcher, .admin]),
    (.check, ["action": "check", "agrees": true], [.worker, .verifier, .dispatcher, .admin]),
    (.accept, ["action": "accept"], [.worker, .dispatcher, .admin]),
    (.park, ["action": "park", "reason": "等配件", "until": "2026-11-27T09:00:00+08:00"], [.dispatcher, .admin]),
    (.resume, ["action": "resume", "reason": "配件到了"], [.dispatcher, .admin]),
    (.askExtension, ["action": "ask-extension", "reason": "下雨", "limit": "2d"], [.worker, .dispatcher, .admin]),
    (.decideExtension, ["action": "decide-extension", "agrees": true], [.dispatcher, .admin]),
    (.askReporter, ["action": "ask-reporter", "reason": "在哪一栋？"], [.worker, .dispatcher, .admin]),
    (.reply, ["action": "reply", "reason": "3 栋"], [.rider, .resident, .dispatcher, .admin]),
    (.cancel, ["action": "cancel", "reason": "演练"], [.dispatcher, .admin]),
    (.handOver, ["action": "hand-over", "party": "电信分公司"], [.dispatcher, .admin]),
    (.refer, ["action": "refer", "reason": "要五方商量"], [.dispatcher, .admin]),
    (.rate, ["action": "rate", "satisfied": true, "solved": true], [.rider, .resident, .admin]),
    (
        .whistle,
        [
            "action": "whistle", "reason": "联合执法", "unitIds": ["sanitation"], "until": "2026-11-27T09:00:00+08:00",
        ], [.dispatcher, .admin]
    ),
    (.checkIn, ["action": "check-in", "unitIds": ["sanitation"]], [.worker, .dispatcher, .admin]),
    (.addCoOwner, ["action": "add-co-owner", "unitIds": ["sanitation"], "limit": "2d"], [.dispatcher, .admin]),
    (.coHandle, ["action": "co-handle", "unitIds": ["sanitation"]], [.worker, .dispatcher, .admin]),
    (.makeSafe, ["action": "make-safe"], [.worker, .admin]),
    (.merge, ["action": "merge", "reason": "同一处", "otherCaseId": "case-2"], [.dispatcher, .admin]),
    (.split, ["action": "split", "reason": "两处", "reportIds": ["report-1"]], [.dispatcher, .admin]),
    (.keepApart, ["action": "keep-apart", "reason": "两处", "otherCaseId": "case-2"], [.dispatcher, .admin]),
    (.adopt, ["action": "adopt", "otherCaseId": "case-2"], [.dispatcher, .admin]),
    (.adopt, ["action": "adopt"], [.dispatcher, .admin]),
]

@Test(arguments: Role.allCases)
func `a role opens its own doors only`(role: Role) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("somebody", role)

        for (action, body, roles) in rights {
            let answer = try await client.act(body, token: token)
            #expect(answer.status == (roles.contains(role) ? 202 : 403), "\(action)")
            // Who may take no step at all is told who may take any.
            let may = Posts.actors.contains(role) ? roles : Posts.actors
            let names = may.map(\.rawValue).sorted().joined(separator: " or ")
            if answer.status == 403 { #expect(answer.json["detail"]?.string?.contains(names) == true, "\(action)") }
        }
        #expect(try await portal.commands().count == rights.count { $0.roles.contains(role) })
    }
}

@Test func `every action has a right form here`() {
    #expect(Set(rights.map(\.action)) == Set(CaseAction.allCases))
}

@Test func `a command says who asks, what, of which case and until when`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample(in: CitySample.longjiang))
        let token = try await portal.token("boss", .admin, .dispatcher)

        _ = try await client.act(
            ["action": "dispatch", "unitId": "sanitation", "handlerId": "sweeper", "reason": "请尽快"], token: token,
            key: "k-1")

        let sent = try await portal.command()
        let command = try sent.read(ActOnCase.self)
        #expect(sent.topic == TopicCatalogue.caseCommands.name)
        #expect(sent.key == "longjiang")
        #expect(sent.id == CommandDoor.commandID(subject: "boss", key: "k-1"))
        #expect(command.id == sent.id)
        #expect(command.attributes.source == "/portal/1")
        #expect(
            command.data
                == ActOnCase(
                    caseId: "case-1", communityId: CitySample.longjiang, action: .dispatch,
                    actor: Actor(personId: "boss", roles: ["admin", "dispatcher"]), reason: "请尽快",
                    unitId: "sanitation", handlerId: "sweeper",
                    notAfter: PortalUnderTest.noon.adding(milliseconds: 60_000)))
    }
}

@Test func `a category goes along, and the reason masked`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())

        _ = try await client.act(
            ["action": "reclassify", "category": "P0101", "reason": "是井盖，见 13812345678"],
            token: try await portal.token("desk", .dispatcher))

        let command = try await portal.command().read(ActOnCase.self).data
        #expect(command.action == .reclassify)
        #expect(command.category == "P0101")
        #expect(command.reason == "是井盖，见 ***********")
    }
}

@Test func `what an action needs goes along, free text masked`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let photo = CitySample.photo(1)

        _ = try await client.act(
            [
                "action": "handle", "reason": "已清运 13812345678",
                "photos": [["id": .string(photo.id.rawValue), "look": .string(photo.look)]],
            ],
            token: try await portal.token("boss", .admin))

        let command = try await portal.command().read(ActOnCase.self).data
        #expect(command.details == StepDetails { $0.photos = [photo] })
        #expect(command.reason == "已清运 ***********")
    }
}

@Test func `nothing is asked of a case that is not here`() async throws {
    try await PortalUnderTest.run { portal, client in
        let answer = try await client.act(["action": "file"], token: try await portal.token("desk", .dispatcher))

        #expect(answer.status == 404)
        #expect(try await portal.commands().isEmpty)
    }
}
