import ArgumentParser
import Contracts
import Foundation
import NotificationWords
import PersonalKeys
import ServiceKit

/// `suishoupai webhooks add`.
struct WebhooksAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Call a program or a group robot from now on, and print the secret, once.",
        discussion: """
            Examples:
              suishoupai webhooks add --data ./data --url https://example.cn/hook --events case.closed,case.overdue
              SECRET=$(suishoupai webhooks add --data ./data --url https://example.cn/hook --json | jq -r .secret)
              suishoupai webhooks add --data ./data --channel dingtalk \
            --url 'https://oapi.dingtalk.com/robot/send?access_token=…#SEC…'
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Option(help: "Where to call; https, or http on this machine.")
    var url: String

    @Option(help: ArgumentHelp("Event types, split by commas; all without.", valueName: "types"))
    var events: String?

    @Option(help: ArgumentHelp("Communities whose events it hears, split by commas; all without.", valueName: "ids"))
    var communities: String?

    @Option(help: "webhook, dingtalk, wecom or feishu.")
    var channel = "webhook"

    private var eventTypes: [String] { Self.list(events) }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func validate() throws {
        guard let found = Channel(rawValue: channel), found.reachesEndpoints else {
            let names = Channel.ofEndpoints.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--channel must be one of \(names).")
        }
        guard let parts = URL(string: url), ["https", "http"].contains(parts.scheme ?? ""), parts.host() != nil else {
            throw ValidationError("--url must be a whole URL such as https://example.cn/hook.")
        }
        let unknown = eventTypes.filter { !TellableEvent.all.contains($0) }
        guard unknown.isEmpty else {
            throw ValidationError(
                "--events: nobody is told of \(unknown.joined(separator: ", ")). Known are "
                    + TellableEvent.all.joined(separator: ", ") + ".")
        }
    }

    func run() async throws {
        guard let channel = Channel(rawValue: channel) else { return }
        try await NotificationDesk.Fault.reporting {
            let desk = try options.desk()
            let id = EndpointID("ep-" + MessageID.random().description.suffix(8))
            let address =
                channel == .webhook
                ? EndpointAddress(url: url)
                : EndpointAddress(sealed: try SealedText.sealing(url, of: id, by: try desk.webhookKey()))
            let command = AddEndpoint(
                endpointId: id, address: address, channel: channel, events: eventTypes,
                communities: Self.list(communities).map { CommunityID($0) }, actor: NotificationDesk.actor)
            try await desk.give(command, key: id.commandKey)
            let generation = try desk.endpoint(id.rawValue).generation
            let secret = channel == .webhook ? try desk.secret(of: id, generation: generation).text : nil
            try NewSecret(endpointId: id, secret: secret, generation: generation).show(
                json: options.json,
                note: secret == nil
                    ? "✓ \(id) is called from now on."
                    : "Endpoint \(id) is called from now on; its secret is shown this once.")
        }
    }
}
