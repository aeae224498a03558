import ArgumentParser

/// `suishoupai notifications`: what people are told, and what became of it.
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications", abstract: "Shows what people are told, and what became of it.",
        subcommands: [NotificationsPreviewCommand.self, NotificationsDeliveriesCommand.self])
}
