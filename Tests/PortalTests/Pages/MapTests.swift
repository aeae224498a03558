import Contracts
import Foundation
import GRDB
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// All of the sample town.
private let town = "115.84,28.67,115.87,28.70"

@Test func `the map is for staff`() async throws {
    try await PortalUnderTest.run { portal, client in
        for role in [Role.rider, .resident, .station, .platform] {
            let token = try await portal.token("somebody", role)
            for uri in ["/console/map", "/console/map/cases.json?bbox=\(town)"] {
                #expect(try await client.ask(uri, token: token).status == 403, "\(role.rawValue) \(uri)")
            }
        }
        for role in [Role.worker, .verifier, .dispatcher, .admin] {
            let token = try await portal.token("somebody", role)
            #expect(try await client.ask("/console/map/cases.json?bbox=\(town)", token: token).status == 200)
        }
        #expect(try await client.ask("/console/map").status == 401)
    }
}

@Test func `the map shows what is open and in view, in words, and what the filter asks for`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(
            CaseState.sample("a", stage: .dispatched, isOverdue: true), CaseState.sample("b", stage: .filed),
            CaseState.sample("c", stage: .closed, isOverdue: true), CaseState.sample("d", kind: .request))
        let token = try await portal.token("desk", .dispatcher)
        func shown(_ query: String) async throws -> [String] {
            let answer = try await client.ask("/console/map/cases.json?bbox=\(query)", token: token)
            return (answer.json["features"]?.array ?? []).compactMap { $0["properties"]?["id"]?.string }.sorted()
        }

        #expect(try await shown(town) == ["a", "b", "d"])
        #expect(try await shown("115.80,28.60,115.81,28.61") == [])
        #expect(try await shown(town + "&stage=closed") == ["c"])
        #expect(try await shown(town + "&stage=filed,closed") == ["b", "c"])
        #expect(try await shown(town + "&overdue=true") == ["a"])
        #expect(try await shown(town + "&kind=request") == ["d"])
        #expect(try await shown(town + "&communityId=elsewhere") == [])
        let answer = try await client.ask("/console/map/cases.json?bbox=\(town)&overdue=true", token: token)
        let feature = answer.json["features"]?.array?.first
        #expect(feature?["geometry"]?["coordinates"]?.array?.count == 2)
        let properties = feature?["properties"]
        #expect(properties?["tone"] == "overdue" && properties?["late"] == "超时" && properties?["stage"] == "处置中")
        #expect(properties?["category"] == "暴露垃圾" && properties?["community"] == "名都")
        #expect(!answer.text.contains("rider-1"))
    }
}

@Test(arguments: ["", "bbox=", "bbox=1,2,3", "bbox=2,1,1,2", "bbox=a,b,c,d", "bbox=0,0,181,1", "bbox=nan,0,1,1"])
func `a box that is none is refused by name`(query: String) async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)
        let answer = try await client.ask("/console/map/cases.json?\(query)", token: token)
        #expect(answer.status == 400 && answer.wrongFields == ["bbox"])
    }
}

@Test func `many cases are counted by squares, and all of them are counted`() async throws {
    try await PortalUnderTest.run { portal, client in
        let count = MapPages.mostCases + 1
        try await portal.hear(try (0..<count).map { try .of(CaseState.sample(CaseID("case-\($0)"))) })
        try await portal.readModel.write { db in
            try db.execute(
                sql: """
                    UPDATE caseState SET latitudeE7 = 286700000 + abs(random() % 300000),
                        longitudeE7 = 1158400000 + abs(random() % 300000), isOverdue = caseId LIKE '%7'
                    """)
        }
        let token = try await portal.token("desk", .dispatcher)
        let late = try await portal.readModel.read { db in
            try Int.fetchOne(db, sql: "SELECT SUM(isOverdue) FROM caseState") ?? 0
        }
        func sum(_ answer: Answer, _ name: String) -> Int {
            (answer.json["features"]?.array ?? []).reduce(0) { $0 + Int($1["properties"]?[name]?.number ?? 0) }
        }

        let many = try await client.ask("/console/map/cases.json?bbox=\(town)", token: token)
        #expect(many.json["side"]?.number == 0.001)
        #expect(sum(many, "cases") == count && sum(many, "overdue") == late)
        let squares = many.json["features"]?.array?.count ?? 0
        #expect(squares > 100 && squares <= MapPages.squaresAlong * MapPages.squaresAlong)

        let few = try await client.ask("/console/map/cases.json?bbox=\(town)&overdue=true", token: token)
        #expect(few.json["side"] == nil && few.json["features"]?.array?.count == late)
        let heat = try await client.ask("/console/map/cases.json?bbox=\(town)&overdue=true&as=heat", token: token)
        #expect(sum(heat, "cases") == late && heat.json["side"] != nil)
    }
}

