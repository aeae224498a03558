package import Foundation

/// Reads the boundaries in a GeoJSON file (RFC 7946): a FeatureCollection of Polygons and MultiPolygons in WGS-84.
package enum GeoJSON {
    /// One area of the file with what the file says of it.
    package struct Feature: Sendable, Hashable {
        /// The properties that have one value, as text: `"a"` → `a`, `47` → `47`, `true` → `true`.
        ///
        /// Null, lists and objects are left out. The feature's own `id` is here too, under `id`, unless a property has
        /// that name.
        package let properties: [String: String]
        package let area: MultiPolygon
    }

    /// What is wrong with a file and in which feature (counted from 0, in the file's order; nil for the file as a
    /// whole).
    package struct ReadingError: Error, Hashable, Sendable, CustomStringConvertible {
        package let feature: Int?
        package let problem: String

        package var description: String {
            feature.map { "feature \($0): \(problem)" } ?? problem
        }
    }

    /// The features in the file's order; throws a `ReadingError` at the first thing that cannot be used.
    package static func read(_ data: Data) throws(ReadingError) -> [Feature] {
        do {
            return try JSONDecoder().decode(CollectionDocument.self, from: data).features
        } catch let error as ReadingError {
            throw error
        } catch let error as DecodingError {
            throw ReadingError(feature: nil, problem: describe(error, below: 0))
        } catch {
            throw ReadingError(feature: nil, problem: "cannot be read: \(error)")
        }
    }
}

// MARK: - The document

private struct CollectionDocument: Decodable {
    let features: [GeoJSON.Feature]

    private enum CodingKeys: String, CodingKey {
        case type
        case crs
        case features
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        guard type == "FeatureCollection" else {
            throw GeoJSON.ReadingError(feature: nil, problem: "the file is a \(type), a FeatureCollection is needed")
        }
        if let system = try container.decodeIfPresent(CoordinateSystem.self, forKey: .crs), !system.isWGS84 {
            throw GeoJSON.ReadingError(
                feature: nil, problem: "the file is in the coordinate system \(system.name), WGS-84 is needed")
        }
        var list = try container.nestedUnkeyedContainer(forKey: .features)
        var features: [GeoJSON.Feature] = []
        while !list.isAtEnd {
            let index = list.currentIndex
            do {
                features.append(try list.decode(FeatureDocument.self).feature)
            } catch let error as DecodingError {
                throw GeoJSON.ReadingError(feature: index, problem: describe(error, below: 2))
            } catch let error as Unusable {
                throw GeoJSON.ReadingError(feature: index, problem: error.problem)
            }
        }
        self.features = features
    }
}

/// The member of older files that names another coordinate system.
private struct CoordinateSystem: Decodable {
    struct Properties: Decodable {
        let name: String?
    }
    let properties: Properties?

    var name: String { properties?.name ?? "(unnamed)" }

    var isWGS84: Bool { name.hasSuffix("CRS84") || name.hasSuffix(":4326") }
}

private struct FeatureDocument: Decodable {
    let feature: GeoJSON.Feature

    private enum CodingKeys: String, CodingKey {
        case type
        case id
        case properties
        case geometry
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        guard type == "Feature" else { throw Unusable("is a \(type), a Feature is needed") }
        guard let geometry = try container.decodeIfPresent(GeometryDocument.self, forKey: .geometry) else {
            throw Unusable("has no geometry")
        }
        let properties = try container.decodeIfPresent([String: Scalar].self, forKey: .properties) ?? [:]
        var texts = properties.compactMapValues(\.text)
        if texts["id"] == nil {
            texts["id"] = try container.decodeIfPresent(Scalar.self, forKey: .id)?.text
        }
        feature = GeoJSON.Feature(properties: texts, area: geometry.area)
    }
}

private struct GeometryDocument: Decodable {
    let area: MultiPolygon

