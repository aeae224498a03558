import Contracts
import Foundation
import Geography
import PackFolder
import Testing

private let square = "[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]]]"
private let farSquare = "[[[1,1],[1.01,1],[1.01,1.01],[1,1.01],[1,1]]]"

private func collection(_ features: [(properties: String, coordinates: String)]) -> Data {
    let texts = features.map { properties, coordinates in
        """
        {"type":"Feature","properties":\(properties),"geometry":{"type":"Polygon","coordinates":\(coordinates)}}
        """
    }
    return Data("{\"type\":\"FeatureCollection\",\"features\":[\(texts.joined(separator: ","))]}".utf8)
}

private func start(_ communities: Data, _ categories: PackStart.CategoryList? = nil) -> PackStart {
    PackStart(
        name: "springfield", title: "Springfield: \"our\" town", caseNumberPrefix: "SPR", utcOffsetMinutes: -360,
        communities: communities, idProperty: "ward", nameProperty: "label", categories: categories)
}

@Test func `a new pack has nothing wrong with it`() throws {
    let communities = collection([
        (#"{"ward": 1, "label": "North, \"upper\""}"#, square), (#"{"ward": 2, "label": "South"}"#, farSquare),
    ])
    try withTemporaryFolder { parent in
        let folder = parent.appendingPathComponent("new", isDirectory: true)
        try start(communities).write(to: folder)

        let reading = PackFolder.read(folder)

        #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
        let pack = try #require(reading.pack)
        #expect(pack.title == "Springfield: \"our\" town")
        #expect(pack.calendar.utcOffsetMinutes == -360)
        #expect(pack.communities.map(\.name) == ["North, \"upper\"", "South"])
        #expect(pack.communities.map(\.caseNumberPrefix) == ["SPR", "SPR"])
        #expect(pack.routingRules.map(\.sentence) == ["R1: everything -> city-hall"])
        #expect(
            pack.pointRules.map(\.id) == ["P1", "P2"] && pack.points?.funders?.map(\.ledgerId) == [LedgerID(pack.name)])
        #expect(pack.points?.caps?.personDay == 50 && pack.points?.mealPeaks?.count == 2)
        #expect(pack.emergencies?.map(\.id) == ["fire", "gas", "injury", "trapped", "water", "wire"])
    }
}

@Test func `features with one id become one community of several parts`() throws {
    let communities = collection([
        (#"{"ward": "a", "label": "A"}"#, square), (#"{"ward": "b", "label": "B"}"#, "[[[2,2],[3,2],[3,3],[2,2]]]"),
        (#"{"ward": "a", "label": "A too"}"#, farSquare),
    ])
    try withTemporaryFolder { folder in
        try start(communities).write(to: folder)

        let pack = try PackFolder.load(folder)

        #expect(pack.communities.map(\.id) == ["a", "b"])
        #expect(pack.communities[0].name == "A")
        #expect(pack.communities[0].outline.count == 2)
    }
}

@Test func `categories of the city's own list keep their codes and get what they lack`() throws {
    let csv = "type_id,type_name,kind\n1,\"Graffiti, tags\",snapshot\n2,Other,\n"
    let list = PackStart.CategoryList(csv: csv, codeColumn: "type_id", nameColumn: "type_name")
    try withTemporaryFolder { folder in
        try start(collection([(#"{"ward": 1, "label": "N"}"#, square)]), list).write(to: folder)

        let pack = try PackFolder.load(folder)

        #expect(pack.categories.map(\.code) == ["1", "2"])
        #expect(pack.categories.map(\.name) == ["Graffiti, tags", "Other"])
        #expect(pack.pointRules.count == 1)
    }
}

@Test func `a folder with something in it is left alone`() throws {
    try withTemporaryFolder { folder in
        try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))

        #expect(throws: PackStartError.self) {
            try start(collection([(#"{"ward": 1, "label": "N"}"#, square)])).write(to: folder)
        }

        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
    }
}

@Test(arguments: [
    (#"{"label": "N"}"#, "ward"), (#"{"ward": "", "label": "N"}"#, "ward"), (#"{"ward": 1}"#, "label"),
])
func `a feature without id or name is told`(_ properties: String, _ missing: String) throws {
    try withTemporaryFolder { folder in
        let error = #expect(throws: PackStartError.self) {
            try start(collection([(properties, square)])).write(to: folder)
        }
        #expect(error?.description.contains("no property \(missing)") == true)
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(written.isEmpty)
    }
}

@Test func `a border that two communities share is no overlap`() throws {
    // The border lies where the check looks: on its 21st row and column of 40.
    let ell = "[[[0,0],[0.01,0],[0.01,0.005125],[0.005125,0.005125],[0.005125,0.01],[0,0.01],[0,0]]]"
    let notch = "[[[0.005125,0.005125],[0.01,0.005125],[0.01,0.01],[0.005125,0.01],[0.005125,0.005125]]]"
    try withTemporaryFolder { folder in
        try start(
            collection([(#"{"ward": 1, "label": "L"}"#, ell), (#"{"ward": 2, "label": "N"}"#, notch)])
        ).write(to: folder)

        #expect(PackFolder.read(folder).problems.isEmpty)
    }
}

@Test func `two ids that would become one are told apart`() throws {
    let communities = collection([
        (#"{"ward": "a b", "label": "A"}"#, square), (#"{"ward": "a/b", "label": "B"}"#, farSquare),
    ])
    try withTemporaryFolder { folder in
        _ = #expect(throws: PackStartError.self) { try start(communities).write(to: folder) }
    }
}

private let losAngeles = repository.deletingLastPathComponent()
    .appendingPathComponent("shared/data/la311/neighborhood_councils.geojson")

@Test(.enabled(if: FileManager.default.fileExists(atPath: losAngeles.path), "the outlines of Los Angeles are not here"))
func `a city of 99 communities starts from its open data`() throws {
    let data = try Data(contentsOf: losAngeles)
    let published = try GeoJSON.read(data)
    try withTemporaryFolder { folder in
        try PackStart(
            name: "los-angeles", title: "Los Angeles", caseNumberPrefix: "LA", utcOffsetMinutes: -480,
            communities: data, idProperty: "nc_id", nameProperty: "name", categories: nil
        ).write(to: folder)

        let reading = PackFolder.read(folder)

        // The published outlines do overlap; nothing else may be said of the pack.
        #expect(reading.problems.allSatisfy { $0.kind == .overlappingCommunities })
        #expect(!reading.problems.isEmpty)
        let pack = try #require(reading.pack)
        #expect(pack.communities.map(\.id.rawValue) == published.compactMap { $0.properties["nc_id"] })
        #expect(pack.communities.count == 99)
        let carried = try pack.communities.map { community in
            try JSONDecoder().decode(MultiPolygon.self, from: JSONEncoder().encode(community.outline))
        }
        #expect(carried == published.map(\.area))
    }
}
