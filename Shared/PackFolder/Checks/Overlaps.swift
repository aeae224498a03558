import Contracts
import Geography

/// How many places a community is sampled at, along each side of its bounding box.
private let samplesPerSide = 40

/// How far two communities must reach into each other to count, in 1e-7 degrees: about 20 cm, less than anyone draws to.
private let tolerance = 20

/// Notes communities that overlap; which of them gets a report is then decided by their order in the file.
func checkOverlaps(_ communities: [Entry<CommunityDraft>], _ problems: inout ProblemLog) {
    for overlap in findOverlaps(communities.map(\.value.area)) {
        let first = communities[overlap.first].value.id
        let second = communities[overlap.second]
        problems.add(
            .overlappingCommunities, .communities, second.position,
            "\(second.value.id) and \(first) overlap "
                + "(about \(overlap.percent) % of \(communities[overlap.ofWhich].value.id))",
            "draw one border, or leave it: what lies in both goes to \(first), which stands first")
    }
}

/// Two areas of a list that overlap, by their places in it.
struct AreaOverlap {
    let first: Int
    let second: Int
    let percent: Int
    /// The one that so much of is covered.
    let ofWhich: Int
}

/// The areas that overlap, in order of the second, then the first.
///
/// Found by sampling, not by cutting outlines: an overlap that covers less than about a thousandth of both goes unseen, as do
/// seams where two publishers drew one street twice.
func findOverlaps(_ areas: [MultiPolygon]) -> [AreaOverlap] {
    let index = AreaIndex(areas.enumerated().map { (id: $0, area: $1) })
    var overlaps: [Pair: Overlap] = [:]
    for (ordinal, area) in areas.enumerated() {
        for (other, percent) in shares(of: area, ordinal, index) {
            let pair = Pair(first: min(ordinal, other), second: max(ordinal, other))
            if percent > overlaps[pair]?.percent ?? 0 { overlaps[pair] = Overlap(percent: percent, of: ordinal) }
        }
    }
    return overlaps.sorted { ($0.key.second, $0.key.first) < ($1.key.second, $1.key.first) }.map { pair, overlap in
        AreaOverlap(first: pair.first, second: pair.second, percent: overlap.percent, ofWhich: overlap.of)
    }
}

private struct Pair: Hashable {
    let first: Int
    let second: Int
}

private struct Overlap {
    let percent: Int
    let of: Int
}

/// How much of an area each other area covers, in percent and at least 1.
private func shares(of area: MultiPolygon, _ ordinal: Int, _ index: AreaIndex<Int>) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    var total = 0
    for place in samples(of: area.boundingBox) {
        let found = index.findAll(place)
        guard found.contains(ordinal) else { continue }
        total += 1
        guard found.count > 1 else { continue }
        let inside = reached(from: place, found, index)
        guard inside.contains(ordinal) else { continue }
        for other in inside where other != ordinal { counts[other, default: 0] += 1 }
    }
    return counts.mapValues { max(1, $0 * 100 / total) }
}

/// Those of the areas found at a place that are also found a little further in all directions.
///
/// A border that two areas share belongs to both, which is no overlap.
private func reached(from place: Place, _ found: [Int], _ index: AreaIndex<Int>) -> [Int] {
    var all = Set(found)
    for (north, east) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
        let moved = Place(
            latitudeE7: Int(place.latitudeE7) + north * tolerance,
            longitudeE7: Int(place.longitudeE7) + east * tolerance)
        if let moved { all.formIntersection(index.findAll(moved)) }
    }
    return all.sorted()
}

/// Places spread evenly over a box, none of them on its edge.
func samples(of box: BoundingBox) -> [Place] {
    let height = Int(box.north) - Int(box.south)
    let width = Int(box.east) - Int(box.west)
    var places: [Place] = []
    for row in 0..<samplesPerSide {
        for column in 0..<samplesPerSide {
            let place = Place(
                latitudeE7: Int(box.south) + height * (2 * row + 1) / (2 * samplesPerSide),
                longitudeE7: Int(box.west) + width * (2 * column + 1) / (2 * samplesPerSide))
            if let place { places.append(place) }
        }
    }
    return places
}
