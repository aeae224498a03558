/// A topic of the catalogue: what it carries, who writes it, and how a broker must keep it.
package struct Topic: Sendable, Hashable {
    /// What the records of a topic are.
    package enum Kind: String, Sendable, Codable {
        /// Facts, never rewritten.
        case events
        /// The whole entity after each change; the highest version counts. Compacted.
        case states
        /// The one ordered input of a processor.
        case commands
        /// What the programs tell each other about the log itself.
        case system
    }

    /// Who may read it.
    package enum Audience: String, Sendable, Codable {
        case `internal`
        case partner
        case `public`
    }

    /// The name without the deployment's prefix, such as `case-events.v1`.
    package let name: String
    package let kind: Kind
    /// What the record key is, in words.
    ///
    /// The key alone chooses the partition, but for a processor's states: they lie in the partition of the store that
    /// made them, with its events.
    package let key: String
    package let partitions: Int
    /// How long a broker keeps a record, in days; nil keeps it for ever (or compacts).
    package let retentionDays: Int?
    /// The programs, or ``TopicCatalogue/outsiders``, that may write it, and nobody else.
    package let writers: [String]
    package let audience: Audience
    /// Why they, and nobody else.
    package let audienceReason: String
    package let purpose: String

    /// What must be set on Kafka for the promises to hold.
    package var brokerSettings: [String: String] {
        var settings = ["min.insync.replicas": "2", "max.message.bytes": "1048576"]
        settings["cleanup.policy"] = kind == .states ? "compact" : "delete"
        // A command is stamped by the broker: one clock for one log.
        settings["message.timestamp.type"] = kind == .commands ? "LogAppendTime" : "CreateTime"
        if kind != .states {
            settings["retention.ms"] = retentionDays.map { String(Int64($0) * 86_400_000) } ?? "-1"
        }
        return settings
    }

    /// The partition of a key: murmur2 as Java clients compute it, so that everybody else's clients agree.
    package func partition(forKey key: String) -> Int32 {
        Int32(Murmur2.positiveHash(of: key) % UInt32(partitions))
    }
}
