import Contracts
import Testing

// From org.apache.kafka.common.utils.UtilsTest.
@Test(
    arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ] as [(String, Int32)])
func `a key is hashed as Java's clients hash it`(key: String, hash: Int32) {
    #expect(Int32(bitPattern: Murmur2.hash(Array(key.utf8))) == hash)
    #expect(Murmur2.positiveHash(of: key) == UInt32(bitPattern: hash & Int32.max))
}

@Test func `every key has a partition, and always the same`() {
    let topic = TopicCatalogue.reports
    let partitions = (0..<1_000).map { topic.partition(forKey: "community-\($0)") }

    #expect(Set(partitions) == Set(0..<Int32(topic.partitions)))
    #expect(partitions == (0..<1_000).map { topic.partition(forKey: "community-\($0)") })
    #expect(topic.partition(forKey: "foobar") == Int32((-790_332_482 & 0x7FFF_FFFF) % 4))
}

@Test func `topics have names of their own`() {
    let names = TopicCatalogue.all.map(\.name)

    #expect(Set(names).count == names.count)
    for name in names { #expect(TopicCatalogue.topic(named: name)?.name == name) }
    #expect(TopicCatalogue.topic(named: "weather.v1") == nil)
}

@Test(arguments: [
    "reports.v1", "platform-reports.v1", "platform-receipts.v1", "case-commands.v1", "case-events.v1", "cases.v1",
    "open-cases.v1", "case-rates.v1", "campaigns.v1",
    "points-commands.v1", "points-events.v1",
    "accounts.v1", "notification-commands.v1", "notification-events.v1", "inboxes.v1", "notification-settings.v1",
    "webhook-endpoints.v1", "access-log.v1", "reference.v1", "open-reference.v1",
    "log-identity.v1", "control.v1", "case-routing-dead-letters.v1", "points-dead-letters.v1",
    "notifications-dead-letters.v1",
])
func `the topic that the design names is in the catalogue`(name: String) {
    #expect(TopicCatalogue.topic(named: name) != nil)
}

@Test(arguments: TopicCatalogue.all)
func `a broker keeps a topic as its kind needs`(topic: Topic) {
    let settings = topic.brokerSettings

    #expect(settings["cleanup.policy"] == (topic.kind == .states ? "compact" : "delete"))
    #expect(settings["message.timestamp.type"] == (topic.kind == .commands ? "LogAppendTime" : "CreateTime"))
    #expect(settings["min.insync.replicas"] == "2")
    #expect((settings["retention.ms"] == nil) == (topic.kind == .states))
}

@Test func `what a processor reads and what it says lie in equally many partitions`() {
    for processor in TopicCatalogue.processors {
        let topics = TopicCatalogue.all.filter {
            $0.writers.contains(processor) && $0.kind != .system && $0.partitions > 1
        }
        #expect(topics.filter { $0.kind == .commands }.count == 1)
        #expect(Set(topics.map(\.partitions)).count == 1)
    }
}

@Test func `messages have names of their own`() {
    let names = MessageCatalogue.all.map(\.name)

    #expect(Set(names).count == names.count)
    for message in MessageCatalogue.all {
        #expect(MessageCatalogue.message(ofType: message.type, version: message.version)?.name == message.name)
    }
}

@Test(arguments: MessageCatalogue.all)
func `a message travels on topics where one of its writers may write`(message: MessageDescriptor) {
    #expect(!message.topics.isEmpty)
    for topic in message.topics {
        #expect(TopicCatalogue.all.contains(topic))
        #expect(
            message.writers.contains {
                MessageCatalogue.messages(on: topic, by: $0).contains { $0.name == message.name }
            })
    }
    #expect(message.writers.allSatisfy { writer in message.topics.contains { $0.writers.contains(writer) } })
    #expect(message.purpose.hasSuffix("."))
}

@Test(arguments: TopicCatalogue.all.filter { !$0.name.contains("dead-letters") })
func `a topic has messages, and states have one kind`(topic: Topic) {
    let messages = MessageCatalogue.messages(on: topic)

    #expect(!messages.isEmpty)
    if topic.kind == .states { #expect(messages.map(\.kind) == [.state]) }
}

extension Topic: CustomTestStringConvertible {
    package var testDescription: String { name }
}
