import ArgumentParser
import Contracts

/// `suishoupai webhooks enable`.
struct WebhooksEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Call an endpoint again that was disabled, from what happens next on.")

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The endpoint.")
    var endpointId: String

    func run() async throws {
        try await change(.enable, endpointId, options, saying: "is called again")
    }
}

/// `suishoupai webhooks remove`.
struct WebhooksRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Call an endpoint no more; what waits for it is given up.")

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The endpoint.")
    var endpointId: String

    func run() async throws {
        try await change(.remove, endpointId, options, saying: "is called no more")
    }
}

private func change(
    _ change: ChangeEndpoint.Change, _ endpointId: String, _ options: NotificationFolderOptions, saying words: String
) async throws {
    try await NotificationDesk.Fault.reporting {
        let desk = try options.desk()
        let id = try desk.endpointID(endpointId)
        try await desk.give(
            ChangeEndpoint(change, endpointId: id, actor: NotificationDesk.actor), key: id.commandKey)
        print(
            options.json
                ? try ContractCoding.text(["endpointId": endpointId, "done": change.rawValue])
                : "✓ \(endpointId) \(words)")
    }
}
