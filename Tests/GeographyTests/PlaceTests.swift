import Foundation
import Geography
import TestSupport
import Testing

@Suite struct PlaceTests {
    @Test func `only what is on the Earth is a place`() {
        #expect(Place(latitude: .nan, longitude: 0) == nil)
        #expect(Place(latitude: 0, longitude: .infinity) == nil)
        #expect(Place(latitude: 90.000_000_1, longitude: 0) == nil)
        #expect(Place(latitude: 0, longitude: -180.000_000_1) == nil)
        #expect(Place(latitudeE7: .min, longitudeE7: .max) == nil)
        #expect(Place(latitude: -90, longitude: 180)?.longitudeE7 == 1_800_000_000)
    }

    @Test func `degrees are rounded to the nearest centimetre`() {
        let place = Place(latitude: 28.682_912_349, longitude: -0.000_000_06)
        #expect(place?.latitudeE7 == 286_829_123)
        #expect(place?.longitudeE7 == -1)
    }

    @Test func `the JSON form is plain degrees`() throws {
        let place = try #require(Place(latitude: 28.6829, longitude: 115.8582))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(place), as: UTF8.self)
        #expect(text == #"{"latitude":28.6829,"longitude":115.8582}"#)
    }

    @Test func `JSON gives the same integers back`() throws {
        var random = SeededGenerator()
        var places: [Place] = []
        for _ in 0..<5_000 {
            let latitude = Int.random(in: -900_000_000...900_000_000, using: &random)
            places.append(try place(latitude, Int.random(in: -1_800_000_000...1_800_000_000, using: &random)))
        }
        #expect(try JSONDecoder().decode([Place].self, from: JSONEncoder().encode(places)) == places)
    }

    @Test func `JSON beyond the Earth is refused`() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Place.self, from: Data(#"{"latitude":91,"longitude":0}"#.utf8))
        }
    }
}
