/// The names of the Kafka headers that our records carry beside the CloudEvents value.
package enum HeaderName {
    package static let contentType = "content-type"
    /// The store that made the record, such as `case-routing/3`.
    package static let source = "source"
    /// The record's number among all that its source ever wrote to this topic and partition, counted from 1 without gaps.
    package static let row = "row"
    /// The identity of the log that the record was written to.
    package static let log = "log"
    /// Set on a command that is sent once more because its outcome has not been seen.
    package static let again = "again"
    /// On what a platform writes itself: see ``PlatformSignature``.
    package static let platformSignature = "platform-signature"
    /// Of a dead letter: why, and where it was found.
    package static let reason = "dead-letter-reason"
    package static let originTopic = "dead-letter-topic"
    package static let originPartition = "dead-letter-partition"
    package static let originOffset = "dead-letter-offset"
    package static let handler = "dead-letter-handler"

    package static let cloudEventsJSON = "application/cloudevents+json"
}
