import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import NotificationWords
import PersonalKeys
import ServiceKit

/// `suishoupai webhooks …`: the programs and groups that are called of what happens.
struct WebhooksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Add programs and group robots that are called of what happens, change them, and send again.",
        discussion: """
            A program is called by Standard Webhooks 1.0: each call is signed with the secret that is printed once, when \
            the endpoint is added. A group robot 群机器人 of DingTalk, WeCom or Feishu is called by its own URL; where it \
            signs 加签, put its secret behind '#'. URLs of robots hold a token and are kept sealed.
            """,
        subcommands: [
            WebhooksAddCommand.self, WebhooksListCommand.self, WebhooksRotateCommand.self, WebhooksReplayCommand.self,
            WebhooksEnableCommand.self, WebhooksRemoveCommand.self,
        ])
}

/// A secret that was just made: the only time that it is shown.
private struct NewSecret: Encodable {
    let endpointId: EndpointID
    /// Absent for robots, whose secret is their own.
    let secret: String?
    let generation: Int

    func show(json: Bool, note: String) throws {
        guard !json else { return print(try ContractCoding.text(self)) }
        if let secret { print(secret) }
        FileHandle.standardError.write(Data((note + "\n").utf8))
    }
}

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

/// `suishoupai webhooks list`.
struct WebhooksListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all endpoints, and why some are not called any more; never their secrets.")

    @OptionGroup var options: NotificationFolderOptions

    private struct Entry: Encodable {
        let endpointId: EndpointID
        let channel: Channel
        /// Absent where it holds a token.
        let url: String?
        let events: [String]
        let communities: [CommunityID]
        let generation: Int
        let formerUntil: Timestamp?
        let disabledReason: String?
        let disabledAt: Timestamp?
    }

    func run() async throws {
        let entries = try options.desk().endpoints().map {
            Entry(
                endpointId: $0.endpointId, channel: $0.channel, url: $0.address.url, events: $0.events,
                communities: $0.communities, generation: $0.generation, formerUntil: $0.formerUntil,
                disabledReason: $0.disabledReason, disabledAt: $0.disabledAt)
        }
        guard !options.json else { return print(try ContractCoding.text(entries)) }
        guard !entries.isEmpty else {
            return print("There are no endpoints yet: add one with 'suishoupai webhooks add'.")
        }
        for entry in entries {
            let events = entry.events.isEmpty ? "all events" : entry.events.joined(separator: ",")
            let state = entry.disabledReason.map { "disabled: \($0)" } ?? "called"
            print("\(entry.endpointId)  \(entry.channel.rawValue)  \(entry.url ?? "(sealed)")  \(events)  \(state)")
        }
    }
}

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
