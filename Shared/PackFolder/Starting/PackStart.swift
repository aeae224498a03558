import Contracts
package import Foundation
import Geography
import SwiftCSV

/// The first pack of a city, made from its own open data: complete, and meant to be edited.
///
/// Everything goes to one unit, `city-hall`, until somebody writes better rules.
package struct PackStart: Sendable {
    /// A city's list of categories, and which of its columns say what.
    package struct CategoryList: Sendable {
        package let csv: String
        package let codeColumn: String
        package let nameColumn: String

        package init(csv: String, codeColumn: String = "code", nameColumn: String = "name") {
            self.csv = csv
            self.codeColumn = codeColumn
            self.nameColumn = nameColumn
        }
    }

    package let name: String
    package let title: String
    package let caseNumberPrefix: String
    package let utcOffsetMinutes: Int
    /// GeoJSON in WGS-84.
    package let communities: Data
    /// The properties of its features that hold a community's id and name.
    package let idProperty: String
    package let nameProperty: String
    /// Nil for a small set that fits most places.
    package let categories: CategoryList?
    package let publicHolidays: PublicHolidays

    package init(
        name: String, title: String, caseNumberPrefix: String, utcOffsetMinutes: Int, communities: Data,
        idProperty: String, nameProperty: String, categories: CategoryList?,
        publicHolidays: PublicHolidays = .none
    ) {
        self.name = name
        self.title = title
        self.caseNumberPrefix = caseNumberPrefix
        self.utcOffsetMinutes = utcOffsetMinutes
        self.communities = communities
        self.idProperty = idProperty
        self.nameProperty = nameProperty
        self.categories = categories
        self.publicHolidays = publicHolidays
    }

    /// Writes the folder, making it where it is missing.
    ///
    /// Nothing is written unless everything can be.
    ///
    /// - Throws: `PackStartError` for a folder with something in it and for data that cannot be used; else what the file
    ///   system says.
    package func write(to folder: URL) throws {
        let files = try files()
        let manager = FileManager.default
        if manager.fileExists(atPath: folder.path) {
            guard try manager.contentsOfDirectory(atPath: folder.path).isEmpty else {
                throw PackStartError("\(folder.path) is not empty; name a new folder")
            }
        }
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        for (file, content) in files {
            try content.write(to: folder.appendingPathComponent(file.rawValue), options: .atomic)
        }
    }

    private func files() throws -> [(PackFile, Data)] {
        let (categories, kinds) = try startingCategories()
        return [
            (.pack, Data(try StartingTexts.settings(of: self).utf8)),
            (.holidays, Data(StartingTexts.holidays(of: publicHolidays).utf8)),
            (.communities, try startingCommunities()),
            (.units, Data(StartingTexts.units.utf8)),
            (.people, Data(StartingTexts.people.utf8)),
            (.categories, Data(categories.utf8)),
            (.emergencies, Data(StartingTexts.emergencies.utf8)),
            (.routing, Data(StartingTexts.routing.utf8)),
            (.points, Data(try StartingTexts.points(for: kinds, of: self).utf8)),
            (.notifications, Data(StartingTexts.notifications.utf8)),
            (.webhooks, Data(StartingTexts.webhooks.utf8)),
        ]
    }
}

/// Why no pack can be started from what was given.
package struct PackStartError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

// MARK: - Communities

extension PackStart {
    /// The outlines with our properties, one feature a line.
    ///
    /// Features with one id are one community of several parts: a city publishes so what a road or river cuts in two.
    private func startingCommunities() throws -> Data {
        var order: [String] = []
        var parts: [String: (name: String, polygons: [Polygon])] = [:]
        for (index, feature) in try readFeatures().enumerated() {
            let id = try property(idProperty, of: feature, number: index + 1)
            let name = try property(nameProperty, of: feature, number: index + 1)
            if parts[id] == nil { order.append(id) }
            parts[id] = (parts[id]?.name ?? name, (parts[id]?.polygons ?? []) + feature.area.polygons)
        }
        var taken: [String: String] = [:]
        var lines: [String] = []
        for id in order {
            guard let part = parts[id] else { continue }
            let safe = identifier(from: id)
            if let other = taken[safe] {
                throw PackStartError(
                    "\(idProperty) \"\(id)\" and \"\(other)\" would both become the id \(safe); "
                        + "name a property with ids of letters and digits")
            }
            taken[safe] = id
            lines.append(
                try ContractCoding.text(
                    FeatureDocument(
                        properties: .init(id: safe, name: part.name, caseNumberPrefix: caseNumberPrefix),
                        geometry: .init(polygons: part.polygons))))
        }
        guard !lines.isEmpty else { throw PackStartError("there is no feature in the file of communities") }
        return Data(
            "{\"type\": \"FeatureCollection\", \"features\": [\n\(lines.joined(separator: ",\n"))\n]}\n".utf8)
    }

