import ArgumentParser
import Contracts
import Foundation

/// `suishoupai contracts`.
struct ContractsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts",
        abstract: "Prints the topics and messages as one AsyncAPI 3.0.0 document, or writes pages about them.",
        discussion: """
            Everything that travels between the programs, with its keys, writers and schemas, as JSON.

            EXAMPLES:
              suishoupai contracts > asyncapi.json
              suishoupai contracts --prefix nc- | jq '.channels | keys'
              suishoupai contracts pages --to docs/topics
            """,
        subcommands: [ContractsDocumentCommand.self, ContractsPagesCommand.self],
        defaultSubcommand: ContractsDocumentCommand.self)
}

/// `suishoupai contracts document`, which needs not be said.
struct ContractsDocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "Prints the AsyncAPI 3.0.0 document.")

    @Option(
        help: ArgumentHelp(
            "What stands before each topic's name in this deployment (default: nothing).", valueName: "prefix"))
    var prefix = ""

    func run() throws {
        FileHandle.standardOutput.write(try AsyncAPIDocument.json(prefix: prefix) + Data("\n".utf8))
    }
}

/// `suishoupai contracts pages`: a page a topic, and a list of them.
struct ContractsPagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages", abstract: "Writes a readable page about each topic, as Markdown.")

    @Option(help: ArgumentHelp("The folder for them, which is made where it is not there.", valueName: "dir"))
    var to: String

    func run() throws {
        let folder = URL(filePath: to, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let pages = try TopicPages.all()
        for (name, text) in pages { try Data(text.utf8).write(to: folder.appending(path: name)) }
        print("\(pages.count) pages in \(folder.path(percentEncoded: false))")
    }
}
