import ArgumentParser
import Contracts
import Foundation
import ServiceKit
import Subprocess
import SystemPackage

/// In what form records are given out; the lines stay beside every other form, since the manifest speaks of them.
enum ExportFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    case ndjson
    case csv
    case parquet
    case geojson

    /// Topics whose records have a place.
    static let placed = [TopicCatalogue.cases.name, TopicCatalogue.openCases.name]

    /// Makes the form of the lines.
    func convert(_ folder: ExportFolder, topic: Topic) async throws {
        switch self {
        case .ndjson: return
        case .csv: try ExportTable(topic).write(folder)
        case .geojson: try ExportMap.write(folder)
        case .parquet: try await DuckDB.write(folder)
        }
    }
}

/// Records as a table: what the envelope says, and a column for every field that a message of the topic may have.
struct ExportTable {
    static let envelope = ["id", "time", "type", "subject", "source"]
    let fields: [String]

    init(_ topic: Topic) throws {
        let guide = TopicGuide(topic)
        fields = Set(try guide.messages.flatMap { try TopicGuide.fields(of: $0).map(\.name) }).sorted()
    }

    func write(_ folder: ExportFolder) throws {
        let file = folder.converted(.csv)
        try Data(CSVLine.text(Self.envelope + fields.map { "data.\($0)" }).utf8).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try folder.eachLine { line in
            let record = try ContractCoding.decode(ContractJSON.self, from: line)
            let cells =
                try Self.envelope.map { try Self.cell(record[$0]) } + fields.map { try Self.cell(record["data"]?[$0]) }
            try handle.write(contentsOf: Data(CSVLine.text(cells).utf8))
        }
        try handle.close()
    }

    /// Text as it is but for what a spreadsheet would take for a formula; lists and objects as JSON.
    private static func cell(_ value: ContractJSON?) throws -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: CSVLine.plain(text)
        case .some(let value): try ContractCoding.text(value)
        }
    }
}

/// The newest state of each case as a feature of GeoJSON (RFC 7946).
enum ExportMap {
    static func write(_ folder: ExportFolder) throws {
        var newest: [String: (version: Int64, data: [String: ContractJSON])] = [:]
        try folder.eachLine { line in
            let record = try ContractCoding.decode(ContractJSON.self, from: line)
            guard case .object(let data)? = record["data"], case .string(let id)? = data["caseId"],
                case .integer(let version)? = data["version"], version > newest[id]?.version ?? 0
            else { return }
            newest[id] = (version, data)
        }
        let features = newest.sorted { $0.key < $1.key }.map { id, state -> ContractJSON in
            var properties = state.data
            properties["location"] = nil
            return [
                "type": "Feature", "id": .string(id), "geometry": geometry(state.data["location"]),
                "properties": .object(properties),
            ]
        }
        let collection: ContractJSON = ["type": "FeatureCollection", "features": .array(features)]
        try (ContractCoding.encode(collection) + Data("\n".utf8)).write(to: folder.converted(.geojson))
    }

    private static func geometry(_ location: ContractJSON?) -> ContractJSON {
        guard let latitude = location?["latitude"], let longitude = location?["longitude"] else { return .null }
        return ["type": "Point", "coordinates": [longitude, latitude]]
    }
}

/// DuckDB's command, which writes Parquet.
enum DuckDB {
    /// - Throws: `ValidationError` where it is not there, or does not run.
    static func demand() async throws {
        func works() async -> Bool {
            do {
                let answer = try await Subprocess.run(
                    .name("duckdb"), arguments: ["--version"], output: .discarded, error: .discarded)
                return answer.terminationStatus.isSuccess
            } catch {
                return false
            }
        }
        guard await works() else {
            throw ValidationError(
                "Parquet is written by DuckDB's command 'duckdb', which is not in PATH or does not run: install it "
                    + "(https://duckdb.org/docs/installation, or 'pip install duckdb-cli'), or ask for ndjson.")
        }
    }

    static func write(_ folder: ExportFolder) async throws {
        func quoted(_ file: URL) -> String {
            "'\(file.path(percentEncoded: false).replacing("'", with: "''"))'"
        }
        let result = try await Subprocess.run(
            .name("duckdb"),
            arguments: [
                "-c",
                """
                COPY (SELECT * FROM read_json(\(quoted(folder.lines)), format = 'newline_delimited', sample_size = -1)) \
                TO \(quoted(folder.converted(.parquet))) (FORMAT parquet)
                """,
            ], output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else { throw DuckDBFault(words: result.standardError) }
    }
}

/// What DuckDB said that it could not do.
struct DuckDBFault: Error, CustomStringConvertible {
    let words: String

    var description: String { "duckdb failed: \(words)" }
}
