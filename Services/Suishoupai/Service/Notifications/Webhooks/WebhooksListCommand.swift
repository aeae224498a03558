import ArgumentParser
import Contracts

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
