import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private func keepCases(_ portal: PortalUnderTest) async throws {
    try await portal.putInForce(.town())
    try await portal.hear(
        CaseState.sample(
            "a", saying: "=HYPERLINK(\"http://x\"),他说\"脏\"\n第二行", unit: CitySample.property, handler: "worker-a",
            openedAt: .minutes(1), deadline: .minutes(61)),
        CaseState.sample("b", kind: .request, stage: .closed, saying: "家里漏水", openedAt: .minutes(2), flagged: nil))
}

@Test func `staff takes the list away as CSV that a spreadsheet reads and none runs`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepCases(portal)
        let desk = try await portal.token("desk", .dispatcher)

        let answer = try await client.ask("/console/cases.csv?open=true", token: desk, [.acceptLanguage: "en"])

        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"cases-20261123.csv\"")
        #expect(
            answer.text == """
                \u{FEFF}Number,Community,Category,Category name,Kind,Stage,Description,Address,Latitude,Longitude,Grid,Unit,\
                Handler,Opened,Deadline,Overdue,Closed,Reporters,Reworks,Reopened,Flagged\r\n\
                MD-a,名都,E0102,Garbage,Report,Reported,"'=HYPERLINK(""http://x""),他说""脏""\n第二行",3 栋 2 单元,\
                \(CitySample.townHall.latitude),\(CitySample.townHall.longitude),,名都物业,worker-a,2026-11-23 12:01,\
                2026-11-23 13:01,No,,1,0,0,没有责任单位\r\n
                """)
        #expect(!answer.text.contains("rider-1"))
    }
}

@Test func `an export has every case of its filter, in its order, and none else`() async throws {
    try await PortalUnderTest.run { portal, client in
        let desk = try await portal.token("desk", .dispatcher)
        let states = (0..<1_201).map { number in
            CaseState.sample(
                CaseID("n\(number)"), kind: number == 7 ? .request : .snapshot, openedAt: .minutes(Int64(number / 2)))
        }
        try await portal.hear(states.map { try .of($0) })
        let whole = try await client.pages("/v1/cases?kind=snapshot&", limit: 200, token: desk)

        let answer = try await client.ask("/console/cases.csv?kind=snapshot", token: desk)

        let numbers = answer.text.split(separator: "\r\n").dropFirst().map { String($0.prefix { $0 != "," }) }
        #expect(numbers.count == 1_200)
        #expect(numbers == whole.flatMap { $0.items("caseNumber") })
    }
}

@Test func `more cases than a spreadsheet holds are refused before it is begun`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await keepCases(portal)
        let readModel = portal.readModel

        try await ExportRoutes.requireRoom(for: CaseFilter(), in: readModel, most: 2)
        let problem = await #expect(throws: ProblemDetails.self) {
            try await ExportRoutes.requireRoom(for: CaseFilter(), in: readModel, most: 1)
        }
        #expect(problem?.status == .unprocessableContent)
        #expect(problem?.detail?.hasPrefix("A spreadsheet has at most 1 rows.") == true)
    }
}

@Test(.enabled(if: SpreadsheetReader.isInstalled, Comment(rawValue: PythonScript.absence)))
func `staff takes the list away as a spreadsheet`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepCases(portal)
        let desk = try await portal.token("desk", .worker)
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "cases.xlsx")

        try await client.execute(
            uri: "/console/cases.xlsx?order=deadline", method: .get, headers: [.authorization: "Bearer \(desk)"]
        ) { response in
            #expect(response.status == .ok)
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"cases-20261123.xlsx\"")
            try Data(response.body.readableBytesView).write(to: file)
        }

        let sheet = try await SpreadsheetReader.read(try Data(contentsOf: file))
        #expect(sheet.rows.map(\.first) == ["编号", "MD-a", "MD-b"])
        #expect(sheet.rows[1][6] == "=HYPERLINK(\"http://x\"),他说\"脏\"\n第二行")
        #expect(sheet.rows[1][14] == "2026-11-23 13:01:00")
        #expect(sheet.kinds[1][6] == "s")
        #expect(sheet.rows[2][5] == "已结案")
    }
}

@Test func `only staff takes cases away, and a wrong query is told`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepCases(portal)
        let rider = try await portal.token("rider-1", .rider)
        let desk = try await portal.token("desk", .dispatcher)

        for ending in ["csv", "xlsx"] {
            #expect(try await client.ask("/console/cases.\(ending)", token: rider).status == 403)
            #expect(try await client.ask("/console/cases.\(ending)").status == 401)
            let wrong = try await client.ask("/console/cases.\(ending)?stage=x&due=y", token: desk)
            #expect(wrong.status == 400)
            #expect(wrong.wrongFields == ["stage", "due"])
        }
    }
}

@Test func `no more is worked on at once than there are places`() {
    let bench = ExportBench(places: 2)
    #expect(bench.take())
    #expect(bench.take())
    #expect(!bench.take())
    bench.giveBack()
    #expect(bench.take())
}
