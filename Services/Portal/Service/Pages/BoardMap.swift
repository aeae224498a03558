import Contracts
import Foundation

/// A map of the communities' outlines with the open cases on it, as SVG.
///
/// Small distances: latitude and shortened longitude are drawn as a plane.
struct BoardMap: Sendable {
    private static let width = 1_000.0
    private static let tallest = 1_000.0
    private static let margin = 40.0

    let view: BoardView
    let pack: Pack?

    var svg: HTML {
        let shapes = (pack?.communities ?? []).map { (community: $0, rings: CommunityOutline($0).rings) }
        guard let plane = Plane(shapes.flatMap { $0.rings.joined() }) else {
            return "<p class=\"none\">暂无社区边界 <small lang=\"en\">no outlines yet</small></p>"
        }
        let open = view.communities.reduce(into: [:]) { $0[$1.communityId] = $1.open }
        let areas = shapes.map { area($0.community, $0.rings, open: open[$0.community.id] ?? 0, plane) }
        let labels = shapes.map { label($0.community, $0.rings, open: open[$0.community.id] ?? 0, plane) }
        return """
            <svg viewBox="0 0 \(Self.text(plane.width)) \(Self.text(plane.height))" role="img" \
            aria-label="社区地图 map of the communities">\(areas)\(dots(plane))\(labels)</svg>
            """
    }

    private func area(_ community: PackCommunity, _ rings: [[Location]], open: Int, _ plane: Plane) -> HTML {
        let path = rings.map { ring in
            let points = Outline.simplified(ring.map(plane.point), tolerance: 2)
            return "M" + points.map { "\(Self.text($0.x)) \(Self.text($0.y))" }.joined(separator: "L") + "Z"
        }.joined()
        return "<path class=\"area\" d=\"\(path)\"><title>\(community.name)：\(open) 件处理中</title></path>"
    }

    private func label(_ community: PackCommunity, _ rings: [[Location]], open: Int, _ plane: Plane) -> HTML {
        let points = rings.joined().map(plane.point)
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
            let bottom = points.map(\.y).max()
        else { return "" }
        let x = Self.text((left + right) / 2)
        let y = (top + bottom) / 2
        return """
            <text class="name" x="\(x)" y="\(Self.text(y))">\(community.name)</text>\
            <text class="open" x="\(x)" y="\(Self.text(y + 34))">\(open) 件</text>
            """
    }

    /// Cases at one rounded place are one dot: larger the more there are, in the colour of the most urgent.
    private func dots(_ plane: Plane) -> [HTML] {
        let groups = Dictionary(grouping: view.map, by: \.location)
        return groups.sorted { ($0.key.latitudeE7, $0.key.longitudeE7) < ($1.key.latitudeE7, $1.key.longitudeE7) }
            .map { location, cases in
                let point = plane.point(location)
                let tone = cases.contains(where: \.isOverdue) ? "overdue" : Self.tone(of: cases)
                let radius = min(11 + 4 * Double(cases.count - 1).squareRoot(), 28)
                return """
                    <circle data-tone="\(tone)" cx="\(Self.text(point.x))" cy="\(Self.text(point.y))" \
                    r="\(Self.text(radius))"><title>\(cases.count) 件</title></circle>
                    """
            }
    }

    private static func tone(of cases: [BoardView.Dot]) -> String {
        let stages = Set(cases.map(\.stage))
        return (BoardStages.shown.first { stages.contains($0) } ?? .opened).rawValue
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
            scale = min((BoardMap.width - 2 * BoardMap.margin) / wide, (BoardMap.tallest - 2 * BoardMap.margin) / high)
            width = wide * scale + 2 * BoardMap.margin
            height = high * scale + 2 * BoardMap.margin
            self.west = west
            self.north = north
        }

        func point(_ place: Location) -> Outline.Point {
            Outline.Point(
                x: BoardMap.margin + (place.longitude - west) * shortening * scale,
                y: BoardMap.margin + (north - place.latitude) * scale)
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
