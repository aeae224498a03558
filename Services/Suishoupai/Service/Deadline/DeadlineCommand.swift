import ArgumentParser
import Contracts
import Foundation
import PackFolder

/// `suishoupai deadline`.
struct DeadlineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadline",
        abstract: "Explains a deadline of a pack, period by period.",
        discussion: """
            Says which hours of which days counted, which did not and why, what was left behind each, by which rule, and \
            when the time is over. Pauses and extensions may be given in any order, so that the clock of any case can be \
            explained. Nothing is read but the pack. The rules stand in docs/routing-clock.md.

            Exit status 0 when the deadline was explained (also one that a pause holds), 1 when the pack has errors, 2 \
            when the question was not understood.

            EXAMPLES:
              suishoupai deadline --pack deploy/packs/nanchang --category E0102 --step handle \\
                --from 2026-09-30T17:20:00+08:00
              suishoupai deadline --pack deploy/packs/nanchang --category D0103 --step handle \\
                --from 2026-02-10T09:00:00+08:00 --pause 2026-02-11T10:00:00+08:00/2026-02-25T09:30:00+08:00 \\
                --extend 2d@2026-02-26T08:00:00+08:00 --json | jq .deadline
            """)

    @Option(help: ArgumentHelp("The pack folder.", valueName: "dir"))
    var pack: String

    @Option(help: ArgumentHelp("The category's code.", valueName: "code"))
    var category: String

    @Option(
        help: ArgumentHelp(
            "What must be done by then: filed 立案, dispatched 派遣, handled 处置 (made safe 围护, where that has two stages), "
                + "repaired for good 修复, or verified 核查.", valueName: "file|dispatch|handle|repair|verify"))
    var step: DeadlineStep

    @Option(help: ArgumentHelp("When the clock began, with its offset.", valueName: "time"))
    var from: String

    @Option(
        help: ArgumentHelp(
            "When the clock stood still; without a second time it still does. Repeatable.", valueName: "time/time"))
    var pause: [String] = []

    @Option(
        help: ArgumentHelp(
            "More time, and when it was approved: 2d@2026-10-08T09:00:00+08:00. Repeatable.", valueName: "limit@time"))
    var extend: [String] = []

    @Flag(help: "Print one JSON object, for scripts.")
    var json = false

    func run() throws {
        let folder = try PackFolderArgument.parse([pack])
        let reading = PackFolder.read(folder.url)
        guard let built = reading.pack, let calendar = reading.calendar else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        let question = try DeadlineQuestion(
            category: category, step: step, from: from, pauses: pause, extensions: extend, of: built)
        let answer = DeadlineAnswer(question, pack: built, calendar: calendar, holidays: reading.holidays)
        print(json ? try ContractCoding.text(answer) : answer.text)
    }
}
