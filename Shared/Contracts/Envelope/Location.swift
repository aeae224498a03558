/// A place on the wire: WGS-84 (EPSG:4326) decimal degrees, kept as whole 1e-7 degrees (about a centimetre).
///
/// Integers inside, because sums of doubles may differ between machines; decimal numbers outside, because people read them.
package struct Location: Hashable, Sendable {
    package let latitudeE7: Int
    package let longitudeE7: Int

    package init(latitudeE7: Int, longitudeE7: Int) {
        self.latitudeE7 = latitudeE7
        self.longitudeE7 = longitudeE7
    }

    /// Nil for anything that is no place on Earth.
    package init?(latitude: Double, longitude: Double) {
        guard latitude.isFinite, longitude.isFinite, (-90...90).contains(latitude), (-180...180).contains(longitude)
        else { return nil }
        latitudeE7 = Int((latitude * 1e7).rounded())
        longitudeE7 = Int((longitude * 1e7).rounded())
    }

    package var latitude: Double { Double(latitudeE7) / 1e7 }
    package var longitude: Double { Double(longitudeE7) / 1e7 }
}

extension Location {
    /// To 0.001 degrees, about a hundred metres: enough to find the street, not the door.
    ///
    /// As much of a place as everybody may know.
    package var rounded: Location {
        func rounded(_ value: Int) -> Int {
            let magnitude = (abs(value) + 5_000) / 10_000 * 10_000
            return value < 0 ? -magnitude : magnitude
        }
        return Location(latitudeE7: rounded(latitudeE7), longitudeE7: rounded(longitudeE7))
    }
}

extension Location: Codable {
    private enum CodingKeys: String, CodingKey {
        case latitude
        case longitude
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let latitude = try container.decode(Double.self, forKey: .latitude)
        let longitude = try container.decode(Double.self, forKey: .longitude)
        guard let location = Location(latitude: latitude, longitude: longitude) else {
            throw DecodingError.dataCorruptedError(
                forKey: .latitude, in: container, debugDescription: "\(latitude), \(longitude) is no place on Earth")
        }
        self = location
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(latitude, forKey: .latitude)
        try container.encode(longitude, forKey: .longitude)
    }
}
