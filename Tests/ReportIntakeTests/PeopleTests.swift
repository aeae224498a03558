import Contracts
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Photos
import ServiceKit
import Testing

@testable import ReportIntake

extension TestClientProtocol {
    fileprivate func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: JSONValue? = nil, token: String? = nil, key: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        headers[.authorization] = token.map { "Bearer \($0)" }
        headers[.idempotencyKey] = key
        return try await execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0.text()) }
        ) { Answer($0) }
    }

    /// Reports in the name of rider-7.
    fileprivate func sent(_ fields: [String: JSONValue] = [:], token: String) async throws -> (id: String, link: String)
    {
        let answer = try await report(.report(fields), token: token)
        return (try #require(answer.json["reportId"]?.string), try #require(answer.json["follow"]?.string))
    }
}

extension IntakeUnderTest {
    fileprivate func amendments() throws -> [Envelope<ReportAmended>] {
        try core.store.pool.read { db in try Data.fetchAll(db, sql: "SELECT value FROM edgeOutbox ORDER BY number") }
            .filter { try MessageAttributes(value: $0).type == ReportAmended.type }
            .map { try Envelope<ReportAmended>(value: $0) }
    }

    fileprivate func answer(_ message: some Payload, to amendment: MessageID) async throws {
        let record = try Self.record(message, at: Self.noon, correlation: amendment)
        let answers = CaseAnswers(outbox: core.store.outbox)
        try await core.store.pool.write { db in try answers.apply(record, in: db) }
    }

    /// Every text that the store holds.
    fileprivate func texts() throws -> [String] {
        try core.store.pool.read { db in
            let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            return try tables.flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").flatMap { row in
                    row.compactMap { _, value in
                        switch value.storage {
                        case .string(let text): text
                        case .blob(let data): String(decoding: data, as: UTF8.self)
                        default: nil
                        }
                    }
                }
            }
        }
    }
}

private func amended(_ id: String, _ amendment: Amendment) -> CaseReportAmended {
    let state = CaseState.sample(reports: [ReportID(id)])
    return CaseReportAmended(
        case: CaseReference(
            caseId: state.caseId, caseNumber: state.caseNumber, communityId: state.communityId,
            ledgerId: state.ledgerId, category: state.category, kind: state.kind, reporterIds: state.reporterIds,
            ownerUnitId: nil, handlerId: nil),
        reportId: ReportID(id), actorId: "rider-7", amendment: amendment, stage: .opened, text: nil, address: nil,
        photos: nil, externalStatus: nil, at: IntakeUnderTest.noon)
}

@Test func `a report is followed by its link without an account, and by no other`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let (id, link) = try await client.sent(token: try await intake.token("rider-7", .rider))
        #expect(try await client.send(.get, link).json["status"] == "accepted")

        try await intake.read([.sample(version: 2, stage: .filed, reports: [ReportID(id)])])
        let followed = try await client.send(.get, link)

        #expect(followed.json["stage"] == "filed")
        #expect(followed.json["caseNumber"] == "MD-case-1")
        #expect(followed.json["updates"]?.array?.count == 1)
        #expect(followed.headers[.cacheControl] == "no-store")
        let code = Array(link)
        for position in "/v1/follow/".count..<code.count {
            var other = code
            other[position] = other[position] == "A" ? "B" : "A"
            let answer = try await client.send(.get, String(other))
            #expect(answer.status == 404, "position \(position)")
        }
        let cut = try await client.send(.get, String(code.dropLast()))
        #expect(cut.status == 404)
    }
}

@Test func `links and hidden names are the same at every instance, and others under another secret`() throws {
    let report = MessageID.random()
    func links(_ byte: UInt8) throws -> (FollowLinks, PersonID) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
        let keys = folder.appending(path: "keys")
        try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") } }
        let file = keys.appending(path: "reporters.key")
        try Data(Base64URL.text([UInt8](repeating: byte, count: 32)).utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let pseudonyms = Pseudonyms(try DataFolderKey.load(.reporters, in: folder))
        return (FollowLinks(pseudonyms: pseudonyms), PersonID(pseudonyms.confidentialName(of: "rider-7")))
    }

    let (first, second, other) = (try links(1), try links(1), try links(2))

    #expect(second.0.report(of: first.0.code(of: report)) == report)
    #expect(first.1 == second.1)
    #expect(other.0.report(of: first.0.code(of: report)) == nil)
    #expect(other.1 != first.1)
}

