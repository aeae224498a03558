import ArgumentParser
import Contracts
import Foundation

/// `suishoupai backup`: all stores as they stood at one moment, while the system goes on.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy everything that a data folder keeps, as it stood at one moment; nothing has to be stopped.",
        discussion: """
            Works beside the running system and on a stopped one. For some milliseconds nobody can write; then \
            everything goes on, and the stores are copied as they stood. The folder of the backup holds the keys, too: \
            keep it as safe as the data folder. It appears whole or not at all, with a checksum of each file in \
            backup.json, and 'suishoupai audit' can look at it as at any data folder.

            Left out is what the next start makes anew: logs, addresses, locks, and snapshots.

            Exit status: 0 when it is whole, 1 when it could not be made (a store did not let anybody in, is damaged, or \
            the disk is full), 2 when the command was not understood or the place is taken.

            Examples:
              suishoupai backup --data ./data --to /backups/$(date +%F-%H%M)
              suishoupai backup --data ./data --to ./backup --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Option(help: "The folder to make; it must not be there yet, or be empty.")
    var to: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let run = BackupRun(
            folder: DataFolder(data), place: .folder(named: to), progress: CountedProgress.ofThisTerminal)
        let report = try await run.take()
        print(json ? try ContractCoding.text(report) : report.text)
    }
}
