import Geography
import TestSupport
import Testing

@Suite struct DatumTests {
    @Test(arguments: [
        // Shanghai, Shenzhen, Beijing: the published pairs (WGS-84, then GCJ-02).
        [31.177_427_6, 121.527_210_6, 31.175_303_983_645_97, 121.531_541_859_215],
        [22.543_847, 113.912_316, 22.540_796_131_694_766, 113.917_176_480_836_3],
        [39.911_954, 116.377_817, 39.913_345_455_360_69, 116.384_047_224_556_57],
    ])
    func `known points are shifted as published`(pair: [Double]) throws {
        let ground = try #require(Place(latitude: pair[0], longitude: pair[1]))
        let map = Datum.gcj02.coordinates(of: ground)
        #expect(abs(map.latitude - pair[2]) < 1e-7)
        #expect(abs(map.longitude - pair[3]) < 1e-7)
        let back = try #require(Datum.gcj02.place(latitude: pair[2], longitude: pair[3]))
        #expect(distance(from: ground, to: back) <= 2)
    }

    @Test func `there and back over China is nearer than half a metre`() throws {
        var random = SeededGenerator()
        var worst = 0
        for _ in 0..<5_000 {
            let ground = try place(
                Int.random(in: 180_000_000...535_000_000, using: &random),
                Int.random(in: 735_000_000...1_350_000_000, using: &random))
            let map = Datum.gcj02.coordinates(of: ground)
            let back = try #require(Datum.gcj02.place(latitude: map.latitude, longitude: map.longitude))
            worst = max(worst, distance(from: ground, to: back))
            let shifted = try #require(Place(latitude: map.latitude, longitude: map.longitude))
            #expect((500...150_000).contains(distance(from: ground, to: shifted)))
        }
        #expect(worst < 50, "centimetres")
    }

    @Test func `outside China nothing moves`() throws {
        var random = SeededGenerator()
        for _ in 0..<1_000 {
            let abroad = try place(
                Int.random(in: -899_000_000...899_000_000, using: &random),
                Int.random(in: -1_799_000_000...700_000_000, using: &random))
            #expect(Datum.gcj02.place(latitude: abroad.latitude, longitude: abroad.longitude) == abroad)
            #expect(Datum.gcj02.coordinates(of: abroad) == (abroad.latitude, abroad.longitude))
        }
    }

    @Test func `what a phone gives is taken as it is`() throws {
        let ground = try #require(Place(latitude: 28.6829, longitude: 115.8582))
        #expect(Datum.wgs84.place(latitude: 28.6829, longitude: 115.8582) == ground)
        #expect(Datum.wgs84.coordinates(of: ground) == (28.6829, 115.8582))
        #expect(Datum.gcj02.place(latitude: 128.6829, longitude: 115.8582) == nil)
    }
}