@Test func `an anonymous report holds nothing of who sent it, and only its link leads to it`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7-in-person", .rider)
        let (id, link) = try await client.sent(["identity": "anonymous"], token: token)

        #expect(try intake.texts().filter { $0.contains("rider-7-in-person") } == [])
        #expect(try #require(try intake.outbox().first).data.reporterId.isAnonymous)
        let byAccount = try await client.look(id, token: token)
        #expect(byAccount.status == 404)
        let byLink = try await client.send(.get, link)
        #expect(byLink.json["reportId"] == .string(id))
        let withdrawn = try await client.send(.delete, link)
        #expect(withdrawn.status == 202)
        #expect(try #require(try intake.amendments().first).data.actorId.isAnonymous)
    }
}

@Test func `a confidential report is its reporter's as any other, under a name that nobody else knows`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7-in-person", .rider)
        let (id, _) = try await client.sent(["identity": "confidential"], token: token)

        #expect(try intake.texts().filter { $0.contains("rider-7-in-person") } == [])
        let own = try await client.look(id, token: token)
        let others = try await client.look(id, token: try await intake.token("rider-8", .rider))
        #expect(own.status == 200)
        #expect(others.status == 404)
        _ = try await client.send(.post, "/v1/reports/\(id)/additions", ["text": "还在"], token: token)
        let report = try #require(try intake.outbox().first)
        #expect(try #require(try intake.amendments().first).data.actorId == report.data.reporterId)
    }
}

@Test func `what is added is told masked, once under one key, and shown with what became of it`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let (id, _) = try await client.sent(token: token)
        let uri = "/v1/reports/\(id)/additions"

        let answer = try await client.send(.post, uri, ["text": "电话13812345678"], token: token, key: "a-1")
        let again = try await client.send(.post, uri, ["text": "电话13812345678"], token: token, key: "a-1")
        let other = try await client.send(.post, uri, ["text": "别的"], token: token, key: "a-1")

        #expect(answer.status == 202)
        #expect(answer.json["status"] == "sent")
        #expect(again.json == answer.json)
        #expect(other.status == 422)
        let told = try #require(try intake.amendments().first)
        #expect(try intake.amendments().count == 1)
        #expect(told.data.text == "电话***********")
        #expect(told.data.amendment == .added)
        #expect(told.data.communityId == "mingdu")
        #expect(answer.json["amendmentId"] == .string(told.id.description))

        try await intake.answer(amended(id, .added), to: told.id)
        let shown = try await client.look(id, token: token)
        #expect(shown.json["amendments"]?.array?.first?["status"] == "applied")
        #expect(shown.json["description"] == "井盖破损，行人危险")
    }
}

@Test func `an edit changes the words once its owner has taken it, and comes too late after ten minutes`()
    async throws
{
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let (id, _) = try await client.sent(["address": "3 栋"], token: token)

        let answer = try await client.send(
            .patch, "/v1/reports/\(id)", ["description": "两个井盖破损"], token: token)
        #expect(answer.status == 202)
        let before = try await client.look(id, token: token)
        #expect(before.json["description"] == "井盖破损，行人危险")
        try await intake.answer(amended(id, .edited), to: try #require(try intake.amendments().first).id)
        let after = try await client.look(id, token: token)
        #expect(after.json["description"] == "两个井盖破损")

        try await intake.core.store.pool.write { db in
            try db.execute(sql: "UPDATE report SET submittedAt = submittedAt - 600001")
        }
        let late = try await client.send(.patch, "/v1/reports/\(id)", ["description": "三个"], token: token)
        #expect(late.status == 409)
        #expect(try intake.amendments().count == 1)
    }
}

@Test func `a report is taken back until its case is filed, and its owner's refusal is shown`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let (id, _) = try await client.sent(token: token)
        try await intake.read([.sample(reports: [ReportID(id)])])

        let answer = try await client.send(.delete, "/v1/reports/\(id)", token: token)
        #expect(answer.status == 202)
        let told = try #require(try intake.amendments().first)
        try await intake.answer(
            CommandRefused(
                commandId: .random(), commandType: AmendReport.type, code: "wrong-stage", reason: "案件已立案 / is filed"),
            to: told.id)
        let shown = try await client.look(id, token: token)
        #expect(shown.json["amendments"]?.array?.first?["status"] == "refused")
        #expect(shown.json["amendments"]?.array?.first?["reason"] == "案件已立案 / is filed")

        try await intake.read([.sample(version: 2, stage: .filed, reports: [ReportID(id)])])
        let late = try await client.send(.delete, "/v1/reports/\(id)", token: token)
        #expect(late.status == 409)
        let addition = try await client.send(
            .post, "/v1/reports/\(id)/additions", ["text": "已经有人来了"], token: token)
        #expect(addition.status == 202)

        try await intake.read([.sample(version: 3, stage: .closed, reports: [ReportID(id)])])
        let afterwards = try await client.send(
            .post, "/v1/reports/\(id)/additions", ["text": "又坏了"], token: token)
        #expect(afterwards.status == 409)
    }
}

