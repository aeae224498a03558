/// The index behind `AreaIndex`, free of its id type so that it is compiled once, without generics in the inner loops.
///
/// A grid over all areas names for each cell the parts whose bounding box touches it, in order of precedence; each part
/// then looks only at the edges in the place's band of latitude.
struct AreaGrid: Sendable {
    private let parts: [BandedPolygon]
    private let box: BoundingBox?
    private let side: Int
    private let cells: [[Int32]]

    /// `areas` in order of precedence.
    init(_ areas: [MultiPolygon]) {
        parts = areas.enumerated().flatMap { ordinal, area in
            area.polygons.map { BandedPolygon($0, area: ordinal) }
        }
        box = areas.first.map { first in
            areas.reduce(into: first.boundingBox) { $0.include($1.boundingBox) }
        }
        side = min(128, max(1, Int((Double(parts.count) * 4).squareRoot())))
        cells = Self.cells(of: parts, in: box, side: side)
    }

    /// The ordinal of the first area at the place.
    func first(at place: Place) -> Int? {
        guard let box, box.contains(place) else { return nil }
        for part in cells[Self.cell(of: place, in: box, side: side)] where parts[Int(part)].contains(place) {
            return parts[Int(part)].area
        }
        return nil
    }

    /// The ordinals of all areas at the place, each once, ascending.
    func all(at place: Place) -> [Int] {
        guard let box, box.contains(place) else { return [] }
        var found: [Int] = []
        for part in cells[Self.cell(of: place, in: box, side: side)] where parts[Int(part)].contains(place) {
            if found.last != parts[Int(part)].area { found.append(parts[Int(part)].area) }
        }
        return found
    }

    private static func cells(of parts: [BandedPolygon], in box: BoundingBox?, side: Int) -> [[Int32]] {
        guard let box else { return [] }
        var cells: [[Int32]] = Array(repeating: [], count: side * side)
        for (index, part) in parts.enumerated() {
            let rows =
                step(part.box.south, box.south, box.north, side)...step(part.box.north, box.south, box.north, side)
            let columns = step(part.box.west, box.west, box.east, side)...step(part.box.east, box.west, box.east, side)
            for row in rows {
                for column in columns { cells[row * side + column].append(Int32(index)) }
            }
        }
        return cells
    }

    private static func cell(of place: Place, in box: BoundingBox, side: Int) -> Int {
        step(place.latitudeE7, box.south, box.north, side) * side + step(place.longitudeE7, box.west, box.east, side)
    }
}

/// In which of `count` equal steps from `low` to `high` a value of that range lies.
private func step(_ value: Int32, _ low: Int32, _ high: Int32, _ count: Int) -> Int {
    (Int(value) - Int(low)) * count / (Int(high) - Int(low) + 1)
}

/// One part of an area with its edges sorted into bands of latitude.
struct BandedPolygon: Sendable {
    let area: Int
    let box: BoundingBox
    private let edges: [Edge]
    /// Band `n` holds `edges[starts[n]..<starts[n + 1]]`; an edge stands in every band it passes.
    private let starts: [Int]

    init(_ polygon: Polygon, area: Int) {
        self.area = area
        let box = polygon.boundingBox
        self.box = box
        let corners = polygon.rings.reduce(0) { $0 + $1.corners.count }
        let count = min(256, max(1, corners / 4))
        var bands: [[Edge]] = Array(repeating: [], count: count)
        for ring in polygon.rings {
            ring.forEachEdge { edge in
                // Nothing of a hole beyond the outline's box can hold a place that passes the box's test.
                let south = max(box.south, min(edge.fromLatitude, edge.toLatitude))
                let north = min(box.north, max(edge.fromLatitude, edge.toLatitude))
                guard south <= north else { return true }
                for band in step(south, box.south, box.north, count)...step(north, box.south, box.north, count) {
                    bands[band].append(edge)
                }
                return true
            }
        }
        edges = bands.flatMap { $0 }
        starts = bands.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    }

    func contains(_ place: Place) -> Bool {
        guard box.contains(place) else { return false }
        let band = step(place.latitudeE7, box.south, box.north, starts.count - 1)
        var crossings = EdgeCrossings(of: place)
        for index in starts[band]..<starts[band + 1] {
            guard crossings.add(edges[index]) else { return true }
        }
        return crossings.isInside
    }
}
