import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing
import WorkingTime

@testable import Portal

private func keepTown(_ portal: PortalUnderTest) async throws {
    try await portal.putInForce(.town())
    try await portal.hear(
        CaseState.sample(
            "a", stage: .filed, saying: "垃圾,电话 13812345678", reporters: ["rider-secret"], unit: CitySample.property,
            handler: "worker-secret", openedAt: .minutes(1), grid: "grid-secret", address: "address-secret"),
        CaseState.sample("b", kind: .request, stage: .closed, saying: "request-secret", openedAt: .minutes(2)),
        CaseState.sample("c", stage: .opened, saying: "unjudged-secret", openedAt: .minutes(3), flagged: "flag-secret"),
        CaseState.sample("d", stage: .cancelled, saying: "withdrawn-secret", openedAt: .minutes(4)))
}

@Test(arguments: ["geojson", "csv", "ndjson"])
func `everybody gets the public cases, and nothing personal with them`(format: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)

        let answer = try await client.ask("/open/cases.\(format)")

        #expect(answer.status == 200)
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(answer.headers[.link]?.contains("rel=\"license\"") == true)
        #expect(answer.headers[.eTag] != nil)
        for number in ["MD-a", "MD-b", "MD-c"] { #expect(answer.text.contains(number)) }
        #expect(answer.text.contains("垃圾,电话 ***********"))
        #expect(answer.text.contains("名都物业"))
        for hidden in ["secret", "13812345678", "MD-d", "\(CitySample.townHall.latitude)"] {
            #expect(!answer.text.contains(hidden), "\(hidden)")
        }
        // Nor does a case that is asked for by itself tell more.
        for number in ["MD-a", "MD-b", "MD-c"] {
            #expect(try await !client.ask("/open/cases/\(number)").text.contains("secret"))
        }
        #expect(try await client.ask("/open/cases/MD-d").status == 404)
        #expect(try await client.ask("/open/cases/a").status == 404)
    }
}

@Test func `a feature has its link, and a place only where that leads to nobody's home`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)

        let features = try #require(try await client.ask("/open/cases.geojson").json["features"]?.array)

        let rounded = CitySample.townHall.rounded
        #expect(features.map { $0["id"]?.string } == ["MD-c", "MD-b", "MD-a"])
        #expect(
            features[2]["geometry"] == [
                "type": "Point", "coordinates": [.number(rounded.longitude), .number(rounded.latitude)],
            ])
        #expect(features[1]["geometry"] == .null)
        #expect(features[1]["properties"]?["description"] == .null)
        let link = try #require(features[2]["properties"]?["url"]?.string)
        #expect(try await client.ask(link).json == features[2])
        #expect(Set(features[0]["properties"]?.object?.keys.map { $0 } ?? []) == Set(OpenCase.names))
    }
}

@Test func `open cases are filtered and read page by page`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        func ids(_ query: String) async throws -> [String] {
            try await client.ask("/open/cases.ndjson?\(query)").text.split(separator: "\n").map {
                try JSONValue(parsing: Data($0.utf8))["id"]?.string ?? ""
            }
        }

        #expect(try await ids("kind=request") == ["MD-b"])
        #expect(try await ids("open=true&stage=filed,closed") == ["MD-a"])
        #expect(try await ids("stage=cancelled") == [])
        #expect(try await ids("community=longjiang") == [])
        #expect(try await ids("from=2026-11-23T12:02:00%2B08:00&before=2026-11-23T12:03:00%2B08:00") == ["MD-b"])
        var found: [String] = []
        var uri: String? = "/open/cases.geojson?limit=1&open=true"
        while let asked = uri, found.count < 9 {
            let page = try await client.ask(asked)
            found += page.json["features"]?.array?.compactMap { $0["id"]?.string } ?? []
            uri = page.json["next"]?.string
            #expect(uri == nil || page.headers[.link]?.contains("<\(uri ?? "")>; rel=\"next\"") == true)
        }
        #expect(found == ["MD-c", "MD-a"])
        let wrong = try await client.ask("/open/cases.csv?stage=x&limit=9999&cursor=y&from=z&open=1&kind=k")
        #expect(wrong.wrongFields == ["stage", "kind", "open", "from", "limit", "cursor"])
    }
}

