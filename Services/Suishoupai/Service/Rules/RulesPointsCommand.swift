import ArgumentParser
import Contracts
import Foundation
import PackFolder

/// `suishoupai rules points --dry-run`: what changed point rules would have given for recorded cases.
struct RulesPointsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "points",
        abstract: "Runs changed point rules over the recorded cases and prints who would have earned what.",
        discussion: """
            Reads the stores, also beside the running system, and changes nothing. Every recorded step of every case is \
            weighed by the pack folder's rules, bonuses, shares, caps and budgets, and the sums are held against what was \
            booked: what was promised and not taken back, spendable or not yet.

            --from takes records of case-events.v1 and points-events.v1, one a line, in their order; - is standard input.

            Exit status: 0 when the rules could be tried, whatever they change; 1 when the pack has errors or no case is \
            recorded; 2 when the command was not understood.

            EXAMPLES:
              suishoupai rules points --dry-run --data ./data --pack my-pack
              (kcat -C -b HOST:9092 -t case-events.v1 -e -q; kcat -C -b HOST:9092 -t points-events.v1 -e -q) \\
                | suishoupai rules points --dry-run --from - --pack my-pack --json
            """)

    @Flag(name: .customLong("dry-run"), help: "Only try: there is no other way.")
    var dryRun = false

    @Option(help: "The data folder.")
    var data: String?

    @Option(help: "A file of records, one a line; - for standard input.")
    var from: String?

    @Option(help: ArgumentHelp("The pack folder with the changed rules.", valueName: "dir"))
    var pack: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard dryRun else {
            throw ValidationError("Add --dry-run: only 'suishoupai pack apply' puts rules in force.")
        }
        guard (data == nil) != (from == nil) else {
            throw ValidationError("Say where the records are: --data FOLDER or --from FILE, one of them.")
        }
    }

    func run() throws {
        guard FileManager.default.fileExists(atPath: pack) else { throw ValidationError("\(pack) is not a folder.") }
        let reading = PackFolder.read(URL(fileURLWithPath: pack, isDirectory: true))
        guard let changed = reading.pack else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        var trial = PointsTrial(changed)
        do {
            try read(into: &trial)
        } catch let fault as PointsRecordsFault {
            throw ValidationError("\(fault)")
        }
        let result = trial.result
        guard result.cases > 0 else {
            print("No case is recorded there: there is nothing to try the rules on.")
            throw ExitCode(1)
        }
        print(json ? try ContractCoding.text(result) : result.text)
    }

    private func read(into trial: inout PointsTrial) throws {
        if let data {
            let folder = try DataFolder.demand(data)
            let shelf = try StoreShelf(folder)
            var cases = try RecordedOutputs(shelf.routing, of: TopicCatalogue.caseEvents)
            while let value = try cases.next() { try trial.take(value) }
            var booked = try RecordedOutputs(shelf.points, of: TopicCatalogue.pointsEvents)
            while let value = try booked.next() { try trial.take(value) }
            return
        }
        for (index, line) in try lines().enumerated() {
            do {
                try trial.take(line)
            } catch {
                throw PointsRecordsFault(line: index + 1, reason: "\(error)")
            }
        }
    }

    private func lines() throws -> [Data] {
        let path = from ?? ""
        let content =
            path == "-" ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: path)
        guard let content else { throw ValidationError("\(path) is not there or may not be read.") }
        return content.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }
}
