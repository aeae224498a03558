import Foundation
import TestSupport

/// A table of reports all over the demo's communities, some close enough to be one case, and how it is to be read.
struct ReportRows: Sendable {
    let csv: String
    let mapping: String

    private static let mapping = """
        id: number
        description: "{number} {what}"
        category: "{category}"
        latitude: latitude
        longitude: longitude
        reporterId: "rider-{rider}"
        kind: snapshot
        """

    /// Writes so many rows to a folder, which is made.
    ///
    /// - Parameters:
    ///   - name: Makes them other rows than those of another name.
    ///   - characters: How many 汉字, none like the other, each description has besides.
    init(_ count: Int, named name: String, characters: Int = 0, in folder: URL) throws {
        var generator = SeededGenerator(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let csv = folder.appending(path: "reports.csv")
        let mapping = folder.appending(path: "mapping.yaml")
        try Self.rows(count, named: name, characters: characters, using: &generator).write(
            to: csv, atomically: true, encoding: .utf8)
        try Self.mapping.write(to: mapping, atomically: true, encoding: .utf8)
        self.csv = csv.path(percentEncoded: false)
        self.mapping = mapping.path(percentEncoded: false)
    }

    private static func rows(
        _ count: Int, named name: String, characters: Int, using generator: inout SeededGenerator
    ) -> String {
        let categories = ["E0102", "E0505", "E0506", "P0118", "S0101", "D0103"]
        let lines = (1...count).map { number in
            let latitude = 28.66 + Double(Int.random(in: 0...4_000, using: &generator)) / 100_000
            let longitude = 115.93 + Double(Int.random(in: 0...4_000, using: &generator)) / 100_000
            let category = categories.randomElement(using: &generator) ?? "E0102"
            let more = String(
                String.UnicodeScalarView(
                    (0..<characters).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0x4E00...0x9FA5, using: &generator))
                    }))
            return "\(name)-\(number),有人反映第 \(number) 处问题\(more),\(category),\(latitude),\(longitude),\(number % 40)"
        }
        return "number,what,category,latitude,longitude,rider\n" + lines.joined(separator: "\n") + "\n"
    }
}

extension Deployment {
    /// Sends all rows to intake, as an operator does.
    func importRows(_ rows: ReportRows) async throws -> Answer {
        try await suishoupai("import", "--data", data, "--mapping", rows.mapping, rows.csv)
    }
}