    private enum CodingKeys: String, CodingKey {
        case type
        case coordinates
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        let parts: [[[[Double]]]]
        switch type {
        case "Polygon": parts = [try container.decode([[[Double]]].self, forKey: .coordinates)]
        case "MultiPolygon": parts = try container.decode([[[[Double]]]].self, forKey: .coordinates)
        default: throw Unusable("its geometry is a \(type), a Polygon or MultiPolygon is needed")
        }
        var polygons: [Polygon] = []
        for (index, part) in parts.enumerated() {
            polygons.append(try polygon(part, where: type == "Polygon" ? "" : "part \(index), "))
        }
        do {
            area = try MultiPolygon(polygons)
        } catch {
            throw Unusable(error.description)
        }
    }
}

private func polygon(_ part: [[[Double]]], where prefix: String) throws(Unusable) -> Polygon {
    var rings: [Ring] = []
    for (index, positions) in part.enumerated() {
        rings.append(try ring(positions, where: "\(prefix)ring \(index)"))
    }
    guard let outline = rings.first else { throw Unusable("\(prefix)no outline: its list of rings is empty") }
    return Polygon(outline: outline, holes: Array(rings.dropFirst()))
}

private func ring(_ positions: [[Double]], where name: String) throws(Unusable) -> Ring {
    var places: [Place] = []
    places.reserveCapacity(positions.count)
    for (index, position) in positions.enumerated() {
        guard position.count >= 2 else {
            throw Unusable("\(name), position \(index): a longitude and a latitude are needed")
        }
        guard let place = Place(latitude: position[1], longitude: position[0]) else {
            let hint = abs(position[1]) > 90 && abs(position[0]) <= 90 ? " (GeoJSON puts the longitude first)" : ""
            let given = "longitude \(position[0]), latitude \(position[1])"
            throw Unusable("\(name), position \(index): \(given) is not on the Earth\(hint)")
        }
        places.append(place)
    }
    guard places.first == places.last else {
        throw Unusable("\(name): is not closed, its last position must repeat the first")
    }
    do {
        return try Ring(places)
    } catch {
        throw Unusable("\(name): \(error.description)")
    }
}

/// Why a feature cannot be used; the collection adds which feature it was.
private struct Unusable: Error {
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }
}

// MARK: - Values of any kind

/// A JSON value of any kind, as text when it is a single one.
private struct Scalar: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text =
            container.decodeNil()
            ? nil
            : container.value(String.self) ?? container.value(Bool.self)?.description
                ?? container.value(Int64.self)?.description ?? container.value(Double.self)?.description
    }
}

extension SingleValueDecodingContainer {
    /// The value when it is of this kind: the decoder offers no way to ask for the kind but to try.
    fileprivate func value<Value: Decodable>(_ type: Value.Type) -> Value? {
        do {
            return try decode(type)
        } catch {
            return nil
        }
    }
}

/// A decoder's complaint in plain words, naming the way to the spot from `depth` steps down.
private func describe(_ error: DecodingError, below depth: Int) -> String {
    func spot(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
        let path = context.codingPath + (last.map { [$0] } ?? [])
        let steps = path.dropFirst(depth).map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }
        let text = steps.joined()
        return text.hasPrefix(".") ? String(text.dropFirst()) : text
    }
    switch error {
    case .keyNotFound(let key, let context):
        return "\(spot(context, key)) is missing"
    case .valueNotFound(_, let context):
        return "\(spot(context)) is null"
    case .typeMismatch(let type, let context):
        return "\(spot(context)) is of the wrong kind, \(kind(type)) is needed"
    case .dataCorrupted(let context):
        return context.codingPath.isEmpty
            ? "the file is not JSON: \(context.debugDescription)" : "\(spot(context)): \(context.debugDescription)"
    @unknown default:
        return "cannot be read: \(error)"
    }
}

private func kind(_ type: any Any.Type) -> String {
    if type == String.self { return "a text" }
    if type == Double.self { return "a number" }
    return "\(type)".hasPrefix("Dictionary") ? "an object" : "a list"
}
