import Contracts
import Foundation
import Geography

/// A grid with its area as read.
struct GridDraft {
    let id: GridID
    let name: String
    let communityId: CommunityID
    let workerId: PersonID?
    let area: MultiPolygon

    var compiled: PackGrid {
        PackGrid(id: id, name: name, communityId: communityId, workerId: workerId, outline: area.asOutline)
    }
}

/// Reads the grids 网格; none where the folder has no such file.
func readGrids(
    _ folder: URL, _ known: KnownNames, _ people: [Entry<PackPerson>]?, _ problems: inout ProblemLog
) -> [Entry<GridDraft>]? {
    let file = PackFile.grids
    guard file.exists(in: folder) else { return [] }
    guard let data = file.data(in: folder, &problems) else { return nil }
    guard let features = readFeatures(data, of: file, &problems) else { return nil }
    let persons = people.map { Set($0.map(\.value.id)) }
    let drafts = features.map { feature in feature.flatMap { readGrid($0, known, persons, &problems) } }
    guard let complete = withoutGaps(drafts) else { return nil }
    return dropDuplicates(complete, file, called: "the grid", by: \.id.rawValue, &problems)
}

private func readGrid(
    _ feature: Entry<GeoJSON.Feature>, _ known: KnownNames, _ persons: Set<PersonID>?, _ problems: inout ProblemLog
) -> Entry<GridDraft>? {
    let file = PackFile.grids
    guard let id = feature.property("id", of: file, &problems),
        let community = feature.property("community", of: file, &problems)
    else { return nil }
    checkID(id, file, feature.position, &problems)
    let communityId = CommunityID(community)
    let isKnown = known.has(communityId, file, feature.position, &problems)
    let worker = feature.value.properties["worker"].map { PersonID($0) }
    if let worker, persons?.contains(worker) == false {
        problems.add(
            .unknownPerson, file, feature.position, "the person \(worker) is not in \(PackFile.people.rawValue)",
            "add them there or correct the name")
    }
    return Entry(
        value: GridDraft(
            id: GridID(id), name: feature.property("name", of: file, &problems) ?? "", communityId: communityId,
            workerId: worker, area: feature.value.area),
        position: feature.position, isSound: isKnown)
}

/// Notes grids of which more than a seam lies outside their community: there no report would be in them.
func checkPlaces(
    of grids: [Entry<GridDraft>], _ communities: [Entry<CommunityDraft>], _ problems: inout ProblemLog
) {
    let areas = Dictionary(communities.map { ($0.value.id, $0.value.area) }) { first, _ in first }
    for grid in grids where grid.isSound {
        guard let area = areas[grid.value.communityId] else { continue }
        let own = samples(of: grid.value.area.boundingBox).filter(grid.value.area.contains)
        let outside = own.count { !area.contains($0) }
        guard outside * 100 > own.count else { continue }
        problems.add(
            .gridOutside, .grids, grid.position,
            "\(grid.value.id) lies outside its community \(grid.value.communityId) "
                + "(about \(outside * 100 / own.count) % of it)",
            "correct community, or draw it where it is, in WGS-84")
    }
}

/// Notes grids that overlap: which of them a case is counted in would be chance.
func checkOverlaps(of grids: [Entry<GridDraft>], _ problems: inout ProblemLog) {
    for overlap in findOverlaps(grids.map(\.value.area)) {
        let first = grids[overlap.first].value.id
        let second = grids[overlap.second]
        problems.add(
            .overlappingGrids, .grids, second.position,
            "\(second.value.id) and \(first) overlap "
                + "(about \(overlap.percent) % of \(grids[overlap.ofWhich].value.id))",
            "draw one border between them")
    }
}
