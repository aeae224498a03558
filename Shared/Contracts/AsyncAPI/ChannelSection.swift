/// The topics in an AsyncAPI document: how they are kept, and who writes what to them.
enum ChannelSection {
    /// How many copies of each topic a Kafka of many machines keeps.
    private static let replicas: ContractJSON = 3

    static func channel(_ topic: Topic, prefix: String) -> ContractJSON {
        var members: [String: ContractJSON] = [
            "address": .string(prefix + topic.name),
            "title": .string(topic.name),
            "description": .string(topic.purpose + "."),
            "messages": .object(
                Dictionary(
                    uniqueKeysWithValues: messageNames(on: topic).map {
                        ($0, ["$ref": .string("#/components/messages/\($0)")])
                    })),
            "tags": [["name": .string(topic.audience.rawValue)]],
            "bindings": ["kafka": binding(of: topic, prefix: prefix)],
            "x-kind": .string(topic.kind.rawValue),
            "x-key": .string(topic.key),
            "x-partitioning": .string(partitioning(of: topic)),
            "x-audience": .string(topic.audience.rawValue),
            "x-writers": .array(topic.writers.map(ContractJSON.string)),
        ]
        if let days = topic.retentionDays { members["x-retention-days"] = .integer(Int64(days)) }
        return .object(members)
    }

    /// One operation for each program and topic that it writes messages to.
    static var operations: [String: ContractJSON] {
        var operations: [String: ContractJSON] = [:]
        for topic in TopicCatalogue.all {
            for writer in topic.writers {
                let names = messageNames(on: topic, by: writer)
                guard !names.isEmpty else { continue }
                operations["\(writer).\(topic.name)"] = [
                    "action": "send",
                    "title": .string("\(writer) writes \(topic.name)"),
                    "channel": ["$ref": .string("#/channels/\(topic.name)")],
                    "messages": .array(
                        names.map { ["$ref": .string("#/channels/\(topic.name)/messages/\($0)")] }),
                    "tags": [["name": .string(writer)]],
                ]
            }
        }
        return operations
    }

    private static func messageNames(on topic: Topic) -> [String] {
        isForDeadLetters(topic) ? [MessageSection.deadLetter] : MessageCatalogue.messages(on: topic).map(\.name)
    }

    private static func messageNames(on topic: Topic, by writer: String) -> [String] {
        isForDeadLetters(topic)
            ? [MessageSection.deadLetter] : MessageCatalogue.messages(on: topic, by: writer).map(\.name)
    }

    private static func isForDeadLetters(_ topic: Topic) -> Bool {
        TopicCatalogue.processors.map(TopicCatalogue.deadLetters(of:)).contains(topic)
    }

    private static func binding(of topic: Topic, prefix: String) -> ContractJSON {
        let settings = topic.brokerSettings
        var configuration: [String: ContractJSON] = [:]
        for (name, value) in settings {
            switch name {
            case "cleanup.policy": configuration[name] = [.string(value)]
            case "retention.ms", "max.message.bytes": configuration[name] = Int64(value).map(ContractJSON.integer)
            default: configuration[name] = .string(value)
            }
        }
        return [
            "topic": .string(prefix + topic.name),
            "partitions": .integer(Int64(topic.partitions)),
            "replicas": replicas,
            "topicConfiguration": .object(configuration),
            "bindingVersion": "0.5.0",
        ]
    }

    /// How a record's partition follows from what it is about.
    static func partitioning(of topic: Topic) -> String {
        guard topic.partitions > 1 else { return "one partition" }
        guard topic.kind == .states else { return "murmur2(\(topic.key)) mod \(topic.partitions)" }
        let owners = topic.writers.filter(TopicCatalogue.processors.contains)
        let input = TopicCatalogue.all.first { $0.kind == .commands && !owners.filter($0.writers.contains).isEmpty }
        return "murmur2(\(input?.key ?? topic.key)) mod \(topic.partitions), as the events of the same entity"
    }
}
