/// An operator wants what was said before to be said once more.
///
/// On `control.v1`; every store that writes the topic answers, each its own part, word for word.
package struct ReplayAsked: Message {
    package static let type = "replay.asked"

    package let topic: String
    /// The earliest time of a record that is wanted; absent for all from the beginning.
    package let from: Timestamp?
    /// The time before which records are wanted; absent for all up to now.
    package let to: Timestamp?
    /// Whether only the last record of each key is wanted, as a compacted topic keeps it.
    package let onlyLast: Bool

    package init(topic: String, from: Timestamp? = nil, to: Timestamp? = nil, onlyLast: Bool = false) {
        self.topic = topic
        self.from = from
        self.to = to
        self.onlyLast = onlyLast
    }

    package var subject: String { topic }
}

/// A store has said once more what it was asked for.
///
/// On `control.v1`.
package struct ReplayEnded: Message {
    package static let type = "replay.ended"

    /// The id of the `replay.asked`.
    package let askId: MessageID
    package let sourceStore: String
    package let topic: String
    package let partition: Int
    /// How many records it published again.
    package let records: Int

    package init(askId: MessageID, sourceStore: String, topic: String, partition: Int, records: Int) {
        self.askId = askId
        self.sourceStore = sourceStore
        self.topic = topic
        self.partition = partition
        self.records = records
    }

    package var subject: String { sourceStore }
}
