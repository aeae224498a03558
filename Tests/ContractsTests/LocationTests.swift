import Contracts
import Foundation
import TestSupport
import Testing

@Test func `a place keeps its seven decimals on the way there and back`() throws {
    var random = SeededGenerator()
    for _ in 0..<5_000 {
        let place = Location(
            latitudeE7: Int.random(in: -900_000_000...900_000_000, using: &random),
            longitudeE7: Int.random(in: -1_800_000_000...1_800_000_000, using: &random))
        let json = try ContractCoding.encode(place)
        #expect(try ContractCoding.decode(Location.self, from: json) == place, "seed \(random.seed)")
    }
}

@Test func `a place is written as decimal degrees`() throws {
    let place = Location(latitudeE7: 286_837_001, longitudeE7: -1_159_000_000)

    #expect(try ContractCoding.text(place) == #"{"latitude":28.6837001,"longitude":-115.9}"#)
}

@Test(arguments: [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (.nan, 0), (0, .infinity)] as [(Double, Double)])
func `what is not on Earth is no place`(latitude: Double, longitude: Double) {
    #expect(Location(latitude: latitude, longitude: longitude) == nil)
}
