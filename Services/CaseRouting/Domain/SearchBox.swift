package import Contracts

/// A rectangle, in 1e-7 degrees, that holds everything within a reach of a place, and a little more.
///
/// It only narrows what a store looks at; the distance decides.
package struct SearchBox: Sendable, Equatable {
    package let latitudes: ClosedRange<Int>
    package let longitudes: ClosedRange<Int>

    private static let quarter = 900_000_000
    private static let half = 1_800_000_000

    /// `reach` in whole centimetres.
    package init(around location: Location, reach: Int) {
        // One unit of latitude is 1.11 cm, so as many units as centimetres is enough, with a tenth to spare; one more,
        // since a distance is rounded to whole centimetres.
        let reach = min(max(reach, 0) + 1, Self.half)
        let south = max(location.latitudeE7 - reach, -Self.quarter)
        let north = min(location.latitudeE7 + reach, Self.quarter)
        latitudes = min(south, north)...max(south, north)
        // Meridians draw together by the cosine of the latitude, which is never less than the straight line from 1 at
        // the equator to 0 at the pole: integers will do.
        let toPole = Self.quarter - max(abs(south), abs(north))
        let whole = -Self.half...Self.half
        guard toPole > 0 else {
            longitudes = whole
            return
        }
        let (product, overflow) = reach.multipliedReportingOverflow(by: Self.quarter)
        let across = overflow ? Self.half : product / toPole + 1
        let west = location.longitudeE7 - across
        let east = location.longitudeE7 + across
        // Across the date line the latitude alone narrows.
        longitudes = west < -Self.half || east > Self.half ? whole : west...east
    }
}
