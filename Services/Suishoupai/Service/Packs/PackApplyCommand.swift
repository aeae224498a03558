import ArgumentParser
import Contracts
import Foundation
import Logging
import PackFolder
import ServiceKit

/// `suishoupai pack apply`.
struct PackApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Puts a pack in force on a running deployment, and waits until every partition has it.",
        discussion: """
            Nothing is stopped. The pack counts for what is decided from then on, and for later starts of \
            'suishoupai up' without --pack.

            Exit status: 0 when it is in force everywhere, 1 when the pack has errors or some partition has not taken \
            it in time (the same command again goes on), 2 when nothing runs on the data folder.

            EXAMPLES:
              suishoupai pack apply deploy/packs/nanchang --data ./data
            """)

    @OptionGroup var pack: PackFolderArgument

    @Option(help: "The data folder of the running deployment.")
    var data: String

    @Option(help: ArgumentHelp("How long to wait for all partitions.", valueName: "seconds"))
    var wait = 60

    func run() async throws {
        let folder = DataFolder(data)
        let loaded = try PackFolder.load(pack.url)
        let broker = try DeploymentBroker.demand(folder)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let application = PackApplication(
            folder: folder, session: try await broker.demandSession(logger: logger), logger: logger)
        try folder.keep(loaded)
        let isInForce = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await application.publishReference(loaded)
                try await application.putInForce(loaded)
                return true
            }
            group.addTask { [wait] in
                try await Task.sleep(for: .seconds(wait))
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        guard isInForce else {
            FileHandle.standardError.write(
                Data("Error: not every partition has taken the pack after \(wait) s; run the same command again\n".utf8)
            )
            throw ExitCode(1)
        }
        print("✓ pack \(loaded.name) \(loaded.version) is in force everywhere")
    }
}
