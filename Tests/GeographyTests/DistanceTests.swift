import Foundation
import Geography
import TestSupport
import Testing

@Suite struct DistanceTests {
    /// The textbook formula with the system's sines, in centimetres.
    private func haversine(_ start: Place, _ end: Place) -> Double {
        let along = (end.latitude - start.latitude) * .pi / 180
        let across = (end.longitude - start.longitude) * .pi / 180
        let value =
            pow(sin(along / 2), 2)
            + cos(start.latitude * .pi / 180) * cos(end.latitude * .pi / 180) * pow(sin(across / 2), 2)
        return 2 * 637_100_880 * asin(min(1, value.squareRoot()))
    }

    @Test func `agrees with the haversine formula within 100 km and around the world`() throws {
        var random = SeededGenerator()
        for round in 0..<4_000 {
            let reach = round.isMultiple(of: 2) ? 6_000_000 : 1_800_000_000
            let latitude = Int.random(in: -899_999_999...899_999_999, using: &random)
            let longitude = Int.random(in: -1_800_000_000...1_800_000_000, using: &random)
            let north = Int.random(in: -reach...reach, using: &random)
            let east = Int.random(in: -reach...reach, using: &random)
            let start = try place(latitude, longitude)
            let end = try place(
                min(max(latitude + north, -900_000_000), 900_000_000),
                min(max(longitude + east, -1_800_000_000), 1_800_000_000))
            let expected = haversine(start, end)
            let measured = distance(from: start, to: end)
            #expect(abs(Double(measured) - expected) <= 1 + expected * 1e-7, "\(start) \(end)")
            #expect(distance(from: end, to: start) == measured)
        }
    }

    @Test func `is none to the place itself and goes the short way over the date line`() throws {
        let here = try #require(Place(latitude: 28.6829, longitude: 115.8582))
        #expect(distance(from: here, to: here) == 0)
        let west = try #require(Place(latitude: 0, longitude: 179.9995))
        let east = try #require(Place(latitude: 0, longitude: -179.9995))
        #expect(distance(from: west, to: east) == 11_120)
    }

    @Test func `gives these very centimetres on every machine`() throws {
        let nanchang = try #require(Place(latitude: 28.6829, longitude: 115.8582))
        let beijing = try #require(Place(latitude: 39.9042, longitude: 116.4074))
        let antipode = try #require(Place(latitude: -28.6829, longitude: -64.1418))
        let neighbour = try #require(Place(latitude: 28.6834, longitude: 115.8588))
        #expect(distance(from: nanchang, to: beijing) == 124_876_512)
        #expect(distance(from: nanchang, to: antipode) == 2_001_511_444)
        #expect(distance(from: nanchang, to: neighbour) == 8_073)
    }
}
