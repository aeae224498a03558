/// A straight edge between two neighbouring corners, straight in degrees.
struct Edge: Sendable {
    var fromLatitude: Int32
    var fromLongitude: Int32
    var toLatitude: Int32
    var toLongitude: Int32

    init(from start: Place, to end: Place) {
        fromLatitude = start.latitudeE7
        fromLongitude = start.longitudeE7
        toLatitude = end.latitudeE7
        toLongitude = end.longitudeE7
    }
}

/// On which side of the line from `start` to `end` a place lies: 1 left, -1 right, 0 on the line.
///
/// The two products are compared, not subtracted: each is below 6.5e18 and fits 64 bits, their difference might not.
func orientation(_ start: Place, _ end: Place, _ place: Place) -> Int {
    let rise = Int(end.latitudeE7) - Int(start.latitudeE7)
    let run = Int(end.longitudeE7) - Int(start.longitudeE7)
    let left = run * (Int(place.latitudeE7) - Int(start.latitudeE7))
    let right = (Int(place.longitudeE7) - Int(start.longitudeE7)) * rise
    return left > right ? 1 : left < right ? -1 : 0
}

/// Counts how often the ray from a place due east crosses the edges shown to it.
///
/// An edge takes its lower end in and leaves its upper end out, so a ray through a corner is counted once.
struct EdgeCrossings {
    private let latitude: Int
    private let longitude: Int
    private var isOdd = false
    private(set) var isOnEdge = false

    init(of place: Place) {
        latitude = Int(place.latitudeE7)
        longitude = Int(place.longitudeE7)
    }

    var isInside: Bool { isOnEdge || isOdd }

    /// Takes an edge into account; false when the place lies on it, since no other edge matters then.
    mutating func add(_ edge: Edge) -> Bool {
        let south = Int(min(edge.fromLatitude, edge.toLatitude))
        let north = Int(max(edge.fromLatitude, edge.toLatitude))
        guard latitude >= south, latitude <= north else { return true }
        let east = Int(max(edge.fromLongitude, edge.toLongitude))
        guard longitude <= east else { return true }
        let rise = Int(edge.toLatitude) - Int(edge.fromLatitude)
        let run = Int(edge.toLongitude) - Int(edge.fromLongitude)
        let left = run * (latitude - Int(edge.fromLatitude))
        let right = (longitude - Int(edge.fromLongitude)) * rise
        let west = Int(min(edge.fromLongitude, edge.toLongitude))
        if left == right, longitude >= west {
            isOnEdge = true
            return false
        }
        if latitude < north, rise > 0 ? left > right : left < right {
            isOdd.toggle()
        }
        return true
    }
}
