import ArgumentParser
import Contracts

/// `suishoupai webhooks replay`.
struct WebhooksReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send once more what was planned for an endpoint: the same messages, with the same ids.",
        discussion: """
            At most \(ReplayDeliveries.most) at once: more are refused, ask for them part by part. The webhook of a unit, \
            which stands in the pack, is named unit:UNIT.

            Examples:
              suishoupai webhooks replay ep-3f9a2c71 --data ./data --since 2026-11-23T00:00:00Z --until 2026-11-24T00:00:00Z
              suishoupai webhooks replay ep-3f9a2c71 --data ./data --delivery c0ffee12-3456-5789-8abc-def012345678
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The endpoint.")
    var endpointId: String

    @Option(help: ArgumentHelp("Those planned at this moment or later.", valueName: "moment"))
    var since: String?

    @Option(help: ArgumentHelp("With --since: those planned before this moment.", valueName: "moment"))
    var until: String?

    @Option(help: ArgumentHelp("One delivery; may stand several times.", valueName: "id"))
    var delivery: [String] = []

    func validate() throws {
        guard (since == nil) != delivery.isEmpty else {
            throw ValidationError("Say what to send: --since MOMENT, or --delivery ID, one of them.")
        }
        for (name, text) in [("--since", since), ("--until", until)] {
            if let text, Timestamp(text) == nil {
                throw ValidationError("\(name) must be a moment such as 2026-11-23T00:00:00Z.")
            }
        }
        guard until == nil || since != nil else { throw ValidationError("--until goes with --since.") }
        guard delivery.count <= ReplayDeliveries.most else {
            throw ValidationError("No more than \(ReplayDeliveries.most) deliveries at once.")
        }
    }

    func run() async throws {
        try await NotificationDesk.Fault.reporting {
            let desk = try options.desk()
            let id = try desk.endpointID(endpointId)
            try await desk.give(
                ReplayDeliveries(
                    endpointId: id,
                    deliveryIds: delivery.isEmpty ? nil : delivery.map { DeliveryID($0) },
                    since: since.flatMap { Timestamp($0) }, until: until.flatMap { Timestamp($0) },
                    actor: NotificationDesk.actor),
                key: id.commandKey)
            print(
                options.json
                    ? try ContractCoding.text(["endpointId": endpointId, "replayed": "true"])
                    : "✓ they are sent again; see 'suishoupai notifications deliveries --lane endpoint|\(endpointId)'")
        }
    }
}
