import Contracts
import EventProcessing
import Kafka
import Testing

/// A topic as `suishoupai topics create` makes it on three brokers, but for what is said otherwise.
private func found(
    _ topic: Topic, partitions: Int? = nil, replication: Int = 3, _ changed: [String: String] = [:]
) -> TopicDescription {
    var configs = topic.brokerSettings
    // What a broker says of what nobody set.
    configs["retention.bytes"] = "-1"
    configs["unclean.leader.election.enable"] = "false"
    configs.merge(changed) { $1 }
    return TopicDescription(
        name: topic.name, partitions: partitions ?? topic.partitions, replication: replication, configs: configs)
}

private func differences(
    _ topic: Topic, _ description: TopicDescription?, brokers: Int = 3
) -> [TopicDifference] {
    TopicComparison(servers: "kafka:9092", brokers: brokers)
        .differences(of: topic, named: topic.name, found: description)
}

/// A setting, and what comes of it.
struct ChangedSetting: Sendable, CustomTestStringConvertible {
    let topic: Topic
    let setting: String
    let value: String
    /// What it must be; nil where it may be so.
    let wanted: String?
    var breaksPromise = true

    var testDescription: String { "\(topic.name) \(setting)=\(value)" }

    static let all: [ChangedSetting] = [
        .init(topic: TopicCatalogue.caseCommands, setting: "min.insync.replicas", value: "1", wanted: "2"),
        .init(topic: TopicCatalogue.caseCommands, setting: "min.insync.replicas", value: "4", wanted: "2"),
        .init(
            topic: TopicCatalogue.caseCommands, setting: "min.insync.replicas", value: "3", wanted: "2",
            breaksPromise: false),
        .init(
            topic: TopicCatalogue.caseCommands, setting: "message.timestamp.type", value: "CreateTime",
            wanted: "LogAppendTime"),
        .init(
            topic: TopicCatalogue.caseEvents, setting: "message.timestamp.type", value: "LogAppendTime",
            wanted: "CreateTime", breaksPromise: false),
        .init(topic: TopicCatalogue.caseEvents, setting: "cleanup.policy", value: "compact", wanted: "delete"),
        .init(topic: TopicCatalogue.cases, setting: "cleanup.policy", value: "delete", wanted: "compact"),
        .init(
            topic: TopicCatalogue.caseCommands, setting: "retention.ms", value: "604800000",
            wanted: "2592000000 (30 days) or more"),
        .init(topic: TopicCatalogue.caseCommands, setting: "retention.ms", value: "2592000001", wanted: nil),
        .init(topic: TopicCatalogue.caseCommands, setting: "retention.ms", value: "-1", wanted: nil),
        .init(topic: TopicCatalogue.control, setting: "retention.ms", value: "604800000", wanted: "-1 (for ever)"),
        .init(topic: TopicCatalogue.cases, setting: "retention.ms", value: "604800000", wanted: nil),
        .init(topic: TopicCatalogue.caseEvents, setting: "retention.bytes", value: "1000000", wanted: "-1"),
        .init(
            topic: TopicCatalogue.reference, setting: "max.message.bytes", value: "1000", wanted: "1048576 or more"),
        .init(topic: TopicCatalogue.reference, setting: "max.message.bytes", value: "9000000", wanted: nil),
        .init(
            topic: TopicCatalogue.caseEvents, setting: "unclean.leader.election.enable", value: "true", wanted: "false"),
    ]
}

@Suite struct TopicComparisonTests {
    @Test(arguments: TopicCatalogue.all)
    func `a topic as it was made differs in nothing, on three brokers and on one`(topic: Topic) {
        #expect(differences(topic, found(topic)) == [])
        let alone = found(topic, replication: 1, ["min.insync.replicas": "1"])
        #expect(differences(topic, alone, brokers: 1) == [])
    }

    @Test(arguments: ChangedSetting.all)
    func `what keeps less or counts otherwise is found, what keeps more is let be`(changed: ChangedSetting) {
        let all = differences(changed.topic, found(changed.topic, [changed.setting: changed.value]))

        #expect(all.map(\.wanted) == [changed.wanted].compactMap { $0 })
        #expect(all.map(\.setting) == (changed.wanted == nil ? [] : [changed.setting]))
        #expect(all.allSatisfy { $0.found == changed.value && $0.breaksPromise == changed.breaksPromise })
    }

    @Test func `a difference names topic, setting and value, and the command that mends it`() throws {
        let topic = TopicCatalogue.caseCommands
        let one = try #require(differences(topic, found(topic, ["retention.ms": "60000"])).first)

        #expect(
            one.sentence == """
                topic 'case-commands.v1' has retention.ms=60000, must be 2592000000 (30 days) or more: readers and replays \
                count on what would be gone, and outboxes keep no longer than the topic; run 'kafka-configs.sh \
                --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name case-commands.v1 --add-config \
                retention.ms=2592000000'
                """)
    }

    @Test func `a topic that is missing, or has other partitions, says what to do`() {
        let topic = TopicCatalogue.cases
        #expect(
            differences(topic, nil, brokers: 5).map(\.sentence)
                == ["topic 'cases.v1' is missing: run 'suishoupai topics create --replication 3'"])
        #expect(
            differences(topic, nil, brokers: 1).map(\.sentence)
                == ["topic 'cases.v1' is missing: run 'suishoupai topics create --replication 1'"])
        let other = differences(topic, found(topic, partitions: 12))
        #expect(other.map(\.setting) == ["partitions"])
        #expect(other.allSatisfy { $0.breaksPromise && $0.sentence.contains("must be 4") })
    }

    @Test(arguments: [(1, 3, ["replication"]), (2, 3, ["replication"]), (1, 1, []), (2, 2, []), (3, 5, [])])
    func `a topic is kept on three brokers, or on all that there are`(replication: Int, brokers: Int, wrong: [String]) {
        let topic = TopicCatalogue.accounts
        let description = found(
            topic, replication: replication, ["min.insync.replicas": "\(min(2, replication))"])

        #expect(differences(topic, description, brokers: brokers).map(\.setting) == wrong)
    }

    @Test func `what a broker does not tell is not held against it`() {
        let topic = TopicCatalogue.caseCommands
        let silent = TopicDescription(name: topic.name, partitions: topic.partitions, replication: 3, configs: [:])

        #expect(differences(topic, silent) == [])
    }
}
