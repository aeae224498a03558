import Contracts
import Foundation
import Geography

/// A compound with its area as read.
struct CompoundDraft {
    let id: String
    let name: String
    let communityId: CommunityID
    let propertyUnitId: UnitID?
    let area: MultiPolygon

    var compiled: PackCompound {
        PackCompound(
            id: id, name: name, communityId: communityId, propertyUnitId: propertyUnitId, outline: area.asOutline)
    }
}

/// Reads the compounds 小区; none where the folder has no such file.
func readCompounds(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> [Entry<CompoundDraft>]? {
    let file = PackFile.compounds
    guard file.exists(in: folder) else { return [] }
    guard let data = file.data(in: folder, &problems) else { return nil }
    guard let features = readFeatures(data, of: file, &problems) else { return nil }
    let drafts = features.map { feature in feature.flatMap { readCompound($0, known, &problems) } }
    guard let complete = withoutGaps(drafts) else { return nil }
    return dropDuplicates(complete, file, called: "the compound", by: \.id, &problems)
}

private func readCompound(
    _ feature: Entry<GeoJSON.Feature>, _ known: KnownNames, _ problems: inout ProblemLog
) -> Entry<CompoundDraft>? {
    let file = PackFile.compounds
    guard let id = feature.property("id", of: file, &problems),
        let community = feature.property("community", of: file, &problems)
    else { return nil }
    checkID(id, file, feature.position, &problems)
    let communityId = CommunityID(community)
    let isKnown = known.has(communityId, file, feature.position, &problems)
    let unit = feature.value.properties["propertyUnit"].map { UnitID($0) }
    if let unit { _ = known.has(unit, file, feature.position, &problems) }
    return Entry(
        value: CompoundDraft(
            id: id, name: feature.property("name", of: file, &problems) ?? "", communityId: communityId,
            propertyUnitId: unit, area: feature.value.area),
        position: feature.position, isSound: isKnown)
}

/// Notes compounds that lie outside their community, where no report would be inside them.
func checkPlaces(
    of compounds: [Entry<CompoundDraft>], _ communities: [Entry<CommunityDraft>], _ problems: inout ProblemLog
) {
    let areas = Dictionary(communities.map { ($0.value.id, $0.value.area) }) { first, _ in first }
    for compound in compounds where compound.isSound {
        guard let area = areas[compound.value.communityId] else { continue }
        let own = compound.value.area
        let corners = own.polygons.flatMap(\.outline.corners)
        guard !(corners + samples(of: own.boundingBox).filter(own.contains)).contains(where: area.contains) else {
            continue
        }
        problems.add(
            .compoundOutside, .compounds, compound.position,
            "\(compound.value.id) lies outside its community \(compound.value.communityId)",
            "correct community, or draw it where it is, in WGS-84")
    }
}

/// Notes compounds that overlap: which property company answers there would be chance.
func checkOverlaps(of compounds: [Entry<CompoundDraft>], _ problems: inout ProblemLog) {
    for overlap in findOverlaps(compounds.map(\.value.area)) {
        let first = compounds[overlap.first].value.id
        let second = compounds[overlap.second]
        problems.add(
            .overlappingCompounds, .compounds, second.position,
            "\(second.value.id) and \(first) overlap "
                + "(about \(overlap.percent) % of \(compounds[overlap.ofWhich].value.id))",
            "draw one border between them")
    }
}
