import Foundation
import Geography
import Testing

/// A real city's open data, kept beside the repository: 99 council boundaries and 6,660 requests that the city assigned
/// itself.
private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/la311")

private let isPresent = FileManager.default.fileExists(
    atPath: folder.appending(path: "neighborhood_councils.geojson").path)

@Suite(.enabled(if: isPresent, "the Los Angeles data are not at ../shared/data/la311"))
struct RealBoundariesTests {
    /// The rows of a CSV file with a head line, quoted fields included.
    private func rows(_ name: String) throws -> [[String: String]] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        var lines: [[String]] = [[""]]
        var isQuoted = false
        for character in text {
            let last = lines.count - 1
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: lines[last].append("")
            case "\n" where !isQuoted, "\r\n" where !isQuoted: lines.append([""])
            default: lines[last][lines[last].count - 1].append(character)
            }
        }
        return lines.dropFirst().filter { $0.count == lines[0].count }.map {
            Dictionary(uniqueKeysWithValues: zip(lines[0], $0))
        }
    }

    private func boundaries() throws -> [(id: String, area: MultiPolygon)] {
        let data = try Data(contentsOf: folder.appending(path: "neighborhood_councils.geojson"))
        return try GeoJSON.read(data).map { (try #require($0.properties["nc_id"]), $0.area) }
    }

    @Test func `places lie where the city says they do`() throws {
        let areas = try boundaries()
        #expect(areas.count == 99)
        let index = AreaIndex(areas)
        let codes = Dictionary(
            uniqueKeysWithValues: try rows("councils.csv").compactMap { row in
                row["council_id"].flatMap { id in row["data_code"].map { (id, $0) } }
            })
        var right = 0
        var total = 0
        var overlaps = (right: 0, total: 0)
        for row in try rows("service_requests.csv") {
            let council = try #require(row["council_id"])
            let expected = council.isEmpty || council == "0" ? nil : codes[council]
            let place = Double(row["latitude"] ?? "").flatMap { latitude in
                Double(row["longitude"] ?? "").flatMap { Place(latitude: latitude, longitude: $0) }
            }
            let found = place.map { index.findAll($0) } ?? []
            total += 1
            if found.first == expected { right += 1 }
            if found.count > 1 {
                overlaps.total += 1
                if found.first == expected { overlaps.right += 1 }
            }
        }
        print("\(right) of \(total) requests lie in the council that the city gave them; overlaps: \(overlaps)")
        #expect(total == 6_660)
        #expect(right * 1000 >= total * 993)
        #expect(overlaps.total > 0 && overlaps.right == overlaps.total)
    }

    @Test func `a real boundary survives the compact form in a quarter of the size`() throws {
        let areas = try boundaries().map(\.area)
        let compact = try JSONEncoder().encode(areas)
        #expect(try JSONDecoder().decode([MultiPolygon].self, from: compact) == areas)
        let original = try Data(contentsOf: folder.appending(path: "neighborhood_councils.geojson"))
        print("compact \(compact.count) bytes, GeoJSON \(original.count) bytes")
        #expect(compact.count * 4 < original.count)
    }
}
