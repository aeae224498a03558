import ArgumentParser
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import ServiceKit

/// `suishoupai import`: a file of reports through intake's stream.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring a CSV file of reports in, through the same door as everybody's.",
        discussion: """
            A mapping says how rows become reports. In its texts {column} stands for a cell; id, latitude, longitude, \
            address and observedAt may also name a column alone:

              id: srnumber                       # tells a row from all others, for ever
              description: "{type} at {address}"
              latitude: latitude
              longitude: longitude
              datum: wgs84                       # or gcj02
              kind: snapshot                     # or request
              category: {column: type_id, map: {"1": E0201, "2": E0105}, otherwise: E0999}
              observedAt: {column: created_date, format: "yyyy-MM-dd HH:mm:ss", utcOffsetMinutes: -480}
              address: address
              reporterId: "resident-{source_id}"
              values:                            # texts to use like columns
                type: {column: type_id, map: {"1": Graffiti, "2": Bulky items}}
              delimiter: ","

            What is not taken goes to FILE.rejects.csv with line and reasons; mend that file and import it. An import \
            may be repeated, and stopped anywhere: a row with the same id is the same report. It goes on by itself \
            after intake was away.

            Exit status: 0 all rows are in, 1 some were rejected or intake was away for too long, 2 the command, the \
            mapping or the file is wrong.

            Examples:
              suishoupai import --data ./data --mapping mapping.yaml requests.csv
              suishoupai import --data ./data --mapping mapping.yaml --json --quiet requests.csv
            """)

    @Option(help: "The data folder of the running deployment.")
    var data: String

    @Option(help: ArgumentHelp("How rows become reports.", valueName: "file.yaml"))
    var mapping: String

    @Option(help: "Where report-intake is (default: as run.json of the data folder says).")
    var url: String?

    @Option(help: "The platform in whose name the reports come; ids of rows are its own.")
    var subject = "import"

    @Option(help: ArgumentHelp("Where rejects go (default: FILE.rejects.csv).", valueName: "file.csv"))
    var rejects: String?

    @Option(help: ArgumentHelp("How long intake may be away before the import gives up.", valueName: "seconds"))
    var patience = 120

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    @Flag(help: "Print no progress.")
    var quiet = false

    @Argument(help: ArgumentHelp("The file; its first line names the columns.", valueName: "file.csv"))
    var file: String

    func run() async throws {
        let folder = DataFolder(data)
        guard url != nil || FileManager.default.fileExists(atPath: folder.runFile.path(percentEncoded: false)) else {
            throw ValidationError(
                "Nothing runs on '\(data)': there is no run.json. Start it with 'suishoupai up --data \(data)', "
                    + "or say where intake is with --url.")
        }
        let run = try openRun()
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .init(timeout: .init(connect: .seconds(5))))
        let client = ReportStreamClient(
            http: http, run: run,
            address: { [url] in try url ?? RunFile.read(folder.runFile)?.services["report-intake"]?.url },
            token: { [subject] in
                try await TokenCommand.token(folder, roles: [.platform], subject: subject, hours: 24)
            }, patience: .seconds(patience))
        let start = ContinuousClock.now
        let outcome: Result<ImportProgress, any Error>
        do {
            outcome = .success(try await client.sendAll())
        } catch {
            outcome = .failure(error)
            try await run.close()
        }
        try await http.shutdown()
        try await report(outcome, of: run, after: ContinuousClock.now - start)
    }

    private func openRun() throws -> ImportRun {
        let source = URL(filePath: file)
        let target = URL(filePath: rejects ?? file + ".rejects.csv")
        // The rejects of an earlier import are taken away, and nothing else must be.
        guard ![file, mapping].contains(where: { Self.isSame(URL(filePath: $0), target) }) else {
            throw ValidationError("--rejects '\(target.path(percentEncoded: false))' would write over what is read.")
        }
        do {
            let mapping = try MappingFile.parse(String(contentsOf: URL(filePath: mapping), encoding: .utf8))
            let handle = try FileHandle(forReadingFrom: source)
            let size = try source.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            let delimiter = mapping.delimiter.asciiValue ?? UInt8(ascii: ",")
            let rows = try MappedRows(CSVRecords(handle, delimiter: delimiter), mapping: mapping)
            let drawing = ProgressDrawing(
                isQuiet: quiet, isTerminal: isatty(STDERR_FILENO) == 1,
                write: { FileHandle.standardError.write(Data($0.utf8)) })
            return ImportRun(
                rows, rejects: try RejectsFile(target, header: rows.header, delimiter: mapping.delimiter),
                totalBytes: size, drawing: drawing)
        } catch let fault as MappingFault {
            throw ValidationError("The mapping '\(mapping)' \(fault)")
        } catch let fault as ImportFault {
            throw ValidationError("'\(file)': \(fault)")
        } catch let fault as CSVFault {
            throw ValidationError("'\(file)': \(fault)")
        } catch let error as CocoaError {
            throw ValidationError("'\(error.filePath ?? file)' cannot be read: \(error.localizedDescription)")
        }
    }

    private static func isSame(_ file: URL, _ other: URL) -> Bool {
        file.standardizedFileURL.resolvingSymlinksInPath() == other.standardizedFileURL.resolvingSymlinksInPath()
    }

    private func report(
        _ outcome: Result<ImportProgress, any Error>, of run: ImportRun, after elapsed: Duration
    ) async throws {
        let progress = await run.progress
        let rejectsFile = await run.rejectsFile?.path(percentEncoded: false)
        let summary = ImportSummary(
            rows: progress.rows, accepted: progress.accepted, duplicates: progress.duplicates,
            rejected: progress.rejected, rejectsFile: rejectsFile,
            milliseconds: Int(elapsed / .milliseconds(1)))
        print(json ? try ContractCoding.text(summary) : summary.text)
        switch outcome {
        case .success:
            if progress.rejected > 0 { throw ExitCode(1) }
        case .failure(let fault as ImportFault) where fault.isMisuse:
            throw ValidationError("\(fault)")
        case .failure(let fault as CSVFault):
            throw ValidationError("'\(file)': \(fault)")
        case .failure(let error):
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}

/// How an import went.
struct ImportSummary: Codable, Equatable, Sendable {
    let rows: Int
    /// New reports.
    let accepted: Int
    /// Rows that were in from before.
    let duplicates: Int
    let rejected: Int
    let rejectsFile: String?
    let milliseconds: Int

    var text: String {
        var parts = ["\(rows) rows: \(accepted) new"]
        if duplicates > 0 { parts.append("\(duplicates) in from before") }
        if rejected > 0 { parts.append("\(rejected) rejected") }
        let end = rejectsFile.map { "; see \($0)" } ?? ""
        return parts.joined(separator: ", ") + " in \(Double(milliseconds / 100) / 10) s" + end
    }
}