@Test func `squares stand still while the map is moved, and are never too many`() throws {
    for shift in [0.0, 0.0001, 0.37] {
        let box = try #require(MapBox("\(115.84 + shift),28.67,\(115.87 + shift),28.70"))
        #expect(box.side(atMost: 48) == 10_000)
    }
    let world = try #require(MapBox("-180,-90,180,90"))
    #expect((world.east - world.west) / world.side(atMost: 48) < 48)
}

@Test func `the map's counts are read from the index alone, whatever is asked for`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let box = try #require(MapBox(town))
        let filters: [CaseFilter] = [
            CaseFilter(), CaseFilter(isOpen: true), CaseFilter(stages: [.filed], isOverdue: true),
            CaseFilter(communityId: "mingdu", category: "E0102"), CaseFilter(gridId: "mingdu-01"),
            CaseFilter(ownerUnitId: "unit"), CaseFilter(handlerId: "worker-a"), CaseFilter(kind: .request),
        ]
        for filter in filters {
            let plan = try await portal.readModel.planOnMap(filter, in: box)
            #expect(
                plan.contains("USING COVERING INDEX caseStateMap (stage=? AND latitudeE7>? AND latitudeE7<?"), "\(plan)"
            )
        }
    }
}

extension ReadModel {
    /// How SQLite would look for the squares.
    fileprivate func planOnMap(_ filter: CaseFilter, in box: MapBox) async throws -> String {
        try await read { db in
            let (sql, arguments) = try Self.squaresQuery(filter, in: box, side: 10_000, db)
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] as String }.joined(separator: "; ")
        }
    }
}

@Test func `without a script the map is a drawing and a table whose rows lead to the lists`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        try await portal.hear(
            CaseState.sample("a", stage: .dispatched, isOverdue: true), CaseState.sample("b", stage: .filed),
            CaseState.sample("c", stage: .closed))
        let browser = try portal.browser(of: "desk", .dispatcher, on: client)

        let page = try await browser.open("/console/map?category=E0102").text
        #expect(page.contains("<path class=\"area\"") && page.contains("2 件"))
        #expect(page.contains("<option value=\"E0102\" selected>"))
        #expect(page.contains("/console?") && page.contains("communityId=mingdu"))
        #expect(page.contains("category=E0102") && page.contains("<strong>2</strong>"))
        #expect(try await browser.open("/console/map?stage=nonsense").status == 400)
    }
}

@Test func `without the clusters of Debian the map says what to install, and works`() async throws {
    let folder = try TemporaryFolder()
    let leaflet = folder.url.appending(path: "leaflet")
    try FileManager.default.createDirectory(at: leaflet, withIntermediateDirectories: true)
    for name in ["leaflet.min.js", "leaflet.css"] {
        try Data("/* */".utf8).write(to: leaflet.appending(path: name))
    }
    var settings = PageSettings()
    settings.libraries = folder.url
    try await PortalUnderTest.run(pages: settings) { portal, client in
        let page = try await portal.browser(of: "desk", .dispatcher, on: client).open("/console/map").text
        #expect(page.contains("libjs-leaflet.markercluster") && page.contains("id=\"case-map\""))
        #expect(!page.contains("clusters.js"))
    }
}
