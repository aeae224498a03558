import Contracts
import Foundation

/// A map of the communities' outlines with a number in each, and places on it, as SVG.
///
/// Small distances: latitude and shortened longitude are drawn as a plane.
struct CommunityMap: Sendable {
    /// Cases at one rounded place.
    struct Dot: Sendable, Equatable {
        let location: Location
        let cases: Int
        /// The colour of the most urgent of them.
        let tone: String
    }

    private static let width = 1_000.0
    private static let tallest = 1_000.0
    private static let margin = 40.0

    let communities: [PackCommunity]
    let counts: [CommunityID: Int]
    var dots: [Dot] = []
    /// What the map shows, for who cannot see it.
    let label: String
    /// What is counted, such as `cases`.
    let unit: String

    /// Nil where no community has an outline.
    var svg: HTML? {
        let shapes = communities.map { (community: $0, rings: CommunityOutline($0).rings) }
        guard let plane = Plane(shapes.flatMap { $0.rings.joined() }) else { return nil }
        let areas = shapes.map { area($0.community, $0.rings, plane) }
        let labels = shapes.map { label($0.community, $0.rings, plane) }
        return """
            <svg viewBox="0 0 \(Self.text(plane.width)) \(Self.text(plane.height))" role="img" \
            aria-label="\(label)">\(areas)\(dots.map { dot($0, plane) })\(labels)</svg>
            """
    }

    private func count(_ community: PackCommunity) -> HTML { "\(counts[community.id] ?? 0) \(unit)" }

    private func area(_ community: PackCommunity, _ rings: [[Location]], _ plane: Plane) -> HTML {
        let path = rings.map { ring in
            let points = Outline.simplified(ring.map(plane.point), tolerance: 2)
            return "M" + points.map { "\(Self.text($0.x)) \(Self.text($0.y))" }.joined(separator: "L") + "Z"
        }.joined()
        return "<path class=\"area\" d=\"\(path)\"><title>\(community.name): \(count(community))</title></path>"
    }

    private func label(_ community: PackCommunity, _ rings: [[Location]], _ plane: Plane) -> HTML {
        let points = rings.joined().map(plane.point)
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
            let bottom = points.map(\.y).max()
        else { return "" }
        let x = Self.text((left + right) / 2)
        let y = (top + bottom) / 2
        return """
            <text class="name" x="\(x)" y="\(Self.text(y))">\(community.name)</text>\
            <text class="open" x="\(x)" y="\(Self.text(y + 34))">\(count(community))</text>
            """
    }

    /// Larger the more cases it stands for.
    private func dot(_ dot: Dot, _ plane: Plane) -> HTML {
        let point = plane.point(dot.location)
        let radius = min(11 + 4 * Double(dot.cases - 1).squareRoot(), 28)
        return """
            <circle data-tone="\(dot.tone)" cx="\(Self.text(point.x))" cy="\(Self.text(point.y))" \
            r="\(Self.text(radius))"><title>\(dot.cases) \(unit)</title></circle>
            """
    }

    static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : String(Double(tenths) / 10)
    }

    /// The sheet that places are drawn on.
    struct Plane {
        let width: Double
        let height: Double
        private let west: Double
        private let north: Double
        private let shortening: Double
        private let scale: Double

        init?(_ places: some Collection<Location>) {
            guard let west = places.map(\.longitude).min(), let east = places.map(\.longitude).max(),
                let south = places.map(\.latitude).min(), let north = places.map(\.latitude).max()
            else { return nil }
            shortening = cos((south + north) / 2 * .pi / 180)
            let wide = max((east - west) * shortening, 1e-6)
            let high = max(north - south, 1e-6)
            scale = min(
                (CommunityMap.width - 2 * CommunityMap.margin) / wide,
                (CommunityMap.tallest - 2 * CommunityMap.margin) / high)
            width = wide * scale + 2 * CommunityMap.margin
            height = high * scale + 2 * CommunityMap.margin
            self.west = west
            self.north = north
        }

        func point(_ place: Location) -> Outline.Point {
            Outline.Point(
                x: CommunityMap.margin + (place.longitude - west) * shortening * scale,
                y: CommunityMap.margin + (north - place.latitude) * scale)
        }
    }
}

/// Lines with no more corners than the eye needs.
enum Outline {
    struct Point: Equatable, Sendable {
        let x: Double
        let y: Double
    }

    /// Leaves out corners that lie closer than `tolerance` to the line without them (Douglas and Peucker).
    static func simplified(_ points: [Point], tolerance: Double) -> [Point] {
        guard points.count > 3 else { return points }
        var kept = Set([0, points.count - 1])
        var spans = [(0, points.count - 1)]
        while let (first, last) = spans.popLast() {
            guard last > first + 1 else { continue }
            var farthest = (index: first, distance: 0.0)
            for index in (first + 1)..<last {
                let distance = distance(of: points[index], fromLine: points[first], points[last])
                if distance > farthest.distance { farthest = (index, distance) }
            }
            guard farthest.distance > tolerance else { continue }
            kept.insert(farthest.index)
            spans += [(first, farthest.index), (farthest.index, last)]
        }
        return kept.count < 3 ? points : kept.sorted().map { points[$0] }
    }

    private static func distance(of point: Point, fromLine start: Point, _ end: Point) -> Double {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 0 else {
            return ((point.x - start.x) * (point.x - start.x) + (point.y - start.y) * (point.y - start.y)).squareRoot()
        }
        return abs(dy * (point.x - start.x) - dx * (point.y - start.y)) / length
    }
}
