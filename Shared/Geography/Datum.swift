import Foundation

/// The coordinate system that a device or a map meant.
///
/// Phones report WGS-84; Chinese maps (Amap, Tencent) and their SDKs give GCJ-02, shifted by some hundreds of metres.
/// Everything inside is WGS-84: the edge that takes a place in converts it, and the record keeps which datum was given.
package enum Datum: String, Hashable, Sendable, Codable, CaseIterable {
    case wgs84
    case gcj02

    /// Whether degrees in this datum differ from WGS-84 at the place: GCJ-02's do in China.
    package func isShifted(at place: Place) -> Bool {
        self == .gcj02 && ChinaOutline.contains(place)
    }

    /// The WGS-84 place of degrees given in this datum; nil for what is not on the Earth.
    ///
    /// For edges only: the conversion uses the system's sine, whose last bit differs between machines. A processor gets
    /// the converted place.
    package func place(latitude: Double, longitude: Double) -> Place? {
        guard let given = Place(latitude: latitude, longitude: longitude) else { return nil }
        return switch self {
        case .wgs84: given
        case .gcj02: unshifted(given)
        }
    }

    /// The degrees, in this datum, of a WGS-84 place, rounded to 1e-7.
    ///
    /// For edges only, as above.
    package func coordinates(of place: Place) -> (latitude: Double, longitude: Double) {
        switch self {
        case .wgs84:
            return (place.latitude, place.longitude)
        case .gcj02:
            guard isShifted(at: place) else { return (place.latitude, place.longitude) }
            let offset = shift(place.latitude, place.longitude)
            return (
                ((place.latitude + offset.latitude) * 1e7).rounded() / 1e7,
                ((place.longitude + offset.longitude) * 1e7).rounded() / 1e7
            )
        }
    }
}

/// The inverse of the shift, by walking back until it meets the given point to within a millimetre.
private func unshifted(_ given: Place) -> Place? {
    var latitude = given.latitude
    var longitude = given.longitude
    for _ in 0..<30 {
        let offset = shift(latitude, longitude)
        let nextLatitude = given.latitude - offset.latitude
        let nextLongitude = given.longitude - offset.longitude
        let change = max(abs(nextLatitude - latitude), abs(nextLongitude - longitude))
        latitude = nextLatitude
        longitude = nextLongitude
        if change < 1e-9 { break }
    }
    // Asked of the result, not of the given point: at the border of the rule a point inside may have been shifted out.
    return isShifted(latitude, longitude) ? Place(latitude: latitude, longitude: longitude) : given
}

/// Whether GCJ-02 moves a WGS-84 point.
private func isShifted(_ latitude: Double, _ longitude: Double) -> Bool {
    Place(latitude: latitude, longitude: longitude).map(ChinaOutline.contains) ?? false
}

/// How far GCJ-02 moves a WGS-84 point, in degrees: the published approximation, on Krasovsky's ellipsoid of 1940.
private func shift(_ latitude: Double, _ longitude: Double) -> (latitude: Double, longitude: Double) {
    let east = longitude - 105
    let north = latitude - 35
    let ripple = 20 * sin(6 * east * .pi) + 20 * sin(2 * east * .pi)
    let root = abs(east).squareRoot()

    let northWaves =
        ripple + 20 * sin(north * .pi) + 40 * sin(north / 3 * .pi) + 160 * sin(north / 12 * .pi)
        + 320 * sin(north / 30 * .pi)
    let northMetres =
        -100 + 2 * east + 3 * north + 0.2 * north * north + 0.1 * east * north + 0.2 * root + northWaves * 2 / 3

    let eastWaves =
        ripple + 20 * sin(east * .pi) + 40 * sin(east / 3 * .pi) + 150 * sin(east / 12 * .pi)
        + 300 * sin(east / 30 * .pi)
    let eastMetres =
        300 + east + 2 * north + 0.1 * east * east + 0.1 * east * north + 0.1 * root + eastWaves * 2 / 3

    let equatorRadius = 6_378_245.0
    let flattening = 0.006_693_421_622_965_943_23
    let radians = latitude / 180 * .pi
    let bulge = 1 - flattening * sin(radians) * sin(radians)
    let meridianRadius = equatorRadius * (1 - flattening) / (bulge * bulge.squareRoot())
    let parallelRadius = equatorRadius / bulge.squareRoot() * cos(radians)
    return (northMetres * 180 / (meridianRadius * .pi), eastMetres * 180 / (parallelRadius * .pi))
}
