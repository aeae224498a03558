import Contracts
import Foundation
import GRDB
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func keepWords(_ portal: PortalUnderTest) async throws {
    try await portal.hear(
        CaseState.sample("2026-000017", saying: "楼下一堆垃圾,请清运", openedAt: .minutes(1), address: "名门大道 3 栋"),
        CaseState.sample(
            "2026-000123", saying: "电梯坏了 The Elevator is broken", reporters: ["rider-2", "rider-1"],
            openedAt: .minutes(2), address: "五号楼"),
        CaseState.sample(
            "2026-000124", kind: .request, saying: "家里漏水,垃圾无人收", reporters: ["rider-1", "rider-2"],
            openedAt: .minutes(3), address: "八号楼"))
}

private func numbers(_ answer: Answer) -> [String] { answer.items("caseId").map { String($0.suffix(2)) } }

@Test(arguments: [
    ("垃圾", ["24", "17"]), ("堆垃圾", ["17"]), ("垃圾堆", []), ("圾", ["24", "17"]), ("梯", ["23"]), ("电梯", ["23"]),
    ("elev", ["23"]), ("ELEVATOR IS", ["23"]), ("levator", []), ("MD-2026-000123", ["23"]), ("000017", ["17"]),
    ("md-2026", ["24", "23", "17"]), ("２０２６", ["24", "23", "17"]), ("垃圾 清运", ["17"]), ("垃圾 电梯", []),
    ("3栋", ["17"]), ("栋", ["17"]), ("号楼", ["24", "23"]), ("漏水", ["24"]), ("\"垃圾\" OR 1", []), ("垃圾*", ["24", "17"]),
])
func `staff finds cases by words, numbers and addresses`(text: String, expected: [String]) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepWords(portal)
        let desk = try await portal.token("desk", .dispatcher)
        let query = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))

        for order in CaseOrder.allCases {
            let answer = try await client.ask("/v1/cases?order=\(order.rawValue)&q=\(query)", token: desk)
            #expect(answer.status == 200)
            #expect(numbers(answer) == expected, "\(order)")
        }
        let filter = CaseFilter(text: text, searchesHidden: true)
        let count = try await portal.readModel.countCases(filter, atMost: 9)
        #expect(count == expected.count)
    }
}

@Test func `nobody finds by words that they may not read`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepWords(portal)
        let opener = try await portal.token("rider-1", .rider)
        let joiner = try await portal.token("rider-2", .rider)
        let water = "%E6%BC%8F%E6%B0%B4"
        let house = "%E5%8F%B7%E6%A5%BC"

        #expect(numbers(try await client.ask("/v1/cases?q=\(water)", token: opener)) == [])
        #expect(numbers(try await client.ask("/v1/cases?q=\(water)&reporter=me", token: opener)) == ["24"])
        #expect(numbers(try await client.ask("/v1/cases?q=\(water)&reporter=me", token: joiner)) == [])
        #expect(numbers(try await client.ask("/v1/cases?q=\(house)", token: opener)) == [])
        #expect(numbers(try await client.ask("/v1/cases?q=\(house)&reporter=me", token: opener)) == ["24"])
        #expect(numbers(try await client.ask("/v1/cases?q=\(house)&reporter=me", token: joiner)) == ["23"])
        #expect(numbers(try await client.ask("/v1/cases?q=elevator", token: opener)) == ["23"])
        #expect(try await client.ask("/v1/cases?flagged=true", token: opener).status == 403)
    }
}

