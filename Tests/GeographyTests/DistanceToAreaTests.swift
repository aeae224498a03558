import Geography
import TestSupport
import Testing

/// A crooked quadrangle about one kilometre wide around a place near Nanchang.
private func community(_ generator: inout SeededGenerator) throws -> MultiPolygon {
    func near(_ value: Int) -> Int { value + Int.random(in: -20_000...20_000, using: &generator) }
    let (south, north) = (286_800_000, 286_900_000)
    let (west, east) = (1_158_500_000, 1_158_600_000)
    return try area(
        ring([
            (near(south), near(west)), (near(south), near(east)), (near(north), near(east)), (near(north), near(west)),
        ]))
}

@Test func `the way to an area is that to the nearest of many points on its edge`() throws {
    var generator = SeededGenerator()
    for _ in 0..<40 {
        let area = try community(&generator)
        let corners = area.polygons[0].outline.corners
        let here = try place(
            Int.random(in: 286_500_000...287_200_000, using: &generator),
            Int.random(in: 1_158_200_000...1_158_900_000, using: &generator))
        var nearest = Int.max
        for (start, end) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
            for step in 0...400 {
                let point = try place(
                    Int(start.latitudeE7) + (Int(end.latitudeE7) - Int(start.latitudeE7)) * step / 400,
                    Int(start.longitudeE7) + (Int(end.longitudeE7) - Int(start.longitudeE7)) * step / 400)
                nearest = min(nearest, distance(from: here, to: point))
            }
        }

        let measured = area.distance(from: here)

        if area.contains(here) {
            #expect(measured == 0)
        } else {
            // The points stand up to four metres apart, and the flat map errs by some centimetres.
            #expect(measured <= nearest + 100, "\(here)")
            #expect(measured >= nearest - 500, "\(here)")
        }
    }
}

@Test func `an area that may be nearer is never passed over`() throws {
    var generator = SeededGenerator()
    for _ in 0..<500 {
        let area = try community(&generator)
        let here = try place(
            Int.random(in: 280_000_000...295_000_000, using: &generator),
            Int.random(in: 1_150_000_000...1_170_000_000, using: &generator))
        let measured = area.distance(from: here)

        #expect(!area.isFurther(from: here, than: measured), "\(here)")
        // Not for nothing: what is much further away is known to be so.
        if measured > 2_000_000 { #expect(area.isFurther(from: here, than: measured / 2), "\(here)") }
    }
}

@Test func `the way goes over the date line and from the poles`() throws {
    let west = try area(rectangle(0, 1_799_000_000, 10_000, 1_800_000_000))
    let there = try place(0, -1_799_900_000)

    #expect(abs(west.distance(from: there) - 111_195) < 200)
    #expect(west.distance(from: try place(900_000_000, 0)) > 900_000_000)
}
