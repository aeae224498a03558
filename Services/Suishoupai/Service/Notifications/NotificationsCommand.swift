import ArgumentParser

/// `suishoupai notifications`: what people are told.
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications", abstract: "Shows what people are told.",
        subcommands: [NotificationsPreviewCommand.self])
}
