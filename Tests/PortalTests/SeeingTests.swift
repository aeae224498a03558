import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Somebody who looks at a case that rider-1 opened, rider-2 joined and worker-a is to handle.
struct Onlooker: Sendable, CustomTestStringConvertible {
    let subject: String
    let roles: [Role]
    /// Staff knows who works on a case, all others at most themselves.
    var isStaff = false
    /// Only those who file and dispatch know who reported, and the admin.
    var knowsReporters = false
    var isOpener = false
    var isReporter = false

    var testDescription: String { "\(subject) as \(roles.map(\.rawValue))" }

    func token(_ portal: PortalUnderTest) async throws -> String {
        guard let role = roles.first else { return try await portal.token(subject) }
        return try await portal.token(subject, role)
    }

    static let all = [
        Onlooker(subject: "rider-1", roles: [.rider], isOpener: true, isReporter: true),
        Onlooker(subject: "rider-2", roles: [.resident], isReporter: true),
        Onlooker(subject: "rider-9", roles: [.rider]), Onlooker(subject: "resident-9", roles: [.resident]),
        Onlooker(subject: "platform-a", roles: [.platform]), Onlooker(subject: "nobody-9", roles: []),
        Onlooker(subject: "worker-a", roles: [.worker], isStaff: true),
        Onlooker(subject: "checker", roles: [.verifier], isStaff: true),
        Onlooker(subject: "desk", roles: [.dispatcher], isStaff: true, knowsReporters: true),
        Onlooker(subject: "boss", roles: [.admin], isStaff: true, knowsReporters: true),
    ]
}

private func sample(_ kind: ReportKind) -> CaseState {
    CaseState.sample(
        kind: kind, stage: .dispatched, saying: "邻居的垃圾", reporters: ["rider-1", "rider-2"], unit: CitySample.property,
        handler: "worker-a", voiceNotes: [CitySample.voice(7)])
}

@Test(arguments: Onlooker.all, ReportKind.allCases)
func `a case shows each what is theirs to see`(onlooker: Onlooker, kind: ReportKind) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(sample(kind))
        let seesAll = onlooker.isStaff || onlooker.isOpener

        let seen = try await client.ask("/v1/cases/case-1", token: try await onlooker.token(portal)).json

        #expect(seen["caseNumber"] == "MD-case-1")
        #expect(seen["ownerUnitId"] == "mingdu-property")
        #expect(seen["reporters"] == 2)
        #expect(seen["isMine"] == .bool(onlooker.isReporter))
        #expect(seen["description"]?.string == (seesAll || kind == .snapshot ? "邻居的垃圾" : nil))
        #expect(seen["address"]?.string == (seesAll ? "3 栋 2 单元" : nil))
        #expect(seen["location"]?["latitude"]?.number == (seesAll ? 28.6829 : 28.683))
        #expect(seen["location"]?["longitude"]?.number == (seesAll ? 115.8582 : 115.858))
        #expect(seen["reporterIds"]?.array?.count == (onlooker.knowsReporters ? 2 : nil))
        #expect(seen["voiceNotes"]?.array?.count == (onlooker.knowsReporters ? 1 : nil))
        #expect(seen["handlerId"]?.string == (onlooker.isStaff ? "worker-a" : nil))
        #expect(seen["flagged"]?.string == (onlooker.isStaff ? "没有责任单位" : nil))
    }
}

@Test(arguments: Onlooker.all)
func `a timeline tells each step in order, people to staff and reasons to those concerned`(
    onlooker: Onlooker
) async throws {
    try await PortalUnderTest.run { portal, client in
        let state = sample(.snapshot)
        try await portal.hear(
            state, state.step(.returned, by: "worker-a", reason: "不归我们管"), at: .minutes(3))
        try await portal.hear(state.step(.filed), at: .minutes(2))
        try await portal.hear(state.opening, at: .minutes(1))
        try await portal.hear(CaseState.sample("other").step(.filed), at: .minutes(2))

        let answer = try await client.ask("/v1/cases/case-1/timeline", token: try await onlooker.token(portal))

        #expect(answer.items("type") == ["case.opened", "case.filed", "case.returned"])
        #expect(answer.items("at") == (1...3).map { Timestamp.minutes($0).description })
        let steps = try #require(answer.json["items"]?.array)
        let isConcerned = onlooker.isStaff || onlooker.isReporter
        #expect(steps[2]["reason"]?.string == (isConcerned ? "不归我们管" : nil))
        #expect(steps[2]["actorId"]?.string == (onlooker.isStaff ? "worker-a" : nil))
        #expect(steps[0]["reporterId"]?.string == (onlooker.knowsReporters || onlooker.isOpener ? "rider-1" : nil))
        if !onlooker.knowsReporters, !onlooker.isReporter {
            #expect(!answer.text.contains("rider-1") && !answer.text.contains("rider-2"))
        }
    }
}

