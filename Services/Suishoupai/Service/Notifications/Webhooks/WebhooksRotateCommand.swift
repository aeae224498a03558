import ArgumentParser
import Contracts
import EventProcessing
import ServiceKit

/// `suishoupai webhooks rotate`.
struct WebhooksRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Sign with a new secret, and for a while with the old one, too.",
        discussion: """
            Example:
              suishoupai webhooks rotate ep-3f9a2c71 --data ./data --grace-hours 48
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The endpoint.")
    var endpointId: String

    @Option(help: "For how many hours the old secret signs beside the new one.")
    var graceHours = 24

    func validate() throws {
        guard (0...8_760).contains(graceHours) else {
            throw ValidationError("--grace-hours must be a whole number from 0 to 8760.")
        }
    }

    func run() async throws {
        try await NotificationDesk.Fault.reporting {
            let desk = try options.desk()
            let before = try desk.endpoint(endpointId)
            guard before.channel == .webhook else {
                throw ValidationError(
                    "\(endpointId) is a robot: its secret is made by its provider. Remove it, and add it anew.")
            }
            let until = Timestamp.now.adding(milliseconds: Int64(graceHours) * 3_600_000)
            try await desk.give(
                ChangeEndpoint(
                    .rotate, endpointId: before.endpointId, formerUntil: until, actor: NotificationDesk.actor),
                key: before.endpointId.commandKey)
            let after = try desk.endpoint(endpointId)
            try NewSecret(
                endpointId: after.endpointId,
                secret: try desk.secret(of: after.endpointId, generation: after.generation).text,
                generation: after.generation
            ).show(
                json: options.json,
                note:
                    "The secret of \(endpointId) from now on, shown this once; the one before signs, too, until \(until)."
            )
        }
    }
}
