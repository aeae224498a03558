import Foundation

extension MultiPolygon {
    /// The way from a place to the area's nearest edge, in whole centimetres; 0 inside and on the edge.
    ///
    /// For edges only, not for processors. The nearest point of the outline is sought on a flat map around the place, which
    /// is right to the metre within a city and good enough to name a neighbour from further away.
    package func distance(from place: Place) -> Int {
        guard !contains(place) else { return 0 }
        var search = NearestPointSearch(from: place)
        for polygon in polygons {
            for ring in polygon.rings { search.look(along: ring) }
        }
        return search.nearest.map { Geography.distance(from: place, to: $0) } ?? .max
    }

    /// Whether the area is certainly further away than so many centimetres, told by its bounding box alone.
    ///
    /// Spares the walk along outlines that cannot be the nearest.
    package func isFurther(from place: Place, than reach: Int) -> Bool {
        NearestPointSearch(from: place).isFurther(boundingBox, than: reach)
    }
}

/// Looks for the point nearest to a place on a flat map that touches the Earth there.
private struct NearestPointSearch {
    private let latitude: Double
    private let longitude: Double
    /// How much narrower a degree of longitude is than one of latitude.
    private let narrowing: Double
    private var best = Double.infinity
    private var bestPoint: (latitude: Double, longitude: Double)?

    /// Of 1e-7 degrees of latitude, on the sphere of `distance`.
    private static let centimetresPerUnit = 1.111_949_266

    init(from place: Place) {
        latitude = Double(place.latitudeE7)
        longitude = Double(place.longitudeE7)
        // Not none, so that the poles have a flat map, too.
        narrowing = max(0.01, cos(place.latitude * .pi / 180))
    }

    var nearest: Place? {
        bestPoint.flatMap { point in
            Place(latitudeE7: Int(point.latitude.rounded()), longitudeE7: Int(point.longitude.rounded()))
        }
    }

    mutating func look(along ring: Ring) {
        guard var previous = ring.corners.last else { return }
        for corner in ring.corners {
            look(from: previous, to: corner)
            previous = corner
        }
    }

    private mutating func look(from start: Place, to end: Place) {
        let (fromY, fromX) = offset(of: start)
        let (toY, toX) = offset(of: end)
        let (rise, run) = (toY - fromY, toX - fromX)
        let length = rise * rise + run * run
        // How far along the edge the foot of the perpendicular lies, held between its ends.
        let part = length == 0 ? 0 : min(1, max(0, -(fromY * rise + fromX * run) / length))
        let (y, x) = (fromY + part * rise, fromX + part * run)
        let square = y * y + x * x
        guard square < best else { return }
        best = square
        bestPoint = (
            Double(start.latitudeE7) + part * (Double(end.latitudeE7) - Double(start.latitudeE7)),
            Double(start.longitudeE7) + part * (Double(end.longitudeE7) - Double(start.longitudeE7))
        )
    }

    /// North and east of the place, in units of latitude; the short way around the Earth.
    private func offset(of point: Place) -> (Double, Double) {
        (Double(point.latitudeE7) - latitude, east(Double(point.longitudeE7)) * narrowing)
    }

    private func east(_ other: Double) -> Double {
        let east = other - longitude
        if east > 1_800_000_000 { return east - 3_600_000_000 }
        return east < -1_800_000_000 ? east + 3_600_000_000 : east
    }

    func isFurther(_ box: BoundingBox, than reach: Int) -> Bool {
        let north = max(0, Double(box.south) - latitude, latitude - Double(box.north))
        let east =
            longitude >= Double(box.west) && longitude <= Double(box.east)
            ? 0 : min(abs(self.east(Double(box.west))), abs(self.east(Double(box.east)))) * narrowing
        // A tenth to spare: the flat map and the sphere differ by less within some hundreds of kilometres.
        return (north * north + east * east).squareRoot() * Self.centimetresPerUnit * 0.9 > Double(reach)
    }
}