@Test(arguments: Onlooker.all)
func `what a reporter wrote later is for staff and its writer, a new category for everybody`(
    onlooker: Onlooker
) async throws {
    try await PortalUnderTest.run { portal, client in
        let state = sample(.snapshot)
        try await portal.hear(state, state.amended(.added, by: "rider-2", text: "又多了一堆"), at: .minutes(1))
        try await portal.hear(state.reclassified(from: "P0101", reason: "是垃圾"), at: .minutes(2))

        let answer = try await client.ask("/v1/cases/case-1/timeline", token: try await onlooker.token(portal))

        #expect(answer.items("type") == ["case.report-amended", "case.reclassified"])
        let steps = try #require(answer.json["items"]?.array)
        let seesWords = onlooker.isStaff || onlooker.subject == "rider-2"
        #expect(steps[0]["amendment"] == "added")
        #expect(steps[0]["text"]?.string == (seesWords ? "又多了一堆" : nil))
        #expect(steps[0]["externalStatus"]?.string == (seesWords ? "FIXED" : nil))
        #expect(steps[0]["photos"]?.array?.count == (seesWords ? 1 : nil))
        let knowsWriter = onlooker.knowsReporters || onlooker.subject == "rider-2"
        #expect(steps[0]["actorId"]?.string == (knowsWriter ? "rider-2" : nil))
        #expect(steps[1]["previousCategory"] == "P0101")
        #expect(steps[1]["category"] == "E0102")
        #expect(steps[1]["reason"]?.string == (onlooker.isStaff || onlooker.isReporter ? "是垃圾" : nil))
        #expect(steps[1]["actorId"]?.string == (onlooker.isStaff ? "desk" : nil))
    }
}

/// What reporters may do, too, says who did it no more than the case says who reported it.
@Test(arguments: Onlooker.all)
func `whoever may not know who reported finds them in no field of a case, its steps, its log or the feed`(
    onlooker: Onlooker
) async throws {
    guard !onlooker.knowsReporters, !onlooker.isReporter else { return }
    try await PortalUnderTest.run { portal, client in
        let hidden: PersonID = "conf-3c9d1a54"
        let state = CaseState.sample(
            stage: .closed, reporters: [hidden, "rider-2"], unit: CitySample.property, handler: "worker-a",
            course: CaseCourse {
                $0.ratings = [.init(reporterId: hidden, at: .minutes(9), satisfied: false, solved: true)]
            })
        let token = try await onlooker.token(portal)
        try await portal.hear(state, state.opening)
        for step in [CaseChanged.Step.informationGiven, .reopened, .rated, .cancelled] {
            try await portal.hear(state.step(step, by: hidden, reason: "还在"))
        }
        try await portal.hear(state.amended(.added, by: hidden, text: "又多了一堆"))

        for uri in ["/v1/cases", "/v1/cases/case-1", "/v1/cases/case-1/timeline", "/v1/cases/case-1/log"] {
            let text = try await client.ask(uri, token: token).text
            #expect(!text.contains(hidden.rawValue) && !text.contains("rider-2"), "\(uri)")
        }
        let one = try #require(try await portal.readModel.timeline(of: "case-1").map(\.event).first)
        let viewer = Viewer(Principal(subject: onlooker.subject, roles: Set(onlooker.roles)))
        #expect(!(try ServiceJSON.text(StepView(one, for: viewer)).contains(hidden.rawValue)))
        if onlooker.isStaff {
            let seen = try await client.ask("/v1/cases/case-1", token: token).json
            let rating = seen["course"]?["ratings"]?.array?.first
            #expect(rating?["reporterId"] == "hidden" && rating?["satisfied"] == false && rating?["solved"] == true)
        }
    }
}

@Test func `a list shows no more of a case than the case itself`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(sample(.request))
        for onlooker in Onlooker.all {
            let token = try await onlooker.token(portal)

            let single = try await client.ask("/v1/cases/case-1", token: token).json
            let listed = try await client.ask("/v1/cases", token: token).json

            #expect(listed["items"] == [single], "\(onlooker.testDescription)")
        }
    }
}

private let closedDoors: [(HTTPRequest.Method, String)] = [
    (.get, "/v1/cases"), (.get, "/v1/cases/case-1"), (.get, "/v1/cases/case-1/timeline"), (.get, "/v1/me/reports"),
    (.get, "/v1/me/points"), (.get, "/v1/me/inbox"), (.get, "/v1/feed"), (.get, "/v1/commands/\(MessageID.random())"),
    (.post, "/v1/cases/case-1/actions"), (.post, "/v1/me/inbox/m-1/read"),
]

@Test(arguments: closedDoors)
func `nobody comes in without a good token`(method: HTTPRequest.Method, uri: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let expired = try await portal.token("boss", .admin, lifetime: .seconds(-120))
        func ask(_ authorization: String?) async throws -> Answer {
            var fields = HTTPFields()
            fields[.authorization] = authorization
            return try await client.execute(uri: uri, method: method, headers: fields, body: nil) { Answer($0) }
        }

        let missing = try await ask(nil)
        let tooOld = try await ask("Bearer \(expired)")
        let forged = try await ask("Bearer \(expired)x")

        #expect([missing.status, tooOld.status, forged.status] == [401, 401, 401])
        #expect(missing.headers[.wwwAuthenticate] == #"Bearer realm="suishoupai""#)
        #expect(tooOld.json["detail"] == "The token is too old. Get a new one.")
        #expect(tooOld.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
        #expect(!missing.text.contains("case-1"))
    }
}

@Test(arguments: [nil, "Bearer rubbish"])
func `what is for everybody asks for no token`(authorization: String?) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        var fields = HTTPFields()
        fields[.authorization] = authorization

        for uri in ["/", "/wall", "/wall/live", "/v1/board", "/v1/reference", "/favicon.ico", "/health/live"] {
            #expect(try await client.ask(uri, fields).status == 200, "\(uri)")
        }
    }
}
