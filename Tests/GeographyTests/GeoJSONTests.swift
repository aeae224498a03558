import Foundation
import Geography
import Testing

@Suite struct GeoJSONTests {
    private func read(_ features: String, crs: String = "") throws -> [GeoJSON.Feature] {
        try GeoJSON.read(Data(#"{"type":"FeatureCollection",\#(crs)"features":[\#(features)]}"#.utf8))
    }

    private let square = "[[115,28],[116,28],[116,29],[115,29],[115,28]]"

    @Test func `polygons and multipolygons are read with their properties as text`() throws {
        let features = try read(
            """
            {"type":"Feature","id":7,"properties":{"name":"名都","n":47,"x":1.5,"on":true,"none":null,"list":[1],"o":{"a":1}},
             "geometry":{"type":"Polygon","coordinates":[\(square)]}},
            {"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[\(square)],[\(square)]]}}
            """)
        #expect(features.map(\.properties) == [["id": "7", "name": "名都", "n": "47", "x": "1.5", "on": "true"], [:]])
        #expect(features[0].area == (try area(rectangle(280_000_000, 1_150_000_000, 290_000_000, 1_160_000_000))))
        #expect(features[1].area.polygons.count == 2)
    }

    @Test func `a height is ignored and holes are kept`() throws {
        let hole = "[[115.4,28.4,9],[115.6,28.4,9],[115.5,28.6,9],[115.4,28.4,9]]"
        let features = try read(
            #"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[\#(square),\#(hole)]}}"#)
        #expect(features[0].area.polygons[0].holes.count == 1)
    }

    @Test(arguments: [
        (#""Point","coordinates":[115,28]"#, "its geometry is a Point, a Polygon or MultiPolygon is needed"),
        (#""Polygon","coordinates":[]"#, "no outline: its list of rings is empty"),
        (#""MultiPolygon","coordinates":[]"#, "an area needs at least one outline"),
        (
            #""Polygon","coordinates":[[[115,28],[116,28],[116,29]]]"#,
            "ring 0: is not closed, its last position must repeat the first"
        ),
        (
            #""Polygon","coordinates":[[[115,28],[116,28],[115,28]]]"#,
            "ring 0: an outline needs at least 3 different corners, this one has 2"
        ),
        (
            #""MultiPolygon","coordinates":[[[[28,115],[28,116],[29,116],[28,115]]]]"#,
            "part 0, ring 0, position 0: longitude 28.0, latitude 115.0 is not on the Earth (GeoJSON puts the longitude first)"
        ),
        (#""Polygon","coordinates":[[[115]]]"#, "ring 0, position 0: a longitude and a latitude are needed"),
        (
            #""Polygon","coordinates":[[[115,"28"]]]"#,
            "geometry.coordinates[0][0][1] is of the wrong kind, a number is needed"
        ),
        (#""Polygon""#, "geometry.coordinates is missing"),
    ])
    func `what is wrong is said, with the feature`(geometry: String, problem: String) {
        let good = #"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[\#(square)]}}"#
        let bad = #"{"type":"Feature","properties":{},"geometry":{"type":\#(geometry)}}"#
        let error = #expect(throws: GeoJSON.ReadingError.self) { try read(good + "," + bad) }
        #expect(error?.feature == 1)
        #expect(error?.problem == problem)
        #expect(error?.description == "feature 1: \(problem)")
    }

    @Test func `a feature without geometry is named`() {
        let error = #expect(throws: GeoJSON.ReadingError.self) {
            try read(#"{"type":"Feature","properties":{},"geometry":null}"#)
        }
        #expect(error?.description == "feature 0: has no geometry")
    }

    @Test func `a file of another kind is refused`() {
        func problem(_ text: String) -> String? {
            #expect(throws: GeoJSON.ReadingError.self) { try GeoJSON.read(Data(text.utf8)) }?.description
        }
        #expect(problem(#"{"type":"Feature"}"#) == "the file is a Feature, a FeatureCollection is needed")
        #expect(problem(#"{"type":"FeatureCollection"}"#) == "features is missing")
        #expect(problem("{")?.hasPrefix("the file is not JSON") == true)
    }

    @Test func `another coordinate system is refused, WGS-84 by its old name is not`() throws {
        func crs(_ name: String) -> String { #""crs":{"type":"name","properties":{"name":"\#(name)"}},"# }
        #expect(try read("", crs: crs("urn:ogc:def:crs:OGC:1.3:CRS84")).isEmpty)
        let error = #expect(throws: GeoJSON.ReadingError.self) { try read("", crs: crs("EPSG:4490")) }
        #expect(error?.description == "the file is in the coordinate system EPSG:4490, WGS-84 is needed")
    }
}
