import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let hash = {
    do { return Pack.hash(of: try ContractCoding.encode(Pack.asking)) } catch { preconditionFailure("\(error)") }
}()

private func garbage(_ answers: JSONValue, _ fields: [String: JSONValue] = [:]) -> JSONValue {
    .report(["category": "E0102", "answers": answers].merging(fields) { $1 })
}

@Test func `answers are told of with the pack that asked, and shown to who may see the report`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let answer = try await client.report(
            garbage(["words": "致电13812345678", "kinds": ["rubble", "food"], "size": "truck"]), token: rider)

        #expect(answer.status == 201)
        let told = try #require(try intake.outbox().first?.data)
        #expect(
            told.answers == [
                ReportAnswer(code: "size", values: ["truck"]), ReportAnswer(code: "kinds", values: ["food", "rubble"]),
                ReportAnswer(code: "words", values: ["致电***********"]),
            ])
        #expect(told.packHash == hash)
        let id = try #require(answer.json["reportId"]?.string)
        let shown = try await client.look(id, token: rider)
        #expect(
            shown.json["answers"] == [
                ["code": "size", "values": ["truck"]], ["code": "kinds", "values": ["food", "rubble"]],
                ["code": "words", "values": ["致电***********"]],
            ])
        #expect(try await client.look(id, token: try await intake.token("rider-8", .rider)).status == 404)
        let without = try await client.report(.report(["category": "E0102"]), token: rider)
        let plain = try await client.look(try #require(without.json["reportId"]?.string), token: rider)
        #expect(plain.json["answers"] == nil)
        #expect(try intake.outbox().last?.data.packHash == nil)
    }
}

@Test func `what was not answered as it is asked is named, with all else that is wrong`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let wrong: JSONValue = ["size": "huge", "kinds": ["food", "food"], "words": " ", "colour": "red"]

        let answer = try await client.report(garbage(wrong, ["description": ""]), token: rider)
        #expect(answer.status == 422)
        #expect(
            answer.wrongFields == ["description", "answers.colour", "answers.size", "answers.kinds", "answers.words"])
        let previewed = try await client.previewed(garbage(wrong), token: rider)
        #expect(previewed.status == 422)
        #expect(previewed.wrongFields == ["answers.colour", "answers.size", "answers.kinds", "answers.words"])
        let missing = try await client.report(.report(["category": "P0101"]), token: rider)
        #expect(missing.wrongFields == ["answers.number"])
        #expect(missing.json["errors"]?.array?.first?["message"] == "is missing: 几个？ How many?")
        let homeless = try await client.report(.report(["answers": ["size": "bags"]]), token: rider)
        #expect(homeless.wrongFields == ["answers"])
        // A category or an answer that cannot be read is blamed, and not what follows from it.
        let unread = try await client.report(garbage(["size": "bags"], ["category": " "]), token: rider)
        #expect(unread.wrongFields == ["category"])
        let number = try await client.report(.report(["category": "P0101", "answers": ["number": 3]]), token: rider)
        #expect(number.wrongFields == ["answers.number"])
        #expect(try intake.count("report") == 0)
    }
}

@Test func `a line with wrong answers is rejected, the others are taken`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let lines = [garbage(["size": "bags"]), garbage(["size": "huge"]), .report()].map { $0.text() }

        let answer = try await client.stream(lines, token: try await intake.token("platform-a", .platform))

        #expect(answer.lines.map { $0["status"] } == ["accepted", "rejected", "accepted"])
        #expect(
            answer.lines[1]["errors"] == [["field": "answers.size", "message": "must be of bags, truck"]])
        #expect(answer.lines[1]["retry"] == nil)
        #expect(try intake.outbox().map(\.data.answers?.count) == [1, nil])
    }
}

@Test func `a preview shows the answers as they will be public`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let answer = try await client.previewed(
            garbage(["words": "致电13812345678"], ["address": "赣A12345 旁"]), token: rider)

        #expect(answer.json["publicAnswers"] == [["code": "words", "values": ["致电***********"]]])
        #expect(answer.json["hidden"] == ["phone", "plate"])
        let none = try await client.previewed(.report(), token: rider)
        #expect(none.json["publicAnswers"] == nil)
    }
}

@Test func `before the pack is known nobody says that an answer or a place is wrong`() async throws {
    let isReady = KeptValue(false)
    try await IntakeUnderTest.run(isReady: { _ in isReady.value }) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let report = garbage(["size": "bags"], ["landmark": "market"])

        #expect(try await client.report(report, token: rider).status == 503)
        #expect(try await client.previewed(report, token: rider).status == 503)
        let lines = try await client.stream([report.text()], token: rider).lines
        #expect(lines.first?["retry"] == .bool(true))

        try await intake.apply(.asking)
        isReady.set(true)
        #expect(try await client.report(report, token: rider).status == 201)
    }
}

@Test func `a new pack asks other questions from then on`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        #expect(try await client.report(garbage(["size": "bags"]), token: rider, key: "k-1").status == 201)

        try await intake.apply(.offering, at: IntakeUnderTest.noon.adding(milliseconds: 1))

        let answer = try await client.report(garbage(["size": "bags"]), token: rider, key: "k-2")
        #expect(answer.wrongFields == ["answers.size"])
        let listed = try await client.read("/v1/categories", token: rider)
        #expect(listed.json["items"]?.array?.first?["questions"] == [])
    }
}

@Test func `categories are listed with what is asked about them`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let answer = try await client.read("/v1/categories", token: rider)

        #expect(answer.status == 200)
        #expect(answer.json["packHash"] == .string(hash))
        let items = try #require(answer.json["items"]?.array)
        #expect(items.map { $0["code"] } == ["E0102", "P0101", "D0103"])
        #expect(
            items[2] == [
                "code": "D0103", "name": "一般诉求", "englishName": "Ordinary request", "kind": "request", "questions": [],
            ])
        #expect(
            items[0]["questions"]?.array?.first == [
                "code": "size", "type": "singlevaluelist", "text": "多少？", "englishText": "How much?",
                "informs": false, "required": false, "hint": "估计", "englishHint": "A guess",
                "values": [
                    ["key": "bags", "name": "几袋", "englishName": "Bags"],
                    ["key": "truck", "name": "一车", "englishName": "A truckload"],
                ],
            ])
        #expect(items[1]["questions"]?.array?.map { $0["code"] } == ["words", "care", "number"])
        #expect(
            items[1]["questions"]?.array?[1] == [
                "code": "care", "type": "text", "text": "请绕行。", "englishText": "Keep away.", "informs": true,
                "required": false,
            ])
    }
}

@Test func `categories that are known already are not sent again`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let tag = try #require(try await client.read("/v1/categories", token: rider).headers[.eTag])

        let again = try await client.read("/v1/categories", token: rider, fields: [.ifNoneMatch: "W/\(tag), \"x\""])
        #expect(again.status == 304)
        #expect(again.json == .null)
        let other = try await client.read("/v1/categories", token: rider, fields: [.ifNoneMatch: "\"x\""])
        #expect(other.status == 200)
        #expect(try await client.read("/v1/categories", token: nil).status == 401)
    }
}

@Test func `before any pack there are no categories and no landmarks`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let categories = try await client.read("/v1/categories", token: rider)
        #expect(categories.json == ["items": []])
        #expect(categories.headers[.eTag] == nil)
        let landmarks = try await client.read("/v1/landmarks", token: rider)
        #expect(landmarks.json == ["items": []])
    }
}
