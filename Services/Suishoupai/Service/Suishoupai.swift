import ArgumentParser
import Foundation

/// The operator's command.
///
/// Each subcommand has a file of its own; a new one is added to the list below.
@main
struct SuishoupaiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suishoupai",
        abstract: "Runs and looks after 随手拍: see a problem, snap it, see it fixed.",
        discussion: """
            Exit status: 0 when all went well, 1 when something is wrong with what was looked at, 2 when the command \
            was not understood.
            """,
        subcommands: [
            UpCommand.self, StatusCommand.self, SimulateCommand.self, ImportCommand.self, AuditCommand.self,
            VerifyCaseCommand.self, TraceCommand.self, RatesCommand.self, ReportCommand.self, StatementCommand.self,
            DeadLettersCommand.self, SkipCommand.self, ReplayCommand.self, LogCommand.self, BackupCommand.self,
            RestoreCommand.self, TokenCommand.self, KeysCommand.self, PickUpCommand.self,
            WebhooksCommand.self, NotificationsCommand.self, EraseCommand.self,
            PackCommand.self, RulesCommand.self,
            DeadlineCommand.self,
            TopicsCommand.self, ContractsCommand.self, ExportCommand.self, SBOMCommand.self,
        ])

    /// Parses, runs and leaves with the status told above, where ArgumentParser's own choice for misuse would be 64.
    static func main() async {
        // What it writes is for its own user alone.
        umask(0o077)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
            Foundation.exit(2)
        }
    }
}