@Test func `statistics count by period, and give no rate of too few`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let day: Int64 = 1_440
        // Twelve closed on time but two; two of them opened a week before. Noon of the sample is Monday 23 November.
        let closed = (0..<12).map { number in
            CaseState.sample(
                CaseID("c\(number)"), stage: .closed, openedAt: .minutes(number < 2 ? -7 * day : Int64(number)),
                isOverdue: number % 6 == 0, closedAt: .minutes(60))
        }
        let others = [
            CaseState.sample("o", stage: .dispatched, openedAt: .minutes(9), isOverdue: true),
            CaseState.sample("x", stage: .cancelled, openedAt: .minutes(9)),
            CaseState.sample(
                "p", in: CitySample.longjiang, stage: .closed, openedAt: .minutes(9), closedAt: .minutes(60)),
        ]
        try await portal.hear((closed + others).map { try .of($0) })

        let answer = try await client.ask("/open/statistics.json?period=week")
        let csv = try await client.ask("/open/statistics.csv?period=month&by=none")
        let days = try await client.ask(
            "/open/statistics.json?period=day&by=community,category&from=2026-11-16&before=2026-11-17")

        let items = answer.json["items"]?.array ?? []
        func numbers(_ item: JSONValue) -> [Int64?] {
            ["opened", "open", "openOverdue", "closed", "closedOnTime", "closedLate"].map { item[$0]?.integer }
        }
        #expect(items.map { $0["period"]?.string } == ["2026-W47", "2026-W48", "2026-W48"])
        #expect(items.map { $0["community"]?.string } == ["mingdu", "longjiang", "mingdu"])
        #expect(items.map(numbers) == [[2, 0, 0, 0, 0, 0], [1, 0, 0, 1, 1, 0], [11, 1, 1, 12, 10, 2]])
        #expect(items.map { $0["onTimeRate"] } == [.null, .null, .number(0.833)])
        #expect(
            csv.text == """
                period,community,communityName,category,categoryName,opened,open,openOverdue,closed,closedOnTime,closedLate,\
                onTimeRate\r\n2026-11,,,,,14,1,1,13,11,2,0.846\r\n
                """)
        #expect(days.json["items"]?.array?.map { $0["categoryName"]?.string } == ["暴露垃圾"])
        let wrong = try await client.ask("/open/statistics.csv?period=year&by=x&from=2026-13-01")
        #expect(wrong.wrongFields == ["period", "by", "from"])
        #expect(try await client.ask("/open/statistics.json?period=day&from=2020-01-01").wrongFields == ["from"])
    }
}

@Test func `weeks and months are named as calendars name them`() throws {
    func name(_ period: OpenPeriod, _ day: String) throws -> String {
        period.name(of: try #require(CivilDay(day)))
    }
    #expect(try name(.week, "2026-01-01") == "2026-W01")
    #expect(try name(.week, "2027-01-03") == "2026-W53")
    #expect(try name(.week, "2024-12-30") == "2025-W01")
    #expect(try name(.month, "2026-02-28") == "2026-02")
    #expect(OpenPeriod.month.start(11, before: try #require(CivilDay("2026-11-23"))).isoText == "2025-12-01")
}

@Test func `a page says what there is`() async throws {
    try await PortalUnderTest.run { portal, client in
        for (language, title) in [("zh", "开放数据"), ("en", "Open data")] {
            let page = try await client.ask("/open", [.acceptLanguage: language])
            #expect(page.status == 200)
            #expect(page.text.contains("<h1>\(title)</h1>"))
            for name in OpenCase.names + OpenFigures.names {
                #expect(page.text.contains("<code>\(name)</code>"), "\(name)")
            }
            #expect(!page.text.contains("open-field."))
            #expect(!page.text.contains("open-figure."))
        }
    }
}
