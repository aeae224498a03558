import ArgumentParser
import Contracts
import Foundation
import PackFolder

/// `suishoupai pack build DIR --to FILE`.
struct PackBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Compiles a pack into the JSON that travels through the log, and prints its hash.",
        discussion: """
            The same folder gives the same bytes on every machine, so that two people can compare hashes.

            EXAMPLES:
              suishoupai pack build deploy/packs/nanchang --to nanchang.json
            """)

    @OptionGroup var pack: PackFolderArgument

    @Option(name: .customLong("to"), help: ArgumentHelp("Where to write the JSON.", valueName: "file"))
    var target: String

    func run() throws {
        let reading = PackFolder.read(pack.url)
        guard let built = reading.pack else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        let json = try ContractCoding.encode(built)
        try json.write(to: URL(fileURLWithPath: target), options: .atomic)
        print("\(Pack.hash(of: json))  \(target)")
    }
}
