import Contracts
import Foundation

/// Reads where prizes are picked up 驿站; none where the folder has no such file.
func readStations(
    _ folder: URL, _ known: KnownNames, _ people: [Entry<PackPerson>]?, _ problems: inout ProblemLog
) -> [Entry<PackStation>]? {
    let file = PackFile.stations
    guard file.exists(in: folder) else { return [] }
    let table = CSVTable(
        file, in: folder, required: ["station", "name", "community", "address", "hours", "staff"], &problems)
    let posts = people.map { Dictionary($0.map { ($0.value.id, $0.value) }, uniquingKeysWith: { first, _ in first }) }
    guard let table, let stations = table.entries({ readStation($0, known, posts, &problems) }) else { return nil }
    return dropDuplicates(stations, file, called: "the station", by: \.id, &problems)
}

private func readStation(
    _ row: CSVTable.Row, _ known: KnownNames, _ posts: [PersonID: PackPerson]?, _ problems: inout ProblemLog
) -> Entry<PackStation>? {
    guard let id = row.text("station", &problems), let community = row.text("community", &problems) else { return nil }
    checkID(id, row.file, row.position, &problems)
    _ = known.has(CommunityID(community), row.file, row.position, &problems)
    let staff = row.list("staff").map { PersonID($0) }
    for person in staff { check(person, of: id, row, posts, &problems) }
    return Entry(
        value: PackStation(
            id: StationID(id), name: row.text("name", &problems) ?? "", communityId: CommunityID(community),
            address: row.text("address", &problems) ?? "", hours: row.text("hours", &problems) ?? "",
            staffIds: staff), position: row.position)
}

private func check(
    _ person: PersonID, of station: String, _ row: CSVTable.Row, _ posts: [PersonID: PackPerson]?,
    _ problems: inout ProblemLog
) {
    guard let posts else { return }
    guard let post = posts[person] else {
        problems.add(
            .unknownPerson, row.file, row.position, "\(person) is not in \(PackFile.people.rawValue)",
            "add them there with the role \(PackRole.station.rawValue), or correct the name")
        return
    }
    guard !post.roles.contains(PackRole.station.rawValue) else { return }
    problems.add(
        .staffWithoutRole, row.file, row.position, "\(person) works at \(station) but has not the role for it",
        "add \(PackRole.station.rawValue) to their roles in \(PackFile.people.rawValue)")
}
