/// Every kind of message that travels on a topic.
///
/// The schemas, the docs, the AsyncAPI document and the tests read this list.
package enum MessageCatalogue {
    package static let all: [MessageDescriptor] =
        reports + platformReports + cases + campaigns + points + notifications + access + runtime + openReference
        + platforms + log

    /// The kinds that a topic carries, in the order of the catalogue; none for dead letters, which keep original bytes.
    package static func messages(on topic: Topic) -> [MessageDescriptor] {
        all.filter { $0.topics.contains(topic) }
    }

    /// The kinds that a program writes to a topic.
    package static func messages(on topic: Topic, by writer: String) -> [MessageDescriptor] {
        guard topic.writers.contains(writer) else { return [] }
        return messages(on: topic).filter { $0.writers.contains(writer) }
    }

    package static func message(ofType type: String, version: Int) -> MessageDescriptor? {
        all.first { $0.type == type && $0.version == version }
    }
}
