/// Why a list of places is not the outline of an area.
package enum ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Fewer than three different corners.
    case tooFewCorners(Int)
    /// All corners lie on one line.
    case noArea
    /// Wider than 180°: an outline across the date line must be cut in two there.
    case tooWide
    /// An area without any outline.
    case empty

    package var description: String {
        switch self {
        case .tooFewCorners(let count): "an outline needs at least 3 different corners, this one has \(count)"
        case .noArea: "the outline encloses nothing: its corners lie on one line"
        case .tooWide: "the outline is wider than 180 degrees; one that crosses the date line must be cut in two there"
        case .empty: "an area needs at least one outline"
        }
    }
}

/// A closed outline, stored without repeating its first corner at the end.
package struct Ring: Hashable, Sendable {
    package let corners: [Place]
    package let boundingBox: BoundingBox

    /// Takes the corners in order, either way round; a last one that repeats the first is dropped.
    ///
    /// Throws a `ShapeError` for what encloses no area.
    package init(_ places: [Place]) throws(ShapeError) {
        guard let first = places.first else { throw .tooFewCorners(0) }
        let corners = places.count > 1 && places.last == first ? Array(places.dropLast()) : places
        let different = Set(corners).count
        guard different >= 3 else { throw .tooFewCorners(different) }
        var box = BoundingBox(around: first)
        for corner in corners { box.include(corner) }
        guard Int(box.east) - Int(box.west) <= Place.longitudeLimit else { throw .tooWide }
        let second = corners.first { $0 != first } ?? first
        guard corners.contains(where: { orientation(first, second, $0) != 0 }) else { throw .noArea }
        self.corners = corners
        boundingBox = box
    }

    /// Calls `body` with every edge, the closing one included, until it answers false.
    func forEachEdge(_ body: (Edge) -> Bool) {
        var previous = corners[corners.count - 1]
        for corner in corners {
            guard body(Edge(from: previous, to: corner)) else { return }
            previous = corner
        }
    }
}

/// An outline with the holes cut out of it.
package struct Polygon: Hashable, Sendable {
    package let outline: Ring
    package let holes: [Ring]

    package init(outline: Ring, holes: [Ring] = []) {
        self.outline = outline
        self.holes = holes
    }

    package var boundingBox: BoundingBox { outline.boundingBox }

    /// Whether the place lies inside, by the even-odd rule; on an edge, also that of a hole, counts as inside.
    package func contains(_ place: Place) -> Bool {
        guard boundingBox.contains(place) else { return false }
        var crossings = EdgeCrossings(of: place)
        outline.forEachEdge { crossings.add($0) }
        for hole in holes where !crossings.isOnEdge {
            hole.forEachEdge { crossings.add($0) }
        }
        return crossings.isInside
    }

    var rings: [Ring] { [outline] + holes }
}

/// An area of one or several parts, such as a community on both sides of a river.
///
/// All tests are done in 64-bit integers: exact, and the same on every machine.
package struct MultiPolygon: Hashable, Sendable {
    package let polygons: [Polygon]
    package let boundingBox: BoundingBox

    /// Throws `ShapeError.empty` when there is no part.
    package init(_ polygons: [Polygon]) throws(ShapeError) {
        guard var box = polygons.first?.boundingBox else { throw .empty }
        for polygon in polygons { box.include(polygon.boundingBox) }
        self.polygons = polygons
        boundingBox = box
    }

    /// Whether the place lies in one of the parts or on an edge.
    package func contains(_ place: Place) -> Bool {
        boundingBox.contains(place) && polygons.contains { $0.contains(place) }
    }
}
