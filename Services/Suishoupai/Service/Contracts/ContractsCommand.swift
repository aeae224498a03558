import ArgumentParser
import Contracts
import Foundation

/// `suishoupai contracts`.
struct ContractsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts",
        abstract: "Prints the topics and messages as one AsyncAPI 3.0.0 document.",
        discussion: """
            Everything that travels between the programs, with its keys, writers and schemas, as JSON.

            EXAMPLES:
              suishoupai contracts > asyncapi.json
              suishoupai contracts --prefix nc- | jq '.channels | keys'
            """)

    @Option(
        help: ArgumentHelp(
            "What stands before each topic's name in this deployment (default: nothing).", valueName: "prefix"))
    var prefix = ""

    func run() throws {
        FileHandle.standardOutput.write(try AsyncAPIDocument.json(prefix: prefix) + Data("\n".utf8))
    }
}
