import Geography
import TestSupport
import Testing

@Suite struct AreaIndexTests {
    @Test func `finds what looking through the list from its start finds`() throws {
        var random = SeededGenerator()
        for _ in 0..<20 {
            var areas: [(id: Int, area: MultiPolygon)] = []
            for id in 0..<Int.random(in: 1...60, using: &random) {
                let parts = try (0..<Int.random(in: 1...2, using: &random)).map { _ in
                    let south = Int.random(in: 0...90, using: &random)
                    let west = Int.random(in: 0...90, using: &random)
                    let side = Int.random(in: 1...30, using: &random)
                    return Polygon(
                        outline: try ring([(south, west), (south, west + side), (south + side, west + side / 2)]))
                }
                areas.append((id, try MultiPolygon(parts)))
            }
            let index = AreaIndex(areas)
            for _ in 0..<500 {
                let point = try place(
                    Int.random(in: -5...125, using: &random), Int.random(in: -5...125, using: &random))
                let expected = areas.filter { $0.area.contains(point) }.map(\.id)
                #expect(index.findAll(point) == expected)
                #expect(index.find(point) == expected.first)
            }
        }
    }

    @Test func `where areas overlap the one listed first wins`() throws {
        let small = try area(rectangle(4, 4, 6, 6))
        let large = try area(rectangle(0, 0, 10, 10))
        let middle = try place(5, 5)
        #expect(AreaIndex([("small", small), ("large", large)]).find(middle) == "small")
        #expect(AreaIndex([("large", large), ("small", small)]).find(middle) == "large")
        #expect(AreaIndex([("large", large), ("small", small)]).findAll(middle) == ["large", "small"])
    }

    @Test func `no areas, no answer`() throws {
        #expect(AreaIndex<String>([]).find(try place(0, 0)) == nil)
        #expect(AreaIndex<String>([]).findAll(try place(0, 0)).isEmpty)
    }
}