    private func readFeatures() throws -> [GeoJSON.Feature] {
        do {
            return try GeoJSON.read(communities)
        } catch {
            throw PackStartError("the communities cannot be read: \(error)")
        }
    }

    private func property(_ name: String, of feature: GeoJSON.Feature, number: Int) throws -> String {
        let text = feature.properties[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        guard !text.isEmpty else {
            let known = feature.properties.keys.sorted().joined(separator: ", ")
            throw PackStartError("feature \(number) of the communities has no property \(name); it has \(known)")
        }
        return text
    }
}

/// The text with everything that cannot stand in an id turned into `-`.
private func identifier(from text: String) -> String {
    let bytes = text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            byte
        default: UInt8(ascii: "-")
        }
    }
    return String(decoding: bytes.prefix(64), as: UTF8.self)
}

private struct FeatureDocument: Encodable {
    struct Properties: Encodable {
        let id: String
        let name: String
        let caseNumberPrefix: String
    }

    struct Geometry: Encodable {
        let type = "MultiPolygon"
        let coordinates: [[[[Double]]]]

        init(polygons: [Polygon]) {
            coordinates = polygons.map { polygon in
                ([polygon.outline] + polygon.holes).map { ring in
                    (ring.corners + ring.corners.prefix(1)).map { [$0.longitude, $0.latitude] }
                }
            }
        }
    }

    let type = "Feature"
    let properties: Properties
    let geometry: Geometry
}

// MARK: - Categories

extension PackStart {
    private static let columns = [
        "code", "name", "englishName", "kind", "filingLimit", "handlingLimit", "keywords", "gbCode", "gbVerified",
    ]

    /// The city's categories in our columns; what its list does not say gets a value that can be worked with.
    private func startingCategories() throws -> (csv: String, kinds: Set<ReportKind>) {
        guard let categories else { return (StartingTexts.categories, [.snapshot, .request]) }
        let table: NamedCSV
        do {
            table = try NamedCSV(string: categories.csv, delimiter: .comma, loadColumns: false)
        } catch {
            throw PackStartError("the categories cannot be read: \(error)")
        }
        for column in [categories.codeColumn, categories.nameColumn] where !table.header.contains(column) {
            throw PackStartError(
                "the categories have no column \(column); they have \(table.header.joined(separator: ", "))")
        }
        var lines = [Self.columns.joined(separator: ",")]
        var kinds: Set<ReportKind> = []
        for row in table.rows {
            func cell(_ column: String, else standard: String = "") -> String {
                let text = (row[column] ?? "").trimmingCharacters(in: .whitespaces)
                return text.isEmpty ? standard : text
            }
            let code = cell(categories.codeColumn)
            let name = cell(categories.nameColumn)
            if code.isEmpty, name.isEmpty { continue }
            let cells = [
                identifier(from: code), name, cell("englishName", else: name),
                cell("kind", else: ReportKind.snapshot.rawValue), cell("filingLimit", else: "2w"),
                cell("handlingLimit", else: "5d"), cell("keywords"), cell("gbCode"), cell("gbVerified", else: "false"),
            ]
            lines.append(cells.map(quoted).joined(separator: ","))
            if let kind = ReportKind(rawValue: cells[3]) { kinds.insert(kind) }
        }
        return (lines.joined(separator: "\n") + "\n", kinds)
    }
}

/// A cell as CSV writes it.
private func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"".contains($0) || $0.isNewline }) else { return cell }
    let oneLine = cell.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "\"" + oneLine.replacingOccurrences(of: "\"", with: "\"\"") + "\""
}
