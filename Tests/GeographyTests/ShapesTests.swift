import Foundation
import Geography
import TestSupport
import Testing

@Suite struct ShapesTests {
    /// The naive check: on an edge, or the angles under which the edges are seen add up to a full turn.
    private func naivelyContains(_ ring: Ring, _ place: Place) -> Bool {
        let corners = ring.corners.map { corner in
            (Int(corner.longitudeE7) - Int(place.longitudeE7), Int(corner.latitudeE7) - Int(place.latitudeE7))
        }
        var turn = 0.0
        for (index, start) in corners.enumerated() {
            let end = corners[(index + 1) % corners.count]
            let cross = start.0 * end.1 - end.0 * start.1
            let dot = start.0 * end.0 + start.1 * end.1
            if cross == 0, dot <= 0 { return true }
            turn += atan2(Double(cross), Double(dot))
        }
        return abs(turn) > 3
    }

    @Test func `every grid point of small random triangles agrees with the winding check`() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let corners = (0..<3).map { _ in
                (Int.random(in: 0...9, using: &random), Int.random(in: 0...9, using: &random))
            }
            let triangle: Ring
            do {
                triangle = try ring(corners)
            } catch let error as ShapeError {
                #expect([.noArea, .tooFewCorners(2), .tooFewCorners(1)].contains(error))
                continue
            }
            let shape = try area(triangle)
            let index = AreaIndex([(id: "it", area: shape)])
            for latitude in -1...10 {
                for longitude in -1...10 {
                    let point = try place(latitude, longitude)
                    let expected = naivelyContains(triangle, point)
                    #expect(shape.contains(point) == expected, "\(corners) at \(latitude), \(longitude)")
                    #expect((index.find(point) != nil) == expected, "\(corners) at \(latitude), \(longitude)")
                }
            }
        }
    }

    @Test func `random jagged outlines agree with the winding check, corners and edges included`() throws {
        var random = SeededGenerator()
        for _ in 0..<60 {
            let count = Int.random(in: 3...80, using: &random)
            let corners = (0..<count).map { step in
                let angle = Double(step) * 2 * .pi / Double(count)
                let radius = Double.random(in: 100_000...1_000_000, using: &random)
                return (286_829_000 + Int(radius * sin(angle)), 1_158_582_000 + Int(radius * cos(angle)))
            }
            let outline = try ring(corners)
            let shape = try area(outline)
            let index = AreaIndex([(id: "it", area: shape)])
            for corner in outline.corners { #expect(shape.contains(corner) && index.find(corner) != nil) }
            for _ in 0..<60 {
                let point = try place(
                    286_829_000 + Int.random(in: -1_100_000...1_100_000, using: &random),
                    1_158_582_000 + Int.random(in: -1_100_000...1_100_000, using: &random))
                let expected = naivelyContains(outline, point)
                #expect(shape.contains(point) == expected)
                #expect((index.find(point) != nil) == expected)
            }
        }
    }

    @Test func `a hole is outside, its edge inside`() throws {
        let hole = try rectangle(4, 4, 6, 6)
        let shape = try MultiPolygon([Polygon(outline: rectangle(0, 0, 10, 10), holes: [hole])])
        let index = AreaIndex([(id: 1, area: shape)])
        for (latitude, longitude, inside) in [
            (5, 5, false), (4, 5, true), (6, 6, true), (3, 5, true), (0, 0, true), (11, 5, false),
        ] {
            #expect(try shape.contains(place(latitude, longitude)) == inside)
            #expect(try (index.find(place(latitude, longitude)) != nil) == inside)
        }
    }

    @Test func `the largest outline that can be drawn does not overflow`() throws {
        let half = try rectangle(-900_000_000, -1_800_000_000, 900_000_000, 0)
        let wedge = try ring([(-900_000_000, 0), (900_000_000, 1_800_000_000), (900_000_000, 0)])
        let world = try area(half, wedge)
        let index = AreaIndex([(id: 1, area: world)])
        #expect(try world.contains(place(-900_000_000, -1_800_000_000)))
        #expect(try world.contains(place(1, 900_000_001)))
        #expect(try world.contains(place(0, 900_000_000)))
        #expect(try !world.contains(place(-1, 900_000_000)))
        #expect(try index.find(place(0, 900_000_000)) == 1)
        #expect(try index.find(place(-1, 900_000_000)) == nil)
    }

    @Test func `what encloses nothing is not an outline`() throws {
        #expect(throws: ShapeError.tooFewCorners(0)) { try ring([]) }
        #expect(throws: ShapeError.tooFewCorners(2)) { try ring([(0, 0), (1, 1), (0, 0)]) }
        #expect(throws: ShapeError.noArea) { try ring([(0, 0), (1, 1), (2, 2), (3, 3)]) }
        #expect(throws: ShapeError.tooWide) { try rectangle(0, -1_700_000_000, 1, 1_700_000_000) }
        #expect(throws: ShapeError.empty) { try MultiPolygon([]) }
    }

    @Test func `the compact JSON form is differences, and gives the same area back`() throws {
        let river = try area(
            rectangle(286_829_000, 1_158_582_000, 286_830_000, 1_158_583_000), ring([(-5, -5), (5, 0), (-5, 5)]))
        let text = String(decoding: try JSONEncoder().encode(river), as: UTF8.self)
        #expect(
            text == "[[[286829000,1158582000,0,1000,1000,0,0,-1000]],[[-5,-5,10,5,-10,5]]]")
        #expect(try JSONDecoder().decode(MultiPolygon.self, from: Data(text.utf8)) == river)
    }

    @Test func `holes survive the compact form`() throws {
        let shape = try MultiPolygon([Polygon(outline: rectangle(0, 0, 10, 10), holes: [rectangle(4, 4, 6, 6)])])
        #expect(try JSONDecoder().decode(MultiPolygon.self, from: JSONEncoder().encode(shape)) == shape)
    }

    @Test(arguments: [
        "[]", "[[]]", "[[[0,0,1,1]]]", "[[[0,0,1]]]", "[[[900000001,0,0,1,1,0]]]",
        "[[[1,1,9223372036854775807,1,1,1]]]",
    ])
    func `a broken compact form is refused`(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(MultiPolygon.self, from: Data(text.utf8)) }
    }
}
