import ArgumentParser
import Contracts
import Foundation

/// `suishoupai restore`: a backup becomes a data folder again.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder of a backup; it goes on from the moment of the backup.",
        discussion: """
            Every checksum is looked at before anything is put in place. With the embedded broker the stores go on from \
            the moment of the backup, and what came after it is lost. On a Kafka cluster that still has its log they read \
            on from where they stood, and catch up.

            Where snapshots lie elsewhere (--snapshots), start with another place for them: a snapshot that is newer than \
            the backup would be taken over.

            Exit status: 0 when the folder is there, 1 when the backup is damaged or not whole, 2 when the command was not \
            understood or the folder is taken or in use.

            Examples:
              suishoupai restore --from /backups/2026-11-25-0300 --data ./data
              suishoupai restore --from ./backup --data ./data --replace
            """)

    @Option(help: "The folder that 'suishoupai backup' has made.")
    var from: String

    @Option(help: "The data folder to make; it must not be there yet, or be empty.")
    var data: String

    @Flag(help: "Set a data folder that is there aside, whole, as DIR.before-restore-MILLISECONDS.")
    var replace = false

    @Flag(
        help: """
            For a backup of hosts with folders of their own (--own-folders) and a new log: make one folder of the copies \
            with most applied.
            """)
    var oneFolder = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let run = RestoreRun(
            backup: .folder(named: from), place: .folder(named: data), replaces: replace, isOneFolder: oneFolder,
            progress: CountedProgress.ofThisTerminal)
        let report = try run.bring()
        print(json ? try ContractCoding.text(report) : report.text)
    }
}
