import ArgumentParser

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
