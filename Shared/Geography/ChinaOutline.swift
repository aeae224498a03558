/// Where a place given in GCJ-02 is shifted.
///
/// The rule that is published with the shift takes a rectangle around China, which holds Kathmandu, Seoul and Osaka, too:
/// there no map is shifted, and taking a shift back would move a place by some hundreds of metres. This outline was drawn
/// by hand, generously, up to fifty kilometres outside of what Chinese maps shift, because there every town must be in it
/// while its neighbours across a river do not matter to us. It is no map and says nothing about any border.
///
/// In: the mainland, Hong Kong and Macau, where Amap, whose SDK many riders' apps use, has data of its own (its
/// `isAMapDataAvailable` means these). Out: Taiwan, which that does not name, and all other countries.
enum ChinaOutline {
    static func contains(_ place: Place) -> Bool {
        var crossings = EdgeCrossings(of: place)
        guard var previous = corners.last else { return false }
        for corner in corners {
            // False where the place lies on the edge, which counts as inside.
            guard crossings.add(Edge(from: previous, to: corner)) else { return true }
            previous = corner
        }
        return crossings.isInside
    }

    private static let corners: [Place] = hundredths.compactMap { latitude, longitude in
        Place(latitudeE7: latitude * 100_000, longitudeE7: longitude * 100_000)
    }

    /// Latitude and longitude in hundredths of a degree, from the Pamir clockwise.
    private static let hundredths: [(Int, Int)] = [
        (3930, 7320), (4020, 7370), (4080, 7460), (4080, 7640), (4140, 7800), (4240, 7990), (4330, 8020),
        (4430, 8000), (4520, 7960), (4550, 8220), (4670, 8260), (4750, 8300), (4750, 8520), (4860, 8540),
        (4930, 8720), (4940, 8820), (4840, 8920), (4810, 9020), (4720, 9120), (4550, 9130), (4520, 9360),
        (4460, 9570), (4300, 9660), (4300, 9960), (4290, 10190), (4220, 10460), (4190, 10510), (4270, 10740),
        (4280, 10950), (4360, 11160), (4450, 11120), (4530, 11170), (4540, 11370), (4570, 11460), (4660, 11600),
        (4690, 11740), (4690, 11940), (4740, 11870), (4760, 11760), (4740, 11600), (4800, 11530), (4880, 11550),
        (5000, 11630), (5020, 11800), (5040, 11900), (5170, 11960), (5260, 12030), (5350, 12050), (5390, 12340),
        (5360, 12480), (5320, 12630), (5220, 12720), (5130, 12740), (5040, 12800), (4980, 12900), (4930, 13030),
        (4910, 13110), (4800, 13130), (4800, 13250), (4875, 13470), (4850, 13495), (4820, 13500), (4700, 13450),
        (4600, 13400), (4520, 13340), (4520, 13190), (4480, 13150), (4350, 13160), (4290, 13130), (4240, 13090),
        (4210, 13080), (4260, 13020), (4230, 12960), (4180, 12920), (4120, 12850), (4110, 12780), (4130, 12690),
        (4085, 12640), (4020, 12510), (3990, 12460), (3960, 12430), (3850, 12380), (3760, 12330), (3600, 12180),
        (3450, 12120), (3250, 12280), (3080, 12360), (2800, 12260), (2650, 12130), (2580, 12040), (2520, 12010),
        (2420, 11920), (2330, 11820), (2220, 11630), (2170, 11460), (2130, 11300), (2050, 11160), (1980, 11150),
        (1790, 11060), (1790, 10840), (1930, 10820), (2090, 10860), (2130, 10790), (2135, 10720), (2170, 10650),
        (2240, 10640), (2270, 10580), (2300, 10530), (2255, 10460), (2225, 10410), (2230, 10290), (2220, 10210),
        (2100, 10190), (2095, 10110), (2130, 10090), (2130, 9990), (2190, 9890), (2300, 9860), (2360, 9840),
        (2370, 9730), (2490, 9730), (2560, 9810), (2750, 9820), (2800, 9780), (2800, 9720), (2760, 9550),
        (2760, 9350), (2760, 9200), (2780, 9120), (2785, 9000), (2775, 8930), (2720, 8905), (2720, 8875),
        (2770, 8860), (2765, 8700), (2775, 8600), (2805, 8530), (2835, 8490), (2890, 8400), (2920, 8340),
        (2980, 8210), (3000, 8120), (3030, 7990), (3090, 7900), (3150, 7840), (3260, 7820), (3350, 7850),
        (3450, 7820), (3520, 7750), (3560, 7630), (3630, 7550), (3670, 7470), (3685, 7440), (3740, 7450),
        (3840, 7440), (3860, 7360),
    ]
}
