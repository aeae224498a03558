import Contracts
import EventProcessing
import Kafka
import Testing

@testable import Suishoupai

/// A cluster as `topics create` leaves it, but for what is said otherwise.
private func cluster(
    without missing: Topic? = nil, _ changed: [String: [String: String]] = [:]
) -> ClusterDescription {
    let topics = TopicCatalogue.all.filter { $0 != missing }.map { topic in
        TopicDescription(
            name: "a." + topic.name, partitions: topic.partitions, replication: 3,
            configs: topic.brokerSettings.merging(changed[topic.name] ?? [:]) { $1 })
    }
    return ClusterDescription(brokers: 3, topics: Dictionary(uniqueKeysWithValues: topics.map { ($0.name, $0) }))
}

private func differences(_ found: ClusterDescription) -> [TopicDifference] {
    TopicsDiffCommand.differences(found, prefix: "a.", servers: "kafka:9092")
}

@Suite struct TopicsDiffTests {
    @Test func `topics as they were made differ in nothing`() {
        #expect(differences(cluster()) == [])
        #expect(
            TopicsDiffCommand.text([], brokers: 3)
                == "✓ all \(TopicCatalogue.all.count) topics are as the catalogue wants them, on 3 brokers")
    }

    @Test func `what is missing and what is set otherwise is told, with what to do`() {
        let found = differences(
            cluster(
                without: TopicCatalogue.stocks,
                [
                    "case-commands.v1": ["message.timestamp.type": "CreateTime"],
                    "reports.v1": ["message.timestamp.type": "LogAppendTime"],
                ]))

        #expect(
            found.map { "\($0.topic) \($0.setting) \($0.breaksPromise)" } == [
                "a.reports.v1 message.timestamp.type false", "a.case-commands.v1 message.timestamp.type true",
                "a.stocks.v1 topic true",
            ])
        let text = TopicsDiffCommand.text(found, brokers: 3).split(separator: "\n")
        #expect(text.count == 3)
        #expect(
            text[0].hasPrefix("! topic 'a.reports.v1' has message.timestamp.type=LogAppendTime, must be CreateTime"))
        #expect(
            text[1].hasSuffix("--entity-name a.case-commands.v1 --add-config message.timestamp.type=LogAppendTime'"))
        #expect(text[2] == "✗ topic 'a.stocks.v1' is missing: run 'suishoupai topics create --replication 3'")
        let troubles = TopicsListCommand.troubles(found)
        #expect(Set(troubles.keys) == ["a.case-commands.v1", "a.stocks.v1"])
        #expect(troubles["a.case-commands.v1"] == "message.timestamp.type is CreateTime, must be LogAppendTime")
    }

    @Test(.enabled(if: Program.isBuilt, "the program is not built"))
    func `without a cluster it says how to name one`() async throws {
        let answer = try await Program.run(["topics", "diff"])
        #expect(answer.status == 2 && answer.output.contains("KAFKA_BOOTSTRAP_SERVERS"), "\(answer.output)")
    }
}
