import Foundation
import ServiceKit
import ServiceProgram

/// `notifications`: who is told what, once.
@main
struct App {
    static func main() async {
        await ProcessorProgram.run(
            NotificationsProcessor(),
            abstract: "Writes to people's inboxes and calls the webhooks of units.",
            translators: [.notifications],
            edge: { configuration in
                WebhookEdge(
                    key: try DataFolderKey.load(.webhook, in: configuration.data),
                    allows: try PrivateAddresses(environment: ProcessInfo.processInfo.environment))
            })
    }
}
