import ArgumentParser
import Contracts
import Foundation
import Kafka

/// `suishoupai topics acl`.
struct TopicsACLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acl",
        abstract: "Print who may read and write what, as commands for a Kafka cluster.",
        discussion: """
            The lines are for kafka-acls.sh, each to be run once; nothing is changed here. Let the cluster refuse what \
            nobody was granted (allow.everyone.if.no.acl.found=false), and run them before the programs start.

            A program is its own principal, User:case-routing and so on; where certificates say who is who, name them as \
            Kafka does: --principal 'User:CN={name}'. Platforms and partners are named one by one; without any of them, \
            their lines are left out.

            Examples:
              suishoupai topics acl --bootstrap kafka:9093 --command-config admin.properties
              suishoupai topics acl --principal 'User:CN={name},O=city' --platform meituan --partner university
              suishoupai topics acl --json
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("How the cluster names a holder; {name} stands for it.", valueName: "pattern"))
    var principal = "User:{name}"

    @Option(help: ArgumentHelp("A platform that writes reports itself; may be given several times.", valueName: "name"))
    var platform: [String] = []

    @Option(help: ArgumentHelp("Who reads what is meant for partners; several times.", valueName: "name"))
    var partner: [String] = []

    @Option(help: ArgumentHelp("Printed in each line as --command-config.", valueName: "file"))
    var commandConfig: String?

    @Flag(help: "Print a JSON array.")
    var json = false

    /// One right of one principal.
    struct Grant: Codable, Equatable, Sendable {
        /// Whether the name is the whole one, or what it begins with.
        enum Pattern: String, Codable, Sendable {
            case literal
            case prefixed
        }

        let principal: String
        let resource: TopicAccess.Resource
        let name: String
        let pattern: Pattern
        let operations: [String]
    }

    func validate() throws {
        guard principal.contains("{name}") else { throw ValidationError("--principal must hold {name}.") }
        for name in platform + partner where name.isEmpty || name.contains(where: { !Self.isPlain($0) }) {
            throw ValidationError("'\(name)' may only hold letters, digits and . _ -")
        }
    }

    func run() throws {
        let servers = try cluster.broker()?.cluster?.bootstrapServers ?? "$KAFKA_BOOTSTRAP_SERVERS"
        let grants = self.grants(prefix: DeploymentBroker.topicPrefix(cluster.prefix))
        print(json ? try ContractCoding.text(grants) : grants.map { line($0, servers) }.joined(separator: "\n"))
    }

    func grants(prefix: String) -> [Grant] {
        TopicAccess.rights(prefix: prefix).flatMap { right in
            names(right.holder).map { name in
                Grant(
                    principal: principal.replacing("{name}", with: name), resource: right.resource, name: right.name,
                    pattern: .literal, operations: right.operations)
            }
        } + outsiders(platform, prefix) + outsiders(partner, prefix)
    }

    private func names(_ holder: String) -> [String] {
        switch holder {
        case TopicAccess.platforms: platform
        case TopicAccess.partners: partner
        default: [holder]
        }
    }

    /// An outsider reads with groups of its own, under its own name.
    private func outsiders(_ names: [String], _ prefix: String) -> [Grant] {
        names.map {
            Grant(
                principal: principal.replacing("{name}", with: $0), resource: .group, name: "\($0).",
                pattern: .prefixed, operations: ["Describe", "Read"])
        }
    }

    private func line(_ grant: Grant, _ servers: String) -> String {
        var words = ["kafka-acls.sh", "--bootstrap-server", servers]
        if let commandConfig { words += ["--command-config", Self.quoted(commandConfig)] }
        words += ["--add", "--allow-principal", Self.quoted(grant.principal)]
        for operation in grant.operations { words += ["--operation", operation] }
        words += ["--\(grant.resource.rawValue)", grant.name]
        if grant.pattern == .prefixed { words += ["--resource-pattern-type", "prefixed"] }
        return words.joined(separator: " ")
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }

    /// As a shell takes it for one word.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
