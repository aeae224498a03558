import ArgumentParser
import Contracts
import Foundation
import OwnerRules
import PackFolder

/// `suishoupai rules test`: what changed rules would have done with recorded reports.
struct RulesTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs changed rules over the recorded reports and prints what would go elsewhere.",
        discussion: """
            Reads the stores, also beside the running system, and changes nothing. For every case that a report opened, and \
            every one that got another category, the owner is sought twice, at the recorded moment: by the pack in force, \
            and by the changed rules. Workers are as busy as each rule set itself made them, in the recorded order; whom \
            dispatchers named by hand is left out.

            --rules is a file such as a pack's routing.txt, read with the names of the pack in force; --pack is a whole \
            folder, with its own units, compounds and duties.

            Exit status: 0 when the rules could be tried, whatever they change; 1 when the rules have errors or no pack is \
            in force; 2 when the command was not understood.

            EXAMPLES:
              suishoupai rules test --data ./data --rules routing.txt
              suishoupai rules test --data ./data --pack deploy/packs/nanchang --limit 10 --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Option(help: ArgumentHelp("A file of rules.", valueName: "file"))
    var rules: String?

    @Option(help: ArgumentHelp("A pack folder.", valueName: "dir"))
    var pack: String?

    @Option(help: "How many examples to show of each change.")
    var limit = 3

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (rules == nil) != (pack == nil) else { throw ValidationError("Give --rules FILE or --pack DIR.") }
        guard limit >= 0 else { throw ValidationError("--limit must be 0 or more.") }
    }

    func run() throws {
        let folder = try DataFolder.demand(data)
        let shelf = try StoreShelf(folder)
        guard let inForce = try shelf.packInForce() else {
            print("No pack is in force in '\(folder.path)': there is nothing to compare with.")
            throw ExitCode(1)
        }
        var comparison = RulesComparison(
            present: OwnerRules(inForce), changed: try changedRules(inForce), examples: limit)
        for store in shelf.routing {
            comparison.beginStore()
            try RecordedSteps(store).forEach { comparison.take($0) }
        }
        let result = comparison.result(inForce, olderCases: try olderCases(shelf, comparison.cases))
        print(json ? try ContractCoding.text(result) : result.text)
    }

    private func changedRules(_ inForce: Pack) throws -> OwnerRules {
        if let pack {
            let folder = URL(fileURLWithPath: pack, isDirectory: true)
            guard FileManager.default.fileExists(atPath: pack) else {
                throw ValidationError("\(pack) is not a folder.")
            }
            let reading = PackFolder.read(folder)
            guard let changed = reading.pack else {
                print(problemLines(reading.problems).joined(separator: "\n"))
                throw ExitCode(1)
            }
            return OwnerRules(changed)
        }
        let path = rules ?? ""
        guard let content = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path) is not there or may not be read.")
        }
        guard let text = String(data: content, encoding: .utf8) else {
            throw ValidationError("\(path) is not UTF-8 text; save it as UTF-8.")
        }
        let reading = RuleReading(text, names: RuleNames(inForce))
        guard reading.faults.isEmpty else {
            for fault in reading.faults { print("error    \(path), \(fault)") }
            throw ExitCode(1)
        }
        return OwnerRules(inForce, rules: reading.rules.map(\.rule))
    }

    /// Cases whose opening the stores keep no more: on a cluster events go after the topic's retention.
    private func olderCases(_ shelf: StoreShelf, _ seen: Int) throws -> Int {
        max(0, try shelf.routing.reduce(0) { try $0 + $1.count("SELECT COUNT(*) FROM caseFile") } - seen)
    }
}
