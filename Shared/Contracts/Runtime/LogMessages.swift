/// Which log this is: the first record of `log-identity.v1`.
package struct LogIdentity: Message {
    package static let type = "log.identity"

    /// A random id, made with the log.
    package let id: String
    /// False where the data folder already knew another log: a broker that lost everything and began again.
    package let first: Bool

    package init(id: String, first: Bool) {
        self.id = id
        self.first = first
    }

    package var subject: String { id }
}

/// How far a source has written each of its streams.
///
/// On `control.v1`, from a relay that begins on a log.
package struct RowsAnnounced: Message {
    package static let type = "rows.announced"

    package struct Stream: Codable, Sendable, Equatable {
        package let topic: String
        package let partition: Int
        package let lastRow: Int

        package init(topic: String, partition: Int, lastRow: Int) {
            self.topic = topic
            self.partition = partition
            self.lastRow = lastRow
        }
    }

    package let sourceStore: String
    package let log: String
    package let streams: [Stream]

    package init(sourceStore: String, log: String, streams: [Stream]) {
        self.sourceStore = sourceStore
        self.log = log
        self.streams = streams
    }

    package var subject: String { sourceStore }
}

/// A reader misses rows and asks their source for them.
///
/// On `control.v1`.
package struct RowsAsked: Message {
    package static let type = "rows.asked"

    package let sourceStore: String
    package let topic: String
    package let partition: Int
    /// The first row that the reader lacks.
    package let fromRow: Int
    package let reader: String

    package init(sourceStore: String, topic: String, partition: Int, fromRow: Int, reader: String) {
        self.sourceStore = sourceStore
        self.topic = topic
        self.partition = partition
        self.fromRow = fromRow
        self.reader = reader
    }

    package var subject: String { sourceStore }
}

/// An operator took a record out of the way that ended its processor again and again.
///
/// On `control.v1`.
package struct RecordSkipped: Message {
    package static let type = "record.skipped"

    package let log: String
    package let topic: String
    package let partition: Int
    package let offset: Int64
    package let reason: String

    package init(log: String, topic: String, partition: Int, offset: Int64, reason: String) {
        self.log = log
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.reason = reason
    }

    package var subject: String { "\(topic)/\(partition)/\(offset)" }
}

/// An operator looked at a dead letter and said what is to become of it.
///
/// On `control.v1`; a letter that was handled needs no more attention, and an audit counts it as explained.
package struct DeadLetterHandled: Message {
    package static let type = "dead-letter.handled"

    package enum Decision: String, Codable, Sendable, CaseIterable {
        /// Its command was sent once more, under a new id.
        case retried
        /// It is left as it is, for a reason.
        case discarded
    }

    /// The store whose outbox keeps the letter, such as `case-routing/3`, and its number there.
    package let store: String
    package let number: Int
    package let how: Decision
    /// Why, in the operator's words.
    package let reason: String
    /// Who decided it.
    package let by: String
    /// The id of the command that was sent; of `retried`.
    package let commandId: MessageID?

    package init(
        store: String, number: Int, how: Decision, reason: String, by: String, commandId: MessageID? = nil
    ) {
        self.store = store
        self.number = number
        self.how = how
        self.reason = reason
        self.by = by
        self.commandId = commandId
    }

    package var subject: String { "\(store)#\(number)" }
}
