import Contracts
import Foundation

/// Reads the care list 关爱服务清单; none where the folder has no such file.
func readCare(
    _ folder: URL, _ stations: [Entry<PackStation>]?, _ problems: inout ProblemLog
) -> [Entry<PackCareItem>]? {
    let file = PackFile.care
    guard file.exists(in: folder) else { return [] }
    let table = CSVTable(
        file, in: folder, required: ["item", "name", "englishName", "detail"], optional: ["stations"], &problems)
    let known = stations.map { Set($0.map(\.value.id)) }
    guard let table, let items = table.entries({ readItem($0, known, &problems) }) else { return nil }
    return dropDuplicates(items, file, called: "the care item", by: \.careItemId, &problems)
}

private func readItem(
    _ row: CSVTable.Row, _ known: Set<StationID>?, _ problems: inout ProblemLog
) -> Entry<PackCareItem>? {
    guard let id = row.text("item", &problems) else { return nil }
    checkID(id, row.file, row.position, &problems)
    let stations = row.list("stations").map { StationID($0) }
    for station in stations where known?.contains(station) == false {
        problems.add(
            .unknownStation, row.file, row.position, "\(station) is not in \(PackFile.stations.rawValue)",
            "add it there, or correct the name; leave the column empty for everywhere")
    }
    return Entry(
        value: PackCareItem(
            careItemId: CareItemID(id), name: row.text("name", &problems) ?? "",
            englishName: row.text("englishName", &problems) ?? "", detail: row.text("detail", &problems) ?? "",
            stationIds: stations), position: row.position)
}
