import ArgumentParser
import Foundation
import PackFolder

extension PublicHolidays: ExpressibleByArgument {}

/// `suishoupai pack new`.
struct PackNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Starts a pack from a city's own open data.",
        discussion: """
            Takes the outlines of communities (districts, wards, neighbourhoods) from a GeoJSON file in WGS-84 and, if \
            given, the categories from a CSV file with a header. Features with one id become one community of several \
            parts. All else gets a sensible beginning: one unit, city-hall, that everything goes to, a worker, a \
            verifier and a dispatcher, point rules, and Chinese texts. Edit the files, then run `pack check`.

            The columns kind (snapshot or request), englishName, filingLimit, handlingLimit, keywords, gbCode and \
            gbVerified of the categories are used where they are there.

            EXAMPLES:
              suishoupai pack new --communities wards.geojson --id-property ward_id --name-property ward_name \\
                --name springfield --title "Springfield" --utc-offset-minutes -360 --to deploy/packs/springfield
              suishoupai pack new --communities wards.geojson --id-property id --name-property name \\
                --categories types.csv --category-code type_id --category-name type_name --to my-city
            """)

    @Option(help: ArgumentHelp("GeoJSON with the outlines of the communities.", valueName: "file.geojson"))
    var communities: String

    @Option(help: ArgumentHelp("The property that holds a community's id.", valueName: "property"))
    var idProperty: String

    @Option(help: ArgumentHelp("The property that holds a community's name.", valueName: "property"))
    var nameProperty: String

    @Option(help: ArgumentHelp("CSV with the categories (default: a small common set).", valueName: "file.csv"))
    var categories: String?

    @Option(help: ArgumentHelp("The column of the categories' codes.", valueName: "column"))
    var categoryCode = "code"

    @Option(help: ArgumentHelp("The column of the categories' names.", valueName: "column"))
    var categoryName = "name"

    @Option(help: "The pack's name, in letters, digits and - (default: the folder's).")
    var name: String?

    @Option(help: "The pack's title, for people (default: the name).")
    var title: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How far the city's clocks are ahead of UTC; it has no summer time.", valueName: "minutes"))
    var utcOffsetMinutes = 480

    @Option(
        help: ArgumentHelp(
            "Whose public holidays it begins with (default: china where the clocks are China's).",
            valueName: "china|none"))
    var holidays: PublicHolidays?

    @Option(help: "The letters before a case number (default: the first of the name).")
    var prefix: String?

    @Option(
        name: .customLong("to"), help: ArgumentHelp("The folder to make; it must not hold anything.", valueName: "dir"))
    var target: String

    func run() throws {
        let folder = URL(fileURLWithPath: target, isDirectory: true)
        let packName = name ?? folder.lastPathComponent
        let list = try categories.map { path in
            guard let csv = String(data: try Self.content(of: path), encoding: .utf8) else {
                throw ValidationError("\(path) is not UTF-8 text; save it as UTF-8.")
            }
            return PackStart.CategoryList(csv: csv, codeColumn: categoryCode, nameColumn: categoryName)
        }
        let start = PackStart(
            name: packName, title: title ?? packName, caseNumberPrefix: prefix ?? Self.prefix(of: packName),
            utcOffsetMinutes: utcOffsetMinutes, communities: try Self.content(of: communities),
            idProperty: idProperty, nameProperty: nameProperty, categories: list,
            publicHolidays: holidays ?? (utcOffsetMinutes == 480 ? .china : .none))
        try start.write(to: folder)
        let report = try PackReport(PackFolder.read(folder))
        print(report.text)
        if report.problems.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }

    private static func content(of path: String) throws -> Data {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ValidationError("\(path) is not there or may not be read.")
        }
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// `los-angeles` → `LOSA`.
    static func prefix(of name: String) -> String {
        let letters = name.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return letters.isEmpty ? "CASE" : String(letters.prefix(4))
    }
}
