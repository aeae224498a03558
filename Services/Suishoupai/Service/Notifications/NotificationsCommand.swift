import ArgumentParser

/// `suishoupai notifications`: what people are told, and what became of it.
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "Shows what people are told, what became of it, and takes note of mail that came back.",
        subcommands: [
            NotificationsPreviewCommand.self, NotificationsDeliveriesCommand.self, NotificationsBounceCommand.self,
        ])
}