@Test func `a changed case is found by its new words and moment only`() async throws {
    try await PortalUnderTest.run { portal, client in
        let desk = try await portal.token("desk", .dispatcher)
        try await portal.hear(CaseState.sample("a", saying: "垃圾"), CaseState.sample("b", openedAt: .minutes(5)))
        try await portal.hear(CaseState.sample("a", version: 2, saying: "电梯", openedAt: .minutes(9)))
        // What is older changes nothing.
        try await portal.hear(CaseState.sample("a", version: 1, saying: "漏水"))

        #expect(try await client.ask("/v1/cases", token: desk).items("caseId") == ["a", "b"])
        #expect(try await client.ask("/v1/cases?q=%E7%94%B5%E6%A2%AF", token: desk).items("caseId") == ["a"])
        let garbage = try await client.ask("/v1/cases?q=%E5%9E%83%E5%9C%BE", token: desk)
        #expect(garbage.items("caseId") == ["b"])
        #expect(try await portal.count("caseFacet") == 2)
        try await portal.readModel.write { db in
            try db.execute(sql: "INSERT INTO caseText (caseText, rank) VALUES ('integrity-check', 1)")
        }
    }
}

@Test func `a store of an older program is searched like one that read everything anew`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("old.sqlite")
    var migrator = DatabaseMigrator()
    ReadModel.migrate(&migrator)
    let queue = try DatabaseQueue(path: file.path)
    try migrator.migrate(queue, upTo: "portal: cases by grid")
    let state = CaseState.sample("a", stage: .filed, saying: "垃圾", reporters: ["x", "y"], deadline: .minutes(9))
    let body = try ContractCoding.text(state)
    try await queue.write { db in
        for id in (0..<1_001).map({ "other-\($0)" }) + ["a"] {
            try db.execute(
                sql: """
                    INSERT INTO caseState (caseId, version, communityId, stage, category, kind, isOverdue, latitudeE7,
                        longitudeE7, openedAt, updated, body) VALUES (?, 1, 'c', 'filed', 'E', 'snapshot', 0, 0, 0, ?, 0, ?)
                    """,
                arguments: [
                    id, state.openedAt.milliseconds,
                    id == "a" ? body : try ContractCoding.text(CaseState.sample(CaseID(id), saying: "电梯")),
                ])
        }
        try db.execute(sql: "INSERT INTO caseReporter (caseId, personId) VALUES ('a', 'x'), ('a', 'y')")
    }
    try queue.close()

    let model = try ReadModel.open(file)

    let found = try await model.cases(
        CaseFilter(isOpen: true, text: "垃圾", dueBefore: .minutes(10)), after: nil, limit: 5)
    #expect(found.map(\.caseId) == ["a"])
    #expect(try await model.countCases(CaseFilter(text: "电梯"), atMost: 2_000) == 1_001)
    #expect(try await model.countCases(CaseFilter(text: "电梯"), atMost: 7) == 7)
    let openers = try await model.read { db in
        try String.fetchAll(db, sql: "SELECT personId FROM caseReporter WHERE isOpener")
    }
    #expect(openers == ["x"])
    try model.database.close()
}

@Test(arguments: [
    ("楼下垃圾 E5", "楼下 下垃 垃圾 圾 e5"), ("", ""), ("MD-2026-0001", "md 2026 0001"), ("车", "车"), ("Ｅ５栋", "e5 栋"),
    ("カメラ", "カメ メラ ラ"), ("Über 9", "über 9"), ("𠮷野家", "𠮷野 野家 家"),
])
func `text is cut into pieces`(text: String, pieces: String) {
    #expect(SearchTerms.indexed(text) == pieces)
}

@Test func `what has no letter asks for nothing, and a written-back filter reads the same`() throws {
    #expect(SearchTerms("?! *") == nil)
    #expect(SearchTerms("  ") == nil)
    let filter = CaseFilter(
        stages: [.filed, .handled], isOpen: true, text: "a", communityId: "b", handlerId: "c", kind: .request,
        isOverdue: false, dueBefore: .minutes(1), openedFrom: .minutes(2), isFlagged: true, reporter: ["d"],
        order: .deadline)
    let written = filter.query.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    let request = Request(
        head: .init(method: .get, scheme: nil, authority: nil, path: "/?\(written)"),
        body: .init(buffer: .init()))
    var wrong: [ProblemDetails.FieldError] = []

    let read = CaseFilter(request, Viewer(Principal(subject: "d", roles: [])), wrong: &wrong)

    #expect(wrong.isEmpty)
    #expect(read == filter)
}
