/// The way over the ground between two places, in whole centimetres.
///
/// The great circle on a sphere of the Earth's mean radius (the haversine formula), right everywhere, also across the
/// date line. Against a real survey it can be off by up to 0.5 %, since the Earth is no sphere. The sines are our own
/// sums, made of + - * / and the square root only, because those of a system's library differ in the last bit from
/// machine to machine and a processor must decide the same everywhere.
package func distance(from start: Place, to end: Place) -> Int {
    let eastward = abs(Int(start.longitudeE7) - Int(end.longitudeE7))
    let across = min(eastward, 2 * Place.longitudeLimit - eastward)
    let along = abs(Int(start.latitudeE7) - Int(end.latitudeE7))
    let sineAlong = sine(Double(along) * halfRadiansPerE7)
    let sineAcross = sine(Double(across) * halfRadiansPerE7)
    let cosines = cosine(start.latitudeE7) * cosine(end.latitudeE7)
    let haversine = sineAlong * sineAlong + cosines * sineAcross * sineAcross
    let angle = 2 * arcSine(min(1, haversine.squareRoot()))
    return Int((angle * earthRadiusInCentimetres).rounded())
}

/// The mean radius of WGS-84: two thirds of the equator's and a third of the pole's.
private let earthRadiusInCentimetres = 637_100_880.0
private let radiansPerE7 = 0.017453292519943295 / 1e7
private let halfRadiansPerE7 = radiansPerE7 / 2
private let halfTurn = 1.5707963267948966

/// The cosine of a latitude in 1e-7 degrees.
private func cosine(_ latitudeE7: Int32) -> Double {
    sine(halfTurn - Double(latitudeE7.magnitude) * radiansPerE7)
}

/// The sine of 0...π/2: Taylor's series, whose first term left out is below 1e-17.
private func sine(_ angle: Double) -> Double {
    let square = angle * angle
    var term = angle
    var sum = angle
    var factor = 2.0
    while factor < 22 {
        term = -term * square / (factor * (factor + 1))
        sum += term
        factor += 2
    }
    return sum
}

/// The arc of a sine of 0...1; beyond one half by the half angle, since the series is slow there.
private func arcSine(_ sine: Double) -> Double {
    guard sine <= 0.5 else {
        return halfTurn - 2 * arcSine(((1 - sine) / 2).squareRoot())
    }
    let square = sine * sine
    var coefficient = sine
    var sum = sine
    var power = 1.0
    while power < 49 {
        coefficient = coefficient * square * power / (power + 1)
        power += 2
        sum += coefficient / power
    }
    return sum
}
