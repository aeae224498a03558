package import Contracts
package import Kafka

/// One setting of a topic on a cluster that is not as the catalogue wants it.
package struct TopicDifference: Sendable, Equatable, Codable {
    /// The name on the cluster.
    package let topic: String
    /// The setting, as Kafka writes it; `topic` where there is none of that name.
    package let setting: String
    /// What it is; nil where there is no topic.
    package let found: String?
    package let wanted: String
    /// Whether a promise is broken with it: then no program works on that topic.
    package let breaksPromise: Bool
    /// Why it matters, in a sentence.
    package let reason: String
    /// The command that mends it, or what else to do.
    package let remedy: String

    /// What an operator reads: topic, setting, value, reason, remedy.
    package var sentence: String {
        guard let found else { return "topic '\(topic)' is missing: \(remedy)" }
        return "topic '\(topic)' has \(setting)=\(found), must be \(wanted): \(reason); \(remedy)"
    }
}

/// Compares topics of a cluster with the catalogue.
///
/// A topic may keep more than is wanted, never less.
package struct TopicComparison: Sendable {
    /// How to reach the cluster, for the commands that mend it.
    private let servers: String
    /// How many brokers the cluster has: no topic can be kept on more.
    private let brokers: Int

    private static let wantedReplication = 3
    private static let wantedInSync = 2

    package init(servers: String, brokers: Int) {
        self.servers = servers
        self.brokers = brokers
    }

    /// - Parameters:
    ///   - name: The topic's name on the cluster.
    ///   - found: How the cluster describes it; nil where it has none of that name.
    package func differences(of topic: Topic, named name: String, found: TopicDescription?) -> [TopicDifference] {
        guard let found else {
            return [
                TopicDifference(
                    topic: name, setting: "topic", found: nil, wanted: "made", breaksPromise: true,
                    reason: "it is part of the catalogue",
                    remedy: "run 'suishoupai topics create --replication \(replication)'")
            ]
        }
        let compared = Compared(topic: topic, found: found, servers: servers)
        return partitions(compared) + copies(compared) + time(compared) + keeping(compared) + size(compared)
    }

    private var replication: Int { min(Self.wantedReplication, brokers) }

    private func partitions(_ compared: Compared) -> [TopicDifference] {
        guard compared.found.partitions != compared.topic.partitions else { return [] }
        return [
            compared.difference(
                "partitions", "\(compared.found.partitions)", wanted: "\(compared.topic.partitions)",
                reason: "records would go astray",
                remedy: "make the topic anew, or point the program at the right cluster")
        ]
    }

    private func copies(_ compared: Compared) -> [TopicDifference] {
        let found = compared.found.replication
        var differences: [TopicDifference] = []
        if found < replication {
            differences.append(
                compared.difference(
                    "replication", "\(found)", wanted: "\(replication) or more",
                    reason: "what was acknowledged would be lost with a broker",
                    remedy: "give it more copies: kafka-reassign-partitions.sh --bootstrap-server \(servers) --execute")
            )
        }
        let wanted = min(Self.wantedInSync, found)
        if let inSync = compared.integer("min.insync.replicas") {
            if inSync < wanted {
                differences.append(
                    compared.difference(
                        "min.insync.replicas", "\(inSync)", wanted: "\(wanted)",
                        reason: "a write would count as safe on fewer brokers", mendedBy: "\(wanted)"))
            } else if inSync > found {
                differences.append(
                    compared.difference(
                        "min.insync.replicas", "\(inSync)", wanted: "\(wanted)",
                        reason: "nothing could be written to it", mendedBy: "\(wanted)"))
            } else if inSync == found, inSync > wanted {
                differences.append(
                    compared.difference(
                        "min.insync.replicas", "\(inSync)", wanted: "\(wanted)",
                        reason: "one broker away stops every write", mendedBy: "\(wanted)", breaks: false))
            }
        }
        if found > 1, compared.found.configs["unclean.leader.election.enable"] == "true" {
            differences.append(
                compared.difference(
                    "unclean.leader.election.enable", "true", wanted: "false",
                    reason: "a broker that lags could become the leader, and what was acknowledged be lost",
                    mendedBy: "false"))
        }
        return differences
    }

    private func time(_ compared: Compared) -> [TopicDifference] {
        let setting = "message.timestamp.type"
        guard let found = compared.found.configs[setting], let wanted = compared.topic.brokerSettings[setting],
            found != wanted
        else { return [] }
        return [
            compared.difference(
                setting, found, wanted: wanted,
                reason: compared.topic.kind == .commands
                    ? "senders' clocks would be the log's clock, and decide deadlines"
                    : "an event would not say any more when it happened",
                mendedBy: wanted, breaks: compared.topic.kind == .commands)
        ]
    }

    /// What a broker throws away, and when.
    private func keeping(_ compared: Compared) -> [TopicDifference] {
        let setting = "cleanup.policy"
        let wanted = compared.topic.brokerSettings[setting] ?? "delete"
        var differences: [TopicDifference] = []
        let found = compared.found.configs[setting] ?? wanted
        if found != wanted {
            differences.append(
                compared.difference(
                    setting, found, wanted: wanted,
                    reason: wanted == "compact"
                        ? "states that have not changed for long would be gone"
                        : "all but the last record of a key would be gone",
                    mendedBy: wanted))
        }
        guard compared.topic.kind != .states else { return differences }
        let days = compared.topic.retentionDays
        if let kept = compared.integer("retention.ms"), kept >= 0, days.map({ kept < $0 * 86_400_000 }) ?? true {
            differences.append(
                compared.difference(
                    "retention.ms", "\(kept)",
                    wanted: days.map { "\($0 * 86_400_000) (\($0) days) or more" } ?? "-1 (for ever)",
                    reason:
                        "readers and replays count on what would be gone, and outboxes keep no longer than the topic",
                    mendedBy: days.map { "\($0 * 86_400_000)" } ?? "-1"))
        }
        if let bytes = compared.integer("retention.bytes"), bytes >= 0 {
            differences.append(
                compared.difference(
                    "retention.bytes", "\(bytes)", wanted: "-1",
                    reason: "a busy day would push out what is still needed", mendedBy: "-1"))
        }
        return differences
    }

    private func size(_ compared: Compared) -> [TopicDifference] {
        let setting = "max.message.bytes"
        guard let found = compared.integer(setting),
            let wanted = compared.topic.brokerSettings[setting].flatMap(Int.init), found < wanted
        else { return [] }
        return [
            compared.difference(
                setting, "\(found)", wanted: "\(wanted) or more",
                reason: "a part of a pack would not fit", mendedBy: "\(wanted)")
        ]
    }
}

/// A topic of the catalogue beside what the cluster has.
private struct Compared {
    let topic: Topic
    let found: TopicDescription
    let servers: String

    func integer(_ setting: String) -> Int? { found.configs[setting].flatMap(Int.init) }

    func difference(
        _ setting: String, _ value: String, wanted: String, reason: String, remedy: String, breaks: Bool = true
    ) -> TopicDifference {
        TopicDifference(
            topic: found.name, setting: setting, found: value, wanted: wanted, breaksPromise: breaks, reason: reason,
            remedy: remedy)
    }

    func difference(
        _ setting: String, _ value: String, wanted: String, reason: String, mendedBy right: String, breaks: Bool = true
    ) -> TopicDifference {
        difference(
            setting, value, wanted: wanted, reason: reason,
            remedy: "run 'kafka-configs.sh --bootstrap-server \(servers) --alter --entity-type topics --entity-name "
                + "\(found.name) --add-config \(setting)=\(right)'", breaks: breaks)
    }
}
