import Contracts
import Foundation
import WorkingTime
import Yams

/// Reads what points can be spent on 奖品; none where the folder has no such file.
func readPrizes(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackPrize>]? {
    let file = PackFile.prizes
    guard file.exists(in: folder) else { return [] }
    let tables = yamlList(of: file, in: folder, keys: ["prize", "name", "english", "prices", "photo"], &problems)
    guard let tables else { return nil }
    let prizes = tables.map { table in table.flatMap { readPrize($0, folder, &problems) } }
    guard let complete = withoutGaps(prizes) else { return nil }
    return dropDuplicates(complete, file, called: "the prize", by: \.id, &problems)
}

private func readPrize(_ table: YAMLTable, _ folder: URL, _ problems: inout ProblemLog) -> Entry<PackPrize>? {
    guard let id = table.text("prize", &problems) else { return nil }
    checkID(id, table.file, table.position, &problems)
    return Entry(
        value: PackPrize(
            id: PrizeID(id), name: table.text("name", &problems) ?? "",
            englishName: table.text("english", &problems) ?? "", prices: readPrices(id, table, &problems),
            photo: readPhoto(table, folder, &problems)), position: table.position)
}

// MARK: - Prices

private func readPrices(_ id: String, _ prize: YAMLTable, _ problems: inout ProblemLog) -> [PackPrize.Price] {
    guard let items = prize.node("prices")?.sequence, !items.isEmpty else {
        problems.add(
            .missingValue, prize.file, prize.position(of: "prices"), "the prize \(id) has no prices",
            "write `prices: [{ from: 2026-01-01, points: 100 }]`")
        return []
    }
    let prices = items.compactMap { readPrice($0, prize.file, &problems) }
    for (earlier, later) in zip(prices, prices.dropFirst()) where earlier.from >= later.from {
        problems.add(
            .badValue, prize.file, prize.position(of: "prices"),
            "the price from \(later.from) stands after \(earlier.from)",
            "write the prices in the order of their days, each day once")
    }
    return prices
}

private func readPrice(_ node: Node, _ file: PackFile, _ problems: inout ProblemLog) -> PackPrize.Price? {
    guard let table = YAMLTable(node, in: file, keys: ["from", "points"], &problems),
        let from = table.text("from", &problems), let points = table.integer("points", &problems)
    else { return nil }
    guard let day = CivilDay(from) else {
        problems.add(.badValue, file, table.position(of: "from"), "from is \(from)", "write a day as 2026-01-01")
        return nil
    }
    guard (1...1_000_000).contains(points) else {
        problems.add(
            .badPoints, file, table.position(of: "points"), "a price is \(points) points",
            "a whole number from 1 to 1000000 is needed")
        return nil
    }
    return PackPrize.Price(from: day.isoText, points: points)
}

// MARK: - Pictures

/// The most bytes of a picture: all of them travel with the pack.
private let largestPhoto = 48 * 1_024

/// The picture in base64; by its content, whatever its name says.
private func readPhoto(_ table: YAMLTable, _ folder: URL, _ problems: inout ProblemLog) -> String? {
    guard let name = table.optionalText("photo", &problems) else { return nil }
    func refuse(_ problem: String, _ remedy: String) -> String? {
        problems.add(.badPhoto, table.file, table.position(of: "photo"), problem, remedy)
        return nil
    }
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\\") else {
        return refuse("the photo \(name) is no file of the folder", "put it beside the other files and write its name")
    }
    let file = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else {
        return refuse("the photo \(name) is missing", "put it into the folder, or take the line out")
    }
    let bytes: Data
    do {
        bytes = try Data(contentsOf: file)
    } catch {
        return refuse("the photo \(name) cannot be read: \(error.localizedDescription)", "check its rights")
    }
    guard bytes.count <= largestPhoto else {
        return refuse("the photo \(name) has \(bytes.count) bytes", "make it smaller: at most \(largestPhoto)")
    }
    guard
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) || bytes.starts(with: [0xFF, 0xD8, 0xFF])
    else {
        return refuse("the photo \(name) is neither a JPEG nor a PNG", "save it as one of the two")
    }
    return bytes.base64EncodedString()
}
