import ArgumentParser
import Contracts
import Crypto
import EventProcessing
import Foundation
import Logging
import ServiceKit

/// `suishoupai export`: records of a topic as files, with a signed manifest.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write records of a topic to files, with a signed manifest.",
        discussion: """
            Takes exactly what the topic holds when the export is begun: all of it, what happened in a span of time, or \
            some offsets. The same command again goes on where a killed one stopped. The records lie in \
            TOPIC.ndjson, a value a line; csv, parquet (by DuckDB's command) and geojson (of cases) lie beside it. \
            TOPIC.manifest.json says what there is, with the roots of the hash chains; TOPIC.manifest.sig signs it with \
            the data folder's key, and deploy/verify-export.py checks both.

            Exit status: 0 when all is written, 1 when not (the same command goes on), 2 when it was not understood or \
            nothing runs.

            Examples:
              suishoupai export --data ./data --topic case-events.v1 --to-dir november \\
                --from 2026-11-01T00:00:00+08:00 --to 2026-12-01T00:00:00+08:00
              suishoupai export --data ./data --topic open-cases.v1 --format geojson --to-dir map
              suishoupai export --data ./data --topic points-events.v1 --offsets 0:0-1000 --format csv --to-dir first
            """)

    @Option(
        help: ArgumentHelp("The data folder: its key signs, and what runs there says which broker.", valueName: "dir"))
    var data: String

    @Option(help: "The topic, by its name in the catalogue.")
    var topic: String

    @Option(help: ArgumentHelp("The form of the records: ndjson, csv, parquet or geojson.", valueName: "format"))
    var format = ExportFormat.ndjson

    @Option(help: ArgumentHelp("Only what happened at this time or later (RFC 3339).", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Only what happened before this time (RFC 3339).", valueName: "time"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Only these offsets, such as 2:100-200 (without 200), 2:100- or 2; may be given several times.",
            valueName: "partition:from-to"))
    var offsets: [String] = []

    @Option(help: ArgumentHelp("The folder for the files, which is made where it is not there.", valueName: "dir"))
    var toDir: String

    static var choices: [Topic] { TopicCatalogue.all.filter { !MessageCatalogue.messages(on: $0).isEmpty } }

    func validate() throws {
        guard Self.choices.contains(where: { $0.name == topic }) else {
            throw ValidationError(
                "'\(topic)' cannot be exported; choose from \(Self.choices.map(\.name).joined(separator: ", ")).")
        }
        if format == .geojson, !ExportFormat.placed.contains(topic) {
            throw ValidationError("geojson is made of \(ExportFormat.placed.joined(separator: " and ")) only.")
        }
        _ = try ask()
    }

    private func ask() throws -> ExportAsk {
        func moment(_ text: String?, of option: String) throws -> Timestamp? {
            guard let text else { return nil }
            guard let moment = Timestamp(text) else {
                throw ValidationError("\(option) '\(text)' is no time; write it like 2026-11-23T08:00:00Z.")
            }
            return moment
        }
        let spans = try offsets.map { text in
            guard let span = ExportSpan(text) else {
                throw ValidationError("--offsets '\(text)' is none; write them like 2:100-200, 2:100- or 2.")
            }
            return span
        }
        guard Set(spans.map(\.partition)).count == spans.count else {
            throw ValidationError("--offsets names a partition twice.")
        }
        let ask = ExportAsk(
            topic: topic, from: try moment(from, of: "--from"), to: try moment(to, of: "--to"),
            spans: spans.isEmpty ? nil : spans)
        if let from = ask.from, let to = ask.to, from >= to { throw ValidationError("--from must be before --to.") }
        return ask
    }

    func run() async throws {
        guard let topic = TopicCatalogue.topic(named: self.topic) else {
            throw ValidationError("There is no topic '\(self.topic)'.")
        }
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let target = URL(filePath: toDir, directoryHint: .isDirectory)
        let folder = ExportFolder(url: target, topic: topic.name)
        guard !ExportFolder.exists(folder.manifest) || ExportFolder.exists(folder.plan) else {
            throw ValidationError("'\(toDir)' holds a finished export of \(topic.name): take another folder.")
        }
        if let manifest = try folder.finish(try ask(), as: format) { return tell(manifest, in: folder) }
        if format == .parquet { try await DuckDB.demand() }
        let data = DataFolder(self.data)
        let session = try await DeploymentBroker.demand(data).demandSession(logger: logger)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let run = ExportRun(session: session, topic: topic, folder: folder, logger: logger)
        let (plan, progress) = try await run.read(try ask())
        let manifest = try await ExportFinish(folder: folder, topic: topic, format: format).make(
            plan, progress, key: try ExportKey(dataFolder: data.url), at: .now)
        tell(manifest, in: folder)
    }

    private func tell(_ manifest: ExportManifest, in folder: ExportFolder) {
        print("\(manifest.records) records in \(folder.lines.path(percentEncoded: false))")
        print("signed by \(manifest.publicKey)")
    }
}

/// Makes the files of an export whose records are all there.
struct ExportFinish {
    let folder: ExportFolder
    let topic: Topic
    let format: ExportFormat

    /// May be done again after it was cut short.
    func make(
        _ plan: ExportPlan, _ progress: ExportProgress, key: ExportKey, at moment: Timestamp
    ) async throws -> ExportManifest {
        try folder.assemble(progress)
        try await format.convert(folder, topic: topic)
        let files = [folder.lines] + (format == .ndjson ? [] : [folder.converted(format)])
        let spans = Dictionary(uniqueKeysWithValues: plan.spans.map { ($0.partition, $0) })
        let manifest = ExportManifest(
            product: "suishoupai", format: 1, topic: topic.name, log: plan.log, from: plan.ask.from, to: plan.ask.to,
            exportedAt: moment, records: progress.parts.reduce(0) { $0 + $1.records },
            parts: progress.parts.sorted { $0.partition < $1.partition }.map { part in
                ExportManifest.Part(
                    partition: part.partition, start: spans[part.partition]?.start ?? 0,
                    end: spans[part.partition]?.end ?? 0, records: part.records, sources: part.sources)
            },
            files: try files.map(described), chains: try ExportChains(folder), publicKey: key.publicKey)
        try key.sign(manifest, in: folder)
        try folder.tidy(plan)
        return manifest
    }

    private func described(_ file: URL) throws -> ExportManifest.File {
        let reader = try FileHandle(forReadingFrom: file)
        defer { reader.closeFile() }
        var hash = SHA256()
        var bytes = 0
        while let chunk = try reader.read(upToCount: 1 << 20), !chunk.isEmpty {
            hash.update(data: chunk)
            bytes += chunk.count
        }
        return ExportManifest.File(
            name: file.lastPathComponent, bytes: bytes, sha256: ContentHash.hex(hash.finalize()))
    }
}
