import ArgumentParser

/// `suishoupai rules …`: what rules do, before they do it.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Tries owner rules 派单规则 and point rules 积分规则 on what was reported, and explains what they decide.",
        discussion: "docs/packs.md tells the language that rules are written in.",
        subcommands: [RulesTestCommand.self, RulesExplainCommand.self, RulesPointsCommand.self])
}
