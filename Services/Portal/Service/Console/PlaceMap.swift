import Contracts

/// Where a case is in the outline of its community, as a picture: for where there is no map.
struct PlaceMap {
    private let plane: CommunityMap.Plane
    private let rings: [[Location]]
    private let place: Location

    /// Nil where the pack draws no outline.
    init?(_ state: CaseState, _ pack: Pack?) {
        let community = pack?.communities.first { $0.id == state.communityId }
        rings = community.map { CommunityOutline($0).rings } ?? []
        place = state.location
        guard !rings.isEmpty, let plane = CommunityMap.Plane(rings.joined() + [place]) else { return nil }
        self.plane = plane
    }

    var svg: HTML {
        let areas = rings.map { ring -> HTML in
            let points = Outline.simplified(ring.map(plane.point), tolerance: 2)
            let corners = points.map { "\(CommunityMap.text($0.x)) \(CommunityMap.text($0.y))" }
            return "<path class=\"area\" d=\"M\(corners.joined(separator: "L"))Z\"/>"
        }
        let point = plane.point(place)
        return """
            <svg viewBox="0 0 \(CommunityMap.text(plane.width)) \(CommunityMap.text(plane.height))" aria-hidden="true">\(areas)\
            <circle class="spot" cx="\(CommunityMap.text(point.x))" cy="\(CommunityMap.text(point.y))" r="22"/></svg>
            """
    }
}
