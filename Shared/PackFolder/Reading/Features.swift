import Foundation
import Geography

/// The features, nil for one that cannot be used; nil where the file is no collection of features.
func readFeatures(
    _ data: Data, of file: PackFile, _ problems: inout ProblemLog
) -> [Entry<GeoJSON.Feature>?]? {
    let problem: GeoJSON.ReadingError
    do {
        let features = try GeoJSON.read(data)
        return features.enumerated().map { Entry(value: $1, position: .feature($0 + 1)) }
    } catch {
        problem = error
    }
    guard problem.feature != nil else {
        problems.add(
            .unreadable, file, nil, problem.problem, "export it as a GeoJSON FeatureCollection in WGS-84")
        return nil
    }
    // The reader stops at the first feature that it cannot use; the author wants to hear of the others too.
    do {
        return try separately(data, file, &problems)
    } catch {
        problems.add(.unreadable, file, nil, "\(error)", "export it as a GeoJSON FeatureCollection in WGS-84")
        return nil
    }
}

private func separately(
    _ data: Data, _ file: PackFile, _ problems: inout ProblemLog
) throws -> [Entry<GeoJSON.Feature>?] {
    let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let members = document?["features"] as? [Any] ?? []
    var features: [Entry<GeoJSON.Feature>?] = []
    for (index, member) in members.enumerated() {
        let alone = try JSONSerialization.data(withJSONObject: ["type": "FeatureCollection", "features": [member]])
        do {
            let read = try GeoJSON.read(alone)
            features += read.map { Entry(value: $0, position: .feature(index + 1)) }
        } catch {
            problems.add(
                .brokenOutline, file, .feature(index + 1), error.problem,
                "draw the outline again, or export it once more")
            features.append(nil)
        }
    }
    return features
}

extension Entry<GeoJSON.Feature> {
    /// A property that must be there; nil, and noted, where it is not.
    func property(_ name: String, of file: PackFile, _ problems: inout ProblemLog) -> String? {
        guard let text = value.properties[name]?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
            problems.add(.missingValue, file, position, "the property \(name) is missing", "add it to the feature")
            return nil
        }
        return text
    }
}

extension MultiPolygon {
    /// As a pack carries it: rings, each flat and delta-coded.
    var asOutline: [[[Int]]] {
        polygons.map { polygon in ([polygon.outline] + polygon.holes).map { deltas(of: $0.corners) } }
    }
}

/// The corners as a pack carries them: the first, then the difference of each to the one before.
private func deltas(of corners: [Place]) -> [Int] {
    var latitude = 0
    var longitude = 0
    return corners.flatMap { corner in
        let step = [Int(corner.latitudeE7) - latitude, Int(corner.longitudeE7) - longitude]
        latitude = Int(corner.latitudeE7)
        longitude = Int(corner.longitudeE7)
        return step
    }
}
