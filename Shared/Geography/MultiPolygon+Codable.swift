/// The compact JSON of an area: parts, each a list of rings (the outline first), each a flat list of whole 1e-7
/// degrees.
///
/// A ring is `[latitude, longitude, then for each further corner the difference from the one before, …]`, for instance
/// `[[[286829000,1158582000,0,1000,1000,0]]]`. A real boundary takes about a fifth of its GeoJSON and loses nothing.
extension MultiPolygon: Codable {
    package init(from decoder: any Decoder) throws {
        let parts = try decoder.singleValueContainer().decode([[[Int]]].self)
        func corrupted(_ reason: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: reason))
        }
        do {
            var polygons: [Polygon] = []
            for part in parts {
                var rings: [Ring] = []
                for numbers in part {
                    guard let places = Self.places(fromDeltas: numbers) else {
                        throw corrupted("A ring is pairs of latitude and longitude differences that stay on the Earth.")
                    }
                    rings.append(try Ring(places))
                }
                guard let outline = rings.first else { throw corrupted("A part of an area has no outline.") }
                polygons.append(Polygon(outline: outline, holes: Array(rings.dropFirst())))
            }
            try self.init(polygons)
        } catch let error as ShapeError {
            throw corrupted(error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(polygons.map { $0.rings.map { Self.deltas(of: $0.corners) } })
    }

    private static func deltas(of places: [Place]) -> [Int] {
        var numbers: [Int] = []
        numbers.reserveCapacity(places.count * 2)
        var latitude = 0
        var longitude = 0
        for place in places {
            numbers.append(Int(place.latitudeE7) - latitude)
            numbers.append(Int(place.longitudeE7) - longitude)
            latitude = Int(place.latitudeE7)
            longitude = Int(place.longitudeE7)
        }
        return numbers
    }

    private static func places(fromDeltas numbers: [Int]) -> [Place]? {
        guard numbers.count.isMultiple(of: 2) else { return nil }
        var places: [Place] = []
        var latitude = 0
        var longitude = 0
        for index in stride(from: 0, to: numbers.count, by: 2) {
            let (north, northOverflow) = latitude.addingReportingOverflow(numbers[index])
            let (east, eastOverflow) = longitude.addingReportingOverflow(numbers[index + 1])
            guard !northOverflow, !eastOverflow, let place = Place(latitudeE7: north, longitudeE7: east) else {
                return nil
            }
            places.append(place)
            latitude = north
            longitude = east
        }
        return places
    }
}
