/// A point on the ground in WGS-84, held as whole 1e-7 degrees (about 1 cm), so that every machine agrees on it to the
/// last bit.
///
/// Its JSON form is `{"latitude": 28.6829, "longitude": 115.8582}`; reading it back gives the same integers.
package struct Place: Hashable, Sendable {
    /// Degrees north of the equator, times 10,000,000.
    package let latitudeE7: Int32
    /// Degrees east of Greenwich, times 10,000,000.
    package let longitudeE7: Int32

    /// Makes a place from whole 1e-7 degrees; nil beyond ±90° or ±180°.
    package init?(latitudeE7: Int, longitudeE7: Int) {
        guard
            (-Self.latitudeLimit...Self.latitudeLimit).contains(latitudeE7),
            (-Self.longitudeLimit...Self.longitudeLimit).contains(longitudeE7)
        else { return nil }
        self.latitudeE7 = Int32(latitudeE7)
        self.longitudeE7 = Int32(longitudeE7)
    }

    /// Makes a place from degrees, rounded to the nearest 1e-7; nil for what is not a number or lies beyond ±90° or
    /// ±180°.
    package init?(latitude: Double, longitude: Double) {
        guard
            (-90...90).contains(latitude),
            (-180...180).contains(longitude)
        else { return nil }
        self.init(
            latitudeE7: Int((latitude * 1e7).rounded()),
            longitudeE7: Int((longitude * 1e7).rounded()))
    }

    /// Degrees north of the equator: the double nearest to the exact decimal, so that it prints with at most seven
    /// decimals.
    package var latitude: Double { Double(latitudeE7) / 1e7 }

    /// Degrees east of Greenwich: the double nearest to the exact decimal, so that it prints with at most seven
    /// decimals.
    package var longitude: Double { Double(longitudeE7) / 1e7 }

    static let latitudeLimit = 900_000_000
    static let longitudeLimit = 1_800_000_000
}

extension Place: Codable {
    private enum CodingKeys: String, CodingKey {
        case latitude
        case longitude
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let latitude = try container.decode(Double.self, forKey: .latitude)
        let longitude = try container.decode(Double.self, forKey: .longitude)
        guard let place = Place(latitude: latitude, longitude: longitude) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "A latitude lies within ±90 degrees and a longitude within ±180."))
        }
        self = place
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(latitude, forKey: .latitude)
        try container.encode(longitude, forKey: .longitude)
    }
}
