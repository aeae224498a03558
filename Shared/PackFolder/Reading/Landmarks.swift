import Contracts
import Foundation
import Geography
import Vocabulary

/// Reads the places that people know by name; none where the folder has no such file.
func readLandmarks(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackLandmark>]? {
    let file = PackFile.landmarks
    guard file.exists(in: folder) else { return [] }
    let table = CSVTable(
        file, in: folder, required: ["id", "name", "englishName", "latitude", "longitude"], optional: ["aliases"],
        &problems)
    guard let table, let landmarks = table.entries({ readLandmark($0, &problems) }) else { return nil }
    return dropDuplicates(landmarks, file, called: "the landmark", by: \.id, &problems)
}

private func readLandmark(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> Entry<PackLandmark>? {
    guard let id = row.text("id", &problems) else { return nil }
    checkID(id, row.file, row.position, &problems)
    let place = readPlace(row, &problems)
    return Entry(
        value: PackLandmark(
            id: LandmarkID(id), name: row.text("name", &problems) ?? "",
            englishName: row.text("englishName", &problems) ?? "", latitudeE7: place.map { Int($0.latitudeE7) } ?? 0,
            longitudeE7: place.map { Int($0.longitudeE7) } ?? 0, aliases: row.list("aliases")),
        position: row.position, isSound: place != nil)
}

private func readPlace(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> Place? {
    let latitude = row.text("latitude", &problems)
    let longitude = row.text("longitude", &problems)
    guard let latitude, let longitude else { return nil }
    if let north = Double(latitude), let east = Double(longitude), let place = Place(latitude: north, longitude: east) {
        return place
    }
    problems.add(
        .badValue, row.file, row.position, "\(latitude), \(longitude) is no place on Earth",
        "write WGS-84 degrees such as 28.6850 and 115.9450, the latitude first")
    return nil
}

/// Notes landmarks that lie in no community: a report there would have no owner.
func checkPlaces(
    of landmarks: [Entry<PackLandmark>], _ communities: [Entry<CommunityDraft>], _ problems: inout ProblemLog
) {
    let index = AreaIndex(communities.map { (id: $0.value.id, area: $0.value.area) })
    for landmark in landmarks where landmark.isSound {
        let location = landmark.value.location
        let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7)
        guard place.flatMap(index.find) == nil else { continue }
        problems.add(
            .landmarkOutside, .landmarks, landmark.position, "\(landmark.value.id) lies in no community",
            "see whether its place is in WGS-84, the latitude first, or leave it: reports there go to unassigned")
    }
}

/// Notes names that stand for two landmarks: an address could mean either.
func checkNames(of landmarks: [Entry<PackLandmark>], _ problems: inout ProblemLog) {
    var owners: [[UInt8]: LandmarkID] = [:]
    for landmark in landmarks {
        for name in landmark.value.names where !name.isEmpty {
            let folded = Folding.bytes(of: name)
            if let owner = owners[folded], owner != landmark.value.id {
                problems.add(
                    .duplicate, .landmarks, landmark.position,
                    "the name \(name) of \(landmark.value.id) stands for \(owner) already",
                    "make it longer, or take it out where people mean it less often")
            }
            owners[folded] = owners[folded] ?? landmark.value.id
        }
    }
}
