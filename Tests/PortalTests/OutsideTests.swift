import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func handedOver(
    by link: OutsideLink, version: Int = 2, until: Timestamp? = nil, stage: CaseStage = .dispatched
) -> CaseState {
    .sample(
        version: version, stage: stage,
        course: CaseCourse {
            $0.party = "电信分公司"
            $0.linkHash = link.hash
            $0.partyUntil = until
        })
}

@Test func `a link is told once to who hands the case over, and only its hash travels`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("desk", .dispatcher)
        let body: JSONValue = ["action": "hand-over", "party": "张三 13812345678"]

        let answer = try await client.act(body, token: token, key: "k-1")
        let again = try await client.act(body, token: token, key: "k-1")

        let path = try #require(answer.json["link"]?.string)
        #expect(path.hasPrefix("/v1/outside/") && path.utf8.count == "/v1/outside/".utf8.count + 32)
        #expect(again.json["link"] == nil || again.json["link"] == .null)
        let command = try await portal.command()
        let details = try #require(try command.read(ActOnCase.self).data.details)
        let link = OutsideLink(shown: String(path.dropFirst("/v1/outside/".count)))
        #expect(details.linkHash == link.hash)
        #expect(details.party == "张三 ***********")
        #expect(!String(decoding: command.value, as: UTF8.self).contains(link.token))
    }
}

@Test func `an outside party sees by its link what and where, and nobody`() async throws {
    try await PortalUnderTest.run { portal, client in
        let link = OutsideLink()
        try await portal.hear(handedOver(by: link))

        let answer = try await client.ask(link.path)

        #expect(answer.status == 200)
        #expect(answer.json["caseNumber"]?.string == "MD-case-1")
        #expect(answer.json["description"]?.string == "楼下一堆垃圾")
        #expect(answer.json["party"]?.string == "电信分公司")
        #expect(!answer.text.contains("rider-1") && !answer.text.contains(link.hash))
        #expect(try await client.ask(OutsideLink().path).status == 404)
    }
}

@Test func `a link is good until its time is over, another takes its place, or the case ends`() async throws {
    try await PortalUnderTest.run { portal, client in
        let link = OutsideLink()
        try await portal.hear(handedOver(by: link, until: PortalUnderTest.noon))
        #expect(try await client.ask(link.path).status == 200)
        try await portal.hear(
            handedOver(by: link, version: 3, until: PortalUnderTest.noon.adding(milliseconds: -1)))
        #expect(try await client.ask(link.path).status == 404)

        let next = OutsideLink()
        try await portal.hear(handedOver(by: next, version: 4))
        #expect(try await client.ask(link.path).status == 404)
        #expect(try await client.ask(next.path).status == 200)

        try await portal.hear(CaseState.sample(version: 5))
        #expect(try await client.ask(next.path).status == 404)
    }
}

@Test func `an outside party says that it is done, in its own words`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        let link = OutsideLink()
        try await portal.hear(handedOver(by: link))

        let wordless = try await client.send(link.path, [:], token: nil)
        let photo = CitySample.photo(1)
        let blurred = try await client.send(link.path, ["reason": "好了", "photos": [["id": "x"]]], token: nil)
        #expect(blurred.wrongFields == ["photos[0].id", "photos[0].look"])
        let answer = try await client.send(
            link.path,
            [
                "reason": "线已接好，13812345678",
                "photos": [["id": .string(photo.id.rawValue), "look": .string(photo.look)]],
            ], token: nil)

        #expect(wordless.wrongFields == ["reason"])
        #expect(answer.status == 202)
        let command = try await portal.command().read(ActOnCase.self).data
        #expect(command.action == .handle && command.caseId == "case-1")
        #expect(command.actor == Actor(personId: link.personId, roles: ["outside-party"]))
        #expect(command.reason == "线已接好，***********")
        #expect(
            command.details
                == StepDetails {
                    $0.linkHash = link.hash
                    $0.photos = [photo]
                })
        #expect(try await client.send(OutsideLink().path, ["reason": "x"], token: nil).status == 404)
    }
}

@Test func `how a case went aside is shown, people and links not to everybody`() async throws {
    try await PortalUnderTest.run { portal, client in
        let course = CaseCourse {
            $0.acceptedAt = PortalUnderTest.noon
            $0.extensionAsked = "2d"
            $0.party = "电信分公司"
            $0.linkHash = OutsideLink().hash
            $0.workPhotos = [CitySample.photo(1).id]
            $0.ratings = [.init(reporterId: "rider-2", at: PortalUnderTest.noon, satisfied: true, solved: nil)]
        }
        try await portal.hear(CaseState.sample(reporters: ["rider-1", "rider-2"], course: course))
        func seen(by subject: String, _ role: Role) async throws -> [String] {
            let answer = try await client.ask("/v1/cases/case-1", token: try await portal.token(subject, role))
            guard case .object(let members)? = answer.json["course"] else { return [] }
            return members.keys.sorted()
        }

        #expect(
            try await seen(by: "desk", .dispatcher)
                == ["acceptedAt", "extensionAsked", "party", "ratings", "workPhotos"])
        #expect(try await seen(by: "rider-1", .rider) == ["acceptedAt", "party", "workPhotos"])
        #expect(try await seen(by: "rider-2", .rider) == ["acceptedAt", "ratings"])
        #expect(try await seen(by: "rider-9", .rider) == ["acceptedAt"])
    }
}
