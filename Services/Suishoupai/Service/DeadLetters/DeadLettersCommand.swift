import ArgumentParser
import Contracts
import Foundation

/// `suishoupai dead-letters …`: records that could not be processed.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Look at records that could not be processed.",
        subcommands: [DeadLettersListCommand.self])
}

/// `suishoupai dead-letters list`.
struct DeadLettersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List every dead letter with its reason, as the stores of a data folder keep them.",
        discussion: """
            Works beside the running system. Whoever sent the record was told that it failed; its bytes are kept.

            Exit status: 0 when there is none, 1 when there are some, 2 when the command was not understood.

            Examples:
              suishoupai dead-letters list --data ./data
              suishoupai dead-letters list --data ./data --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
        let folder = DataFolder(data)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("There is no folder '\(folder.path)'. Give the one that 'suishoupai up' runs on.")
        }
        let letters = try DeadLetter.all(StoreShelf(folder))
        if json {
            print(try ContractCoding.text(letters))
        } else {
            for letter in letters {
                print(
                    "\(letter.store) #\(letter.number)  from \(letter.origin)  \(letter.bytes) bytes  "
                        + "\(letter.handler): \(letter.reason)")
            }
            print(letters.isEmpty ? "✓ no dead letters" : "✗ \(letters.count) dead letters")
        }
        guard letters.isEmpty else { throw ExitCode(1) }
    }
}
