import Contracts
import Foundation
import WorkingTime

func readCategories(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackCategory>]? {
    let file = PackFile.categories
    let table = CSVTable(
        file, in: folder, required: ["code", "name", "englishName", "kind", "filingLimit", "handlingLimit"],
        optional: ["dispatchLimit", "verifyLimit", "repairLimit", "keywords", "gbCode", "gbVerified"], &problems)
    guard let table else { return nil }
    guard let categories = table.entries({ readCategory($0, &problems) }) else { return nil }
    return dropDuplicates(categories, file, called: "the category", by: \.code, &problems)
}

private func readCategory(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> Entry<PackCategory>? {
    guard let code = row.text("code", &problems) else { return nil }
    checkID(code, row.file, row.position, &problems)
    let kindText = row.text("kind", &problems)
    let kind = kindText.flatMap { reportKind($0, row.file, row.position, &problems) }
    let (keywords, weights) = readKeywords(row, &problems)
    let gbCode = row.optionalText("gbCode")
    let gbVerified = row.flag("gbVerified", &problems)
    if gbVerified, gbCode.isEmpty {
        problems.add(
            .verifiedWithoutCode, row.file, row.position, "gbVerified is true but there is no gbCode",
            "fill in the code of GB/T 30428.2, or write false")
    }
    return Entry(
        value: PackCategory(
            code: CategoryCode(code), name: row.text("name", &problems) ?? "",
            englishName: row.text("englishName", &problems) ?? "", kind: kind ?? .snapshot,
            filingLimit: readLimit("filingLimit", row, &problems),
            handlingLimit: readLimit("handlingLimit", row, &problems), keywords: keywords,
            weights: weights, gbCode: gbCode.isEmpty ? nil : gbCode, gbVerified: gbVerified,
            dispatchLimit: readOptionalLimit("dispatchLimit", row, &problems),
            verifyLimit: readOptionalLimit("verifyLimit", row, &problems),
            repairLimit: readOptionalLimit("repairLimit", row, &problems)),
        position: row.position, isSound: kind != nil)
}

/// The words, and what each weighs where one of them says so, as in `着火:11`.
private func readKeywords(
    _ row: CSVTable.Row, _ problems: inout ProblemLog
) -> (keywords: [String], weights: [Int]?) {
    var keywords: [String] = []
    var weights: [Int] = []
    var isWeighted = false
    for text in row.list("keywords") {
        guard let colon = text.lastIndex(where: { $0 == ":" || $0 == "：" }),
            let weight = Int(text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        else {
            keywords.append(text)
            weights.append(PackCategory.standardWeight(of: text))
            continue
        }
        let keyword = text[..<colon].trimmingCharacters(in: .whitespaces)
        let limits = PackCategory.weightLimits
        if keyword.isEmpty || !limits.contains(weight) {
            problems.add(
                .badValue, row.file, row.position, "the keyword \(text) has no weight that counts",
                "write a word, a colon and a whole number from \(limits.lowerBound) to \(limits.upperBound), as in 着火:11"
            )
        }
        keywords.append(keyword)
        weights.append(weight)
        isWeighted = true
    }
    return (keywords, isWeighted ? weights : nil)
}

private func readOptionalLimit(_ column: String, _ row: CSVTable.Row, _ problems: inout ProblemLog) -> String? {
    row.optionalText(column).isEmpty ? nil : readLimit(column, row, &problems)
}

/// The limit in its shortest form.
private func readLimit(_ column: String, _ row: CSVTable.Row, _ problems: inout ProblemLog) -> String {
    guard let text = row.text(column, &problems) else { return "" }
    do {
        return try TimeLimit(text).text
    } catch {
        problems.add(
            .badLimit, row.file, row.position, "\(column): \(error)", "write it as 4w, 0.5e, 5d or 15n")
        return text
    }
}
