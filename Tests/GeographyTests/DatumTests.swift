import Geography
import TestSupport
import Testing

@Suite struct DatumTests {
    @Test(arguments: [
        // WGS-84, then GCJ-02. Shanghai, Shenzhen, Beijing: the test cases of github.com/googollee/eviltransform, which
        // others of its kind share; the last is that of github.com/wandergis/coordtransform (test/app.js).
        [31.177_427_6, 121.527_210_6, 31.175_303_983_645_97, 121.531_541_859_215],
        [22.543_847, 113.912_316, 22.540_796_131_694_766, 113.917_176_480_836_3],
        [39.911_954, 116.377_817, 39.913_345_455_360_69, 116.384_047_224_556_57],
        [39.915, 116.404, 39.916_404_281_501_64, 116.410_244_499_169_38],
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
        var count = 0
        while count < 5_000 {
            let ground = try place(
                Int.random(in: 180_000_000...535_000_000, using: &random),
                Int.random(in: 735_000_000...1_350_000_000, using: &random))
            guard Datum.gcj02.isShifted(at: ground) else { continue }
            count += 1
            let map = Datum.gcj02.coordinates(of: ground)
            let back = try #require(Datum.gcj02.place(latitude: map.latitude, longitude: map.longitude))
            worst = max(worst, distance(from: ground, to: back))
            let shifted = try #require(Place(latitude: map.latitude, longitude: map.longitude))
            #expect((500...150_000).contains(distance(from: ground, to: shifted)))
        }
        #expect(worst < 50, "centimetres")
    }

    @Test(
        arguments: [
            ("Nanchang", 28.6829, 115.8582), ("Beijing", 39.9042, 116.4074), ("Kashgar", 39.4700, 75.9900),
            ("Mohe", 53.4800, 122.3700), ("Sanya", 18.2500, 109.5100), ("Lhasa", 29.6500, 91.1000),
            ("Khorgos", 44.2100, 80.4100), ("Manzhouli", 49.6000, 117.4300), ("Fuyuan", 48.3600, 134.2900),
            ("Hunchun", 42.8600, 130.3700), ("Dandong", 40.1200, 124.3900), ("Ruili", 24.0100, 97.8500),
            ("Dongxing", 21.5400, 107.9700), ("Zhangmu", 27.9900, 85.9800), ("Yadong", 27.4900, 88.9000),
            ("Zhoushan", 29.9900, 122.2000), ("Shenzhen", 22.5430, 114.0580),
            // Amap counts both to where its own data, and so the shift, reach; and nothing coarse could part them from
            // Shenzhen and Zhuhai across the water.
            ("Hong Kong", 22.2800, 114.1600), ("Macau", 22.1900, 113.5400),
        ] as [(String, Double, Double)])
    func `in China the shift is taken back`(name: String, latitude: Double, longitude: Double) throws {
        let ground = try #require(Place(latitude: latitude, longitude: longitude))
        let map = Datum.gcj02.coordinates(of: ground)
        let shown = try #require(Place(latitude: map.latitude, longitude: map.longitude))
        let back = try #require(Datum.gcj02.place(latitude: map.latitude, longitude: map.longitude))

        #expect(distance(from: ground, to: shown) > 10_000, "\(name)")
        #expect(distance(from: ground, to: back) < 50, "\(name)")
    }

    @Test(
        arguments: [
            // In the rectangle that is published with the shift, and yet abroad: maps there are WGS-84, also Chinese ones.
            ("Kathmandu", 27.7172, 85.3240), ("Seoul", 37.5665, 126.9780), ("Osaka", 34.6937, 135.5023),
            ("Fukuoka", 33.5902, 130.4017), ("Hanoi", 21.0285, 105.8542), ("Ulaanbaatar", 47.9185, 106.9177),
            ("Vladivostok", 43.1155, 131.8855), ("Almaty", 43.2380, 76.8829), ("Delhi", 28.6139, 77.2090),
            ("Thimphu", 27.4728, 89.6390), ("Manila", 14.5995, 120.9842), ("Singapore", 1.3521, 103.8198),
            // Amap does not count Taiwan to where its own data reach.
            ("Taipei", 25.0330, 121.5654), ("Kaohsiung", 22.6273, 120.3014),
            ("Tokyo", 35.6762, 139.6503), ("London", 51.5074, -0.1278), ("the north pole", 90, 0),
            ("the south pole", -90, 180),
            ("the date line", 0, -180), ("the date line", 0, 180),
        ] as [(String, Double, Double)])
    func `elsewhere nothing is shifted`(name: String, latitude: Double, longitude: Double) throws {
        let ground = try #require(Place(latitude: latitude, longitude: longitude))

        #expect(Datum.gcj02.place(latitude: latitude, longitude: longitude) == ground, "\(name)")
        #expect(Datum.gcj02.coordinates(of: ground) == (ground.latitude, ground.longitude), "\(name)")
    }

    @Test(arguments: Datum.allCases)
    func `what is no place on Earth is none in any datum`(datum: Datum) {
        for (latitude, longitude) in [
            (Double.nan, 115.0), (28, .nan), (.infinity, 0), (0, -.infinity), (90.000_000_1, 0), (-90.000_000_1, 0),
            (0, 180.000_000_1), (0, -180.000_000_1), (Double.signalingNaN, .nan),
        ] as [(Double, Double)] {
            #expect(datum.place(latitude: latitude, longitude: longitude) == nil, "\(latitude), \(longitude)")
        }
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
