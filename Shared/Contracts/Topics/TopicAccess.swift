/// Who may do what with the topics of a cluster: the rights of each program, as its broker should enforce them.
///
/// Who writes a topic, the catalogue says; who reads it, this does. Tests hold it against what the programs really read.
package enum TopicAccess {
    /// What a right is about.
    package enum Resource: String, Sendable, Codable {
        case topic
        case group
    }

    /// What a principal may do with one topic or group.
    package struct Right: Sendable, Equatable, Codable {
        /// A program of ours, ``platforms`` or ``partners``.
        package let holder: String
        package let resource: Resource
        /// The name on the cluster.
        package let name: String
        /// As Kafka writes them, sorted.
        package let operations: [String]
    }

    /// Rider platforms that write reports themselves, and read what became of them.
    package static let platforms = "platforms"
    /// Whoever reads what is meant for partners.
    package static let partners = "partners"

    /// What each program reads.
    package static let readers: [String: [Topic]] = [
        "case-routing": [TopicCatalogue.caseCommands, TopicCatalogue.reports],
        "points": [TopicCatalogue.pointsCommands, TopicCatalogue.caseEvents],
        "notifications": [
            TopicCatalogue.notificationCommands, TopicCatalogue.caseEvents, TopicCatalogue.pointsEvents,
        ],
        "report-intake": [
            TopicCatalogue.caseEvents, TopicCatalogue.cases, TopicCatalogue.reference, TopicCatalogue.platformReports,
        ],
        "portal": [
            TopicCatalogue.caseEvents, TopicCatalogue.cases, TopicCatalogue.campaigns, TopicCatalogue.pointsEvents,
            TopicCatalogue.accounts, TopicCatalogue.orders, TopicCatalogue.stocks, TopicCatalogue.inboxes,
            TopicCatalogue.notificationSettings, TopicCatalogue.notificationEvents, TopicCatalogue.accessLog,
            TopicCatalogue.webhookEndpoints, TopicCatalogue.reference, TopicCatalogue.openCases,
            TopicCatalogue.caseRates, TopicCatalogue.openReference,
        ],
        // The operator's command audits, replays and compares: it reads everything.
        "suishoupai": TopicCatalogue.all,
    ]

    /// What every program reads besides.
    private static let ofAll = [TopicCatalogue.control, TopicCatalogue.logIdentity]

    /// The consumer groups of each program, without the deployment's prefix.
    package static let groups: [String: [String]] = [
        "case-routing": ["case-routing", "case-routing-translator"],
        "points": ["points", "points-translator"],
        "notifications": ["notifications", "notifications-translator"],
        "report-intake": ["report-intake-platforms"],
    ]

    /// Every right, sorted by holder, resource and name.
    package static func rights(prefix: String = "") -> [Right] {
        var operations: [Key: Set<String>] = [:]
        func grant(_ holder: String, _ resource: Resource, _ name: String, _ granted: String...) {
            operations[Key(holder: holder, resource: resource, name: prefix + name), default: []].formUnion(granted)
        }
        for (program, topics) in readers {
            // A program looks at the settings of its topics before it works on them.
            for topic in topics + ofAll { grant(program, .topic, topic.name, "Read", "Describe", "DescribeConfigs") }
        }
        for topic in TopicCatalogue.all {
            // The embedded broker has no cluster to ask for rights.
            for writer in topic.writers where readers[writer] != nil || writer == platforms {
                grant(writer, .topic, topic.name, "Write", "Describe")
                if writer != platforms { grant(writer, .topic, topic.name, "DescribeConfigs") }
            }
            if topic.audience != .internal { grant(partners, .topic, topic.name, "Read", "Describe") }
            grant("suishoupai", .topic, topic.name, "Create")
        }
        grant(platforms, .topic, TopicCatalogue.platformReceipts.name, "Read", "Describe")
        for (program, names) in groups {
            for name in names { grant(program, .group, name, "Read", "Describe") }
        }
        return operations.map { key, granted in
            Right(holder: key.holder, resource: key.resource, name: key.name, operations: granted.sorted())
        }.sorted { ($0.holder, $0.resource.rawValue, $0.name) < ($1.holder, $1.resource.rawValue, $1.name) }
    }

    private struct Key: Hashable {
        let holder: String
        let resource: Resource
        let name: String
    }
}
