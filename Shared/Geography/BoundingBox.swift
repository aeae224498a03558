/// The smallest upright rectangle around some places, edges included, in 1e-7 degrees.
package struct BoundingBox: Hashable, Sendable {
    package private(set) var south: Int32
    package private(set) var west: Int32
    package private(set) var north: Int32
    package private(set) var east: Int32

    init(around place: Place) {
        south = place.latitudeE7
        north = place.latitudeE7
        west = place.longitudeE7
        east = place.longitudeE7
    }

    mutating func include(_ place: Place) {
        south = min(south, place.latitudeE7)
        north = max(north, place.latitudeE7)
        west = min(west, place.longitudeE7)
        east = max(east, place.longitudeE7)
    }

    mutating func include(_ other: BoundingBox) {
        south = min(south, other.south)
        north = max(north, other.north)
        west = min(west, other.west)
        east = max(east, other.east)
    }

    /// Whether the place lies in the rectangle or on its edge.
    package func contains(_ place: Place) -> Bool {
        place.latitudeE7 >= south && place.latitudeE7 <= north
            && place.longitudeE7 >= west && place.longitudeE7 <= east
    }
}