@Test func `a report that another instance took is amended by who is known to have reported it`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let report = MessageID.random().description
        let uri = "/v1/reports/\(report)/additions"
        let mine = try await intake.token("rider-7", .rider)
        let unknown = try await client.send(.post, uri, ["text": "还在"], token: mine)
        #expect(unknown.status == 404)

        try await intake.read([.sample(reports: [ReportID(report)])])

        let own = try await client.send(.post, uri, ["text": "还在"], token: mine)
        let others = try await client.send(.post, uri, ["text": "还在"], token: try await intake.token("rider-8", .rider))
        #expect(own.status == 202)
        #expect(others.status == 404)
    }
}

@Test func `an anonymous reporter reads by the link what is asked, and answers by it`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let (id, link) = try await client.sent(
            ["identity": "anonymous"], token: try await intake.token("rider-7", .rider))
        let until = IntakeUnderTest.noon.later(days: 3)
        let course = CaseCourse {
            $0.question = "是东门还是西门？"
            $0.restsUntil = until
        }
        try await intake.read([.sample(version: 2, stage: .waiting, reports: [ReportID(id)], course: course)])

        let asked = try await client.send(.get, link)
        let answer = try await client.send(.post, "\(link)/additions", ["text": "东门"])
        try await intake.read([.sample(version: 3, stage: .filed, reports: [ReportID(id)])])
        let later = try await client.send(.get, link)

        #expect(asked.json["stage"] == "waiting" && asked.json["question"] == "是东门还是西门？")
        #expect(asked.json["answerUntil"] == .string(until.description))
        #expect(answer.status == 202)
        let told = try #require(try intake.amendments().first).data
        #expect(told.amendment == .added && told.text == "东门" && told.actorId.isAnonymous)
        #expect(later.json["stage"] == "filed")
        #expect(later.json["question"] == nil && later.json["answerUntil"] == nil)
    }
}

@Test func `photos and the address are edited, too, each alone, by account and the words by link`() async throws {
    let picture = Picture(width: 16, height: 16, pixels: (0..<16 * 16 * 3).map { UInt8(truncatingIfNeeded: $0) })
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let photo = try #require(
            try await client.send(photo: try JPEGWriter.write(picture), token: token).json["photoId"]?.string)
        let (id, link) = try await client.sent(["address": "3 栋", "photos": [.string(photo)]], token: token)
        let uri = "/v1/reports/\(id)"
        let edits: [(String, JSONValue, String?)] = [
            (uri, ["address": "4 栋 13812345678"], token), (uri, ["photos": []], token),
            (link, ["description": "两个井盖破损"], nil), (link, ["photos": [.string(photo)]], token),
        ]
        for (place, edit, token) in edits {
            let answer = try await client.send(.patch, place, edit, token: token)
            #expect(answer.status == 202)
            let told = try #require(try intake.amendments().last)
            try await intake.answer(amended(id, .edited), to: told.id)
        }

        let told = try intake.amendments().map(\.data)
        #expect(told.map(\.address) == ["4 栋 ***********", nil, nil, nil])
        #expect(told.map { $0.photos?.map(\.id.rawValue) } == [nil, [], nil, [photo]])
        #expect(told.map(\.text) == [nil, nil, "两个井盖破损", nil])
        let shown = try await client.look(id, token: token)
        #expect(shown.json["description"] == "两个井盖破损")
        #expect(shown.json["photos"] == [.string(photo)])
        // Photos belong to an account: a link alone names none.
        let byLink = try await client.send(.patch, link, ["photos": [.string(photo)]])
        #expect(byLink.status == 422 && byLink.wrongFields == ["photos"])
    }
}

@Test(
    arguments: [
        (#"{}"#, [""]), (#"{"text": ""}"#, ["text"]), (#"{"text": 1, "more": 2}"#, ["text", "more"]),
        (#"{"photos": ["x"]}"#, ["photos"]), (#"[]"#, [""]),
    ])
func `an addition that says nothing or wrong things is refused, and nothing is stored`(
    body: String, fields: [String]
) async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let (id, link) = try await client.sent(token: token)
        for uri in ["/v1/reports/\(id)/additions", "\(link)/additions"] {
            let answer = try await client.send(.post, uri, try JSONValue(parsing: Array(body.utf8)), token: token)
            #expect(answer.status == 422)
            #expect(Set(answer.wrongFields) == Set(fields))
        }
        #expect(try intake.count("amendment") == 0)
    }
}
